"""Units in words: no code of UN/ECE Recommendation 20 or 21 is ever shown bare."""

from decimal import Decimal

import pytest

from ingest.checks.code_list_reader import UNITS
from words.printed_languages import PRINTED
from words.units_of_measure import is_singular, unit_word

#: Signs that are written as their code is: megavolt ampere.
SIGNS = {"MVA"}


@pytest.mark.parametrize("language", PRINTED)
def test_no_code_is_shown_bare(language: str) -> None:
    bare = [
        code for code in UNITS if unit_word(code, language) == code or unit_word(code, language, is_one=True) == code
    ]
    assert set(bare) <= SIGNS


@pytest.mark.parametrize("code", ["C62", "ZZ", "H87", "XPP", "EA", "1I", "STK", "FOO", "Q99", ""])
def test_pieces_and_unknown_codes_are_told_by_the_number_alone(code: str) -> None:
    assert {unit_word(code, language) for language in PRINTED} == {""}


def test_a_package_without_words_of_its_own_is_a_package() -> None:
    assert [unit_word("X43", language) for language in PRINTED] == ["colis", "packages", "Pakete", "pakken", "bultos"]


@pytest.mark.parametrize(
    ("code", "one", "more"),
    [("MON", "mois", "mois"), ("DAY", "jour", "jours"), ("ANN", "an", "ans"), ("KWH", "kWh", "kWh"),
     ("LS", "forfait", "forfaits"), ("XCT", "carton", "cartons"), ("CS", "caisse", "caisses"),
     ("hur", "h", "h"), ("MQH", "m³/h", "m³/h")],
)  # fmt: skip
def test_units_are_in_the_singular_for_one(code: str, one: str, more: str) -> None:
    assert (unit_word(code, "fr", is_one=True), unit_word(code, "fr")) == (one, more)


def test_what_is_no_code_is_left_as_the_issuer_wrote_it() -> None:
    assert unit_word("par foyer", "de") == "par foyer"
    assert unit_word("m²", "en") == "m²"
    assert unit_word("Std.", "de") == "Std."


def test_french_has_the_singular_below_two() -> None:
    assert [is_singular(Decimal(number), "fr") for number in ("0", "1", "1.5", "-1", "2")] == [
        True,
        True,
        True,
        True,
        False,
    ]
    assert [is_singular(Decimal(number), "en") for number in ("0", "1", "-1", "1.0", "1.5", "2")] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]
