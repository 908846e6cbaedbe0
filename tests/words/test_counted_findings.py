"""A finding that counts one is said as one: Mina's feed declares 1 bill, not 1 bills."""

import re
from decimal import Decimal

import pytest

from bill import warning
from bill.finding_text import finding_message
from tests.finding_sentences import sentences
from tests.word_catalogues import translations
from words.counted_findings import COUNTED, of_several

TOTALS = "{said} bills are declared ({source}), {count} were read"
TABLE = {of_several(pattern): pattern for pattern in COUNTED}
#: A count and what is counted, in English and in French.
_NOUNS = re.compile(r"\{(?:count|said|declared|part|unknown)\} (?:of \{\w+\} )?(?:[a-z-]+ )?[a-z-]+s\b")
_NOMS = re.compile(r"\{(?:count|said|declared|part|unknown)\} [^\W\d_]+s\b")
#: Here nobody counts one: there are several, or more than a bound, or none.
_SEVERAL = re.compile(
    r"different invoices|there are \{count\} rows|at most|with more than|are the most|characters: \{most\}|"
    r"more than 15 digits|first \{count\} items|any attachment|UNO says|would have|"
    r"stands (?:here )?\{count\}|at \{count\}|a sum of"
)


@pytest.mark.parametrize(
    ("said", "count", "english", "french"),
    [
        (1, 2, "1 bill is declared (API), 2 were read",
         "Totaux de contrôle\u00a0: 1 facture annoncée (API), 2 lues"),
        (1204, 1, "1,204 bills are declared (API), 1 was read",
         "Totaux de contrôle\u00a0: 1\u202f204 factures annoncées (API), 1 lue"),
        (3, 0, "3 bills are declared (API), 0 were read",
         "Totaux de contrôle\u00a0: 3 factures annoncées (API), 0 lue"),
    ],
)  # fmt: skip
def test_a_count_agrees_in_each_language(said: int, count: int, english: str, french: str) -> None:
    finding = warning("TOTALS", TOTALS, said=said, count=count, source="API")
    assert finding.sentence == TOTALS
    assert [finding_message(finding, language) for language in ("en", "fr")] == [english, french]
    assert finding.message == english.replace("1,204", "1204")


def test_each_is_a_sentence_of_the_code() -> None:
    """It is looked up, and its row kept, by the sentence of several."""
    assert len(TABLE) == len(COUNTED)
    assert set(TABLE) <= sentences()


def test_what_may_count_one_has_its_form_in_both_languages() -> None:
    french = translations("findings", "fr")
    counting = {text for text in sentences() if _NOUNS.search(text) and not _SEVERAL.search(text)}
    assert counting - set(TABLE) == set()
    assert [french[text] for text in sentences() if _NOMS.search(french[text]) and not _SEVERAL.search(text)] == []


def test_every_form_is_written_with_its_count() -> None:
    """A form names a value that its sentence has, and no form is left open."""
    for text, french in translations("findings", "fr").items():
        for pattern in (TABLE.get(text, text), french):
            named = set(re.findall(r"\{([a-z]+):[^{}|]+\|[^{}|]+\}", pattern))
            assert named <= set(re.findall(r"\{(\w+)\}", text)), pattern
            assert not re.search(r"\{\w*:(?![^{}|]+\|[^{}|]+\})", pattern) or '{"' in pattern, pattern


def test_a_text_or_nothing_in_place_of_a_count_is_several() -> None:
    assert warning("TOTALS", TOTALS, said="1").message.startswith("1 bills are declared")
    assert (
        finding_message(warning("DRIFT", "{count} bills, usually {usual} ({change})", count=Decimal(1)), "en")[:6]
        == "1 bill"
    )
