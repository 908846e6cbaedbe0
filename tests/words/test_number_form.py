"""Numbers, shares and money as each language writes them, from CLDR; the bytes of bills lean on it."""

from decimal import Decimal

import pytest

from bill import spell_money, spell_number
from words.number_form import number_form

NARROW, NBSP = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "number", "percent", "money", "owed"),
    [
        ("fr", f"1{NARROW}234,5", f"{NBSP}%", f"1{NARROW}234,50{NBSP}€", f"-84,20{NBSP}€"),
        ("en", "1,234.5", "%", "€1,234.50", "-€84.20"),
        ("de", "1.234,5", f"{NBSP}%", f"1.234,50{NBSP}€", f"-84,20{NBSP}€"),
        ("nl", "1.234,5", "%", f"€{NBSP}1.234,50", f"€{NBSP}-84,20"),
        ("es", "1.234,5", f"{NBSP}%", f"1.234,50{NBSP}€", f"-84,20{NBSP}€"),
    ],
)
def test_each_language_has_its_form(language: str, number: str, percent: str, money: str, owed: str) -> None:
    assert spell_number(Decimal("1234.5"), language) == number
    assert number_form(language).percent == percent
    assert spell_money(Decimal("1234.5"), "EUR", language) == money
    assert spell_money(Decimal("-84.2"), "EUR", language) == owed


def test_a_code_stands_behind_its_amount_in_every_language() -> None:
    assert spell_money(Decimal(5), "CHF", "en") == f"5.00{NBSP}CHF"
    assert spell_money(Decimal(5), "SEK", "nl") == f"5,00{NBSP}SEK"


def test_a_language_without_words_has_the_french_form() -> None:
    assert number_form("da") == number_form("fr")
