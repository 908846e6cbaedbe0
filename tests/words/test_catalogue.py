"""The catalogues say what the code says: nothing missing, nothing stale, nothing guessed, and French is set well."""

import re

import pytest

from tests.word_catalogues import catalogues, entries, is_translated, said, translations, written
from words.catalogue import path_of, sentence
from words.french_typography import set_well

BOTH = pytest.mark.parametrize(("domain", "language"), catalogues())
#: So many sentences each domain has at least: the readers of the code see them.
LEAST = {"sentences": 400, "findings": 400, "places": 20, "printed": 150}
_blanks = re.compile(r"\{(\w*)\}").findall


@BOTH
def test_a_catalogue_is_in_step_with_the_code(domain: str, language: str) -> None:
    """Where this fails, `make words` mends the file, and says what is to be translated."""
    assert set(translations(domain, language)) == set(said(domain))
    assert path_of(domain, language).read_bytes().decode() == written(domain, language).decode()


@BOTH
def test_everything_is_translated_and_nothing_guessed(domain: str, language: str) -> None:
    messages = [message for message in entries(domain, language) if message.id]
    assert len(messages) > LEAST[domain]
    assert [message.id for message in messages if message.fuzzy or not is_translated(message.string)] == []


@BOTH
def test_a_translation_fills_in_the_same_values(domain: str, language: str) -> None:
    """Only what a library says of a file, in English, is left out, and each language writes a date in its own way."""
    free = {"reason", "d", "m", "y", "month"}
    different = [
        text
        for text, other in translations(domain, language).items()
        if set(_blanks(text)) - free != set(_blanks(other)) - free
    ]
    assert different == []


def french() -> list[str]:
    return [*said("sentences"), *translations("findings", "fr").values()]


def test_french_is_set_as_french_is() -> None:
    """No plain space before high punctuation or a percent sign, or inside « »; apostrophes are ’; … is one sign."""
    wrong = re.compile(r"[^\s\u00a0\u202f\"{/(:][;:?!»%](?=[\s\u00a0|.]|$)| [:;?!»%]|« |\w'\w|\.\.\.|[“”]")
    code = re.compile(r"https?:|\{[^}]*\}(?=:)|\b(?:BT|BG)-\d+:")
    assert [text for text in french() if wrong.search(code.sub("", set_well(text)))] == []


def test_english_has_no_space_before_a_colon() -> None:
    english = translations("sentences", "en").values()
    assert [text for text in english if re.search(r"\S\s+[:;?!%](\s|$)|\w'\w", text)] == []
    assert [text for text in said("findings") if re.search(r"\S\s+[:;?!](\s|$)", text)] == []


def test_english_tells_e_mail_from_mail() -> None:
    """What comes by mail comes by post, and private words of ours are nobody's."""
    wrong = re.compile(r"(?<![\w-])[Mm]ails?\b|\b(on the road|[Tt]onight|[Dd]oors?)\b")
    assert [text for text in translations("sentences", "en").values() if wrong.search(text)] == []


def test_no_sentence_names_a_customer() -> None:
    """An advice shows what to do, not somebody else's name."""
    assert [text for text in said("findings") if re.search(r"Alice|Martin|Bob|Charlie", text)] == []


@pytest.mark.parametrize("language", ["fr", "en", "zz"])
def test_an_empty_sentence_stays_empty(language: str) -> None:
    """Gettext keeps the head of a catalogue under it."""
    assert (sentence("", language), sentence("", language, 2)) == ("", "")


@pytest.mark.parametrize(("n", "in_french", "in_english"), [(0, 0, 1), (1, 0, 0), (2, 1, 1), (-1, 0, 0), (1.5, 0, 1)])
def test_each_language_counts_by_its_own_rule(n: float, in_french: int, in_english: int) -> None:
    """CLDR: French has one up to 2, English 1 alone."""
    assert sentence("{n} facture|{n} factures", "fr", n) == ("{n} facture", "{n} factures")[in_french]
    assert sentence("{n} facture|{n} factures", "en", n) == ("{n} bill", "{n} bills")[in_english]
