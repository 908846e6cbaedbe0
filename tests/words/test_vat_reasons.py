"""VAT categories and exemption reasons in words: no VATEX code reaches a reader."""

import pytest

from ingest.checks.code_list_reader import EXEMPTION_REASONS
from words.printed_languages import PRINTED
from words.vat_reasons import exemption_reason, vat_category_word


def test_zero_rated_is_not_exempt() -> None:
    assert vat_category_word("Z", "fr") == vat_category_word("S", "fr") == ""
    assert vat_category_word("E", "fr") == "exonéré"


@pytest.mark.parametrize("language", PRINTED)
def test_every_code_is_told_in_words(language: str) -> None:
    for code in EXEMPTION_REASONS:
        said = exemption_reason("", code, "E", language)
        assert said
        assert "VATEX" not in said


def test_the_bills_own_reason_is_told_as_it_is() -> None:
    assert exemption_reason("Soins dentaires", "VATEX-EU-132-1E", "E", "fr") == "Soins dentaires"


@pytest.mark.parametrize("text", ["VATEX-EU-132-1A", " vatex-eu-132-1a ", "(VATEX-EU-132-1A)"])
def test_a_reason_that_is_a_code_is_told_in_words(text: str) -> None:
    assert exemption_reason(text, "", "E", "fr") == "Services postaux publics, exonérés (art. 132, 1 a)"


def test_a_code_inside_the_reason_is_left_out() -> None:
    assert exemption_reason("VATEX-EU-AE: Reverse charge", "", "AE", "en") == "Reverse charge"


@pytest.mark.parametrize("code", ["", "VATEX-DE-NEU", "nonsense"])
def test_what_the_law_wants_said_is_said_without_a_reason(code: str) -> None:
    assert exemption_reason("", code, "AE", "fr") == "Autoliquidation"
    assert exemption_reason("", code, "K", "de").startswith("Steuerfreie innergemeinschaftliche Lieferung")
    assert exemption_reason("", code, "E", "fr") == ""
    assert exemption_reason("", code, "S", "fr") == ""
