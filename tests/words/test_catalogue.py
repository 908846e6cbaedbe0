"""The catalogues say what the code says: nothing missing, nothing stale, nothing guessed, and French is set well."""

import ast
import re

import pytest

from tests import message_sentences
from tests.french_setting import badly_set
from tests.word_catalogues import catalogues, entries, is_translated, said, translations, written
from words.catalogue import FOLDER, path_of, sentence
from words.french_typography import set_well

BOTH = pytest.mark.parametrize(("domain", "language"), catalogues())
#: So many sentences each domain has at least: the readers of the code see them.
LEAST = {"sentences": 400, "findings": 400, "places": 20, "messages": 300, "printed": 150}
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


@BOTH
def test_what_is_counted_has_all_its_forms(domain: str, language: str) -> None:
    """As many as the head of the file says, and each is written."""
    found = entries(domain, language)
    counted = [message for message in found if message.id and message.pluralizable]
    assert [each.id for each in counted if len(each.string) != found.num_plurals or not all(each.string)] == []


def test_a_counted_noun_has_its_plural() -> None:
    """`Les {n} autres lignes` alone would be read by somebody who has one other line."""
    counted = re.compile(r"\{n\} (?:\w+ )?\w+[sx]\b")
    assert [text for text in said("sentences") if counted.search(text) and "|" not in text] == []


def test_every_file_is_a_catalogue_of_ours_and_holds_nothing_old() -> None:
    files = {path: path.read_text("utf-8") for path in FOLDER.rglob("*") if path.is_file()}
    assert set(files) == {path_of(domain, language) for domain, language in catalogues()}
    assert [path for path, text in files.items() if re.search(r"^#(?:~|\|)|^#,.*\bfuzzy\b", text, re.MULTILINE)] == []


@BOTH
def test_a_translation_is_typed_as_it_is_printed(domain: str, language: str) -> None:
    """Apostrophes are ’, … is one sign, no blank is doubled; there is a blank at an end where the sentence has one,
    but for the one that French has before a colon. No-break spaces are typed for paper alone: elsewhere
    `words.french_typography` sets them."""
    wrong = re.compile(r"\w'\w|\.\.\.|\s\s" if domain == "printed" else r"\w'\w|\.\.\.|\s\s|[\u00a0\u202f]")
    for text, other in translations(domain, language).items():
        assert not wrong.search(re.sub(r"\n\s", " ", other)), other
        assert text[-1:].isspace() == other[-1:].isspace(), other
        assert text[:1].isspace() == other[:1].isspace() or text.lstrip()[0] in ":;", other


def french() -> list[str]:
    return [
        *said("sentences"),
        *translations("findings", "fr").values(),
        *translations("places", "fr").values(),
        *translations("messages", "fr").values(),
    ]


def test_french_is_set_as_french_is() -> None:
    assert [wrong for text in french() if (wrong := badly_set(set_well(text)))] == []


#: Labels that were printed with a plain or a wide space before a sign: they keep their bytes (decision 0051).
AS_ARCHIVED = {
    "Une question ?",
    "Copie : la facture légale passe par une plateforme agréée.",
    "Le code suffit : laissez le numéro vide.",
    "Facture annulée par l’avoir {bills} : rien à payer.",
    "Facture annulée par les avoirs {bills} : rien à payer.",
    "Facture remplacée par la facture {bills} : ne payez pas celle-ci.",
    "Avoir {bills} déduit : il reste {amount} à payer.",
    "Avoirs {bills} déduits : il reste {amount} à payer.",
    "Facture payée : plus rien à payer.",
    "versement {number} sur {count}\u00a0; {total} en tout",
    "chiffres faux\u00a0; demandez à {who}",
}


def test_french_on_paper_is_set_as_it_always_was() -> None:
    """Labels are printed as they are typed, so that a new one is typed with its no-break spaces."""
    assert {text for text in said("printed") if badly_set(text)} == AS_ARCHIVED


@pytest.mark.parametrize(
    ("typed", "is_set"),
    [
        ("Une question ?", "Une question\u202f?"),
        ("Payée ; merci !", "Payée\u202f; merci\u202f!"),
        ("Montant : 20 %", "Montant\u00a0: 20\u00a0%"),
        ("« Oui »", "«\u00a0Oui\u00a0»"),
    ],
)
def test_the_spaces_of_french(typed: str, is_set: str) -> None:
    assert sentence(typed, "fr") == is_set
    assert sentence(typed, "en") == typed


def test_english_has_no_space_before_a_colon() -> None:
    english = translations("sentences", "en").values()
    assert [text for text in english if re.search(r"\S\s+[:;?!%](\s|$)|\w'\w", text)] == []
    in_code = [*said("findings"), *said("messages")]
    assert [text for text in in_code if re.search(r"\S\s+[:;?!](\s|$)", text)] == []


def test_english_tells_e_mail_from_mail() -> None:
    """What comes by mail comes by post, and private words of ours are nobody's."""
    wrong = re.compile(r"(?<![\w-])[Mm]ails?\b|\b(on the road|[Tt]onight|[Dd]oors?)\b")
    english = translations("sentences", "en").values()
    unquoted = [re.sub("“[^”]*”", "", text) for text in english]  # a title stays as it is
    assert [text for text in unquoted if wrong.search(text)] == []
    assert [text for text in said("messages") if re.search(r"(?<![\w-])(?<!returned )[Mm]ails?\b(?!@)", text)] == []


def test_an_address_of_e_mail_has_one_name_in_french() -> None:
    """A *courriel* comes to an *adresse de courriel*; only what people have accepted keeps its words. A bill’s *adresse
    électronique* (BT-49) is another thing."""
    other = re.compile(r"adresse (e.)?mail|(?<!sans papier\. Un )e.mail|pas une adresse électronique", re.IGNORECASE)
    assert [text for text in french() if other.search(text)] == []


def test_no_sentence_names_a_customer() -> None:
    """An advice shows what to do, not somebody else's name."""
    assert [text for text in said("findings") if re.search(r"Alice|Martin|Bob|Charlie", text)] == []


def test_nothing_agrees_with_an_amount() -> None:
    """It may be one euro, or many."""
    agrees = re.compile(r"(?<!de )\{amount\} (sont|ont|est|\w+(é|u|és|us|ées|ues))\b")
    assert [text for text in french() if agrees.search(text)] == []


@pytest.mark.parametrize("language", ["fr", "en", "zz"])
def test_an_empty_sentence_stays_empty(language: str) -> None:
    """Gettext keeps the head of a catalogue under it."""
    assert (sentence("", language), sentence("", language, 2)) == ("", "")


@pytest.mark.parametrize(("n", "in_french", "in_english"), [(0, 0, 1), (1, 0, 0), (2, 1, 1), (-1, 0, 0), (1.5, 0, 1)])
def test_each_language_counts_by_its_own_rule(n: float, in_french: int, in_english: int) -> None:
    """CLDR: French has one up to 2, English 1 alone."""
    assert sentence("{n} facture|{n} factures", "fr", n) == ("{n} facture", "{n} factures")[in_french]
    assert sentence("{n} facture|{n} factures", "en", n) == ("{n} bill", "{n} bills")[in_english]


def test_the_sentences_of_every_spoken_error_are_found() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in message_sentences.sources()]
    classes = [each for tree in trees for each in ast.walk(tree) if isinstance(each, ast.ClassDef)]
    spoken = {each.name for each in classes if "SpokenError" in map(ast.unparse, each.bases)}
    assert spoken - set(message_sentences.ERRORS) == set()
