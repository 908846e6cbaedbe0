"""Amounts as people read them: every digit that carries something, in the currency's own way."""

from decimal import Decimal

import pytest

from bill import round_money, spell_amount, spell_money, spell_number

NBSP, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("amount", "currency", "french", "english"),
    [
        ("84.2", "EUR", f"84,20{NBSP}€", "€84.20"),
        ("1234567.5", "EUR", f"1{NARROW}234{NARROW}567,50{NBSP}€", "€1,234,567.50"),
        ("-3.10", "GBP", f"-3,10{NBSP}£", "-£3.10"),
        ("12.30", "CHF", f"12,30{NBSP}CHF", f"12.30{NBSP}CHF"),
        ("1200", "JPY", f"1{NARROW}200{NBSP}¥", "¥1,200"),
        ("1.5", "TND", f"1,500{NBSP}TND", f"1.500{NBSP}TND"),
        ("0E-9", "EUR", f"0,00{NBSP}€", "€0.00"),
    ],
)
def test_an_amount_has_the_digits_of_its_currency(amount: str, currency: str, french: str, english: str):
    assert spell_money(Decimal(amount), currency, "fr") == french
    assert spell_money(Decimal(amount), currency, "en") == english


@pytest.mark.parametrize(
    ("amount", "spelled"), [("0.005", "0,005"), ("84.2000", "84,20"), ("84.2010", "84,201"), ("-0.1257", "-0,1257")]
)
def test_nobodys_tenth_of_a_cent_is_hidden(amount: str, spelled: str):
    assert spell_amount(Decimal(amount), "EUR") == spelled
    assert spell_money(Decimal(amount), "EUR") == f"{spelled}{NBSP}€"


@pytest.mark.parametrize(
    ("number", "spelled"), [("20.00", "20"), ("2E+1", "20"), ("5.50", "5,5"), ("1234.5", f"1{NARROW}234,5")]
)
def test_a_number_has_the_digits_that_matter(number: str, spelled: str):
    assert spell_number(Decimal(number)) == spelled


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("0.125", "EUR", "0.13"), ("-0.125", "EUR", "-0.13"), ("12.5", "JPY", "13"), ("1.0005", "KWD", "1.001")],
)
def test_half_a_minor_unit_is_rounded_up(amount: str, currency: str, rounded: str):
    """EN 16931-1, 6.5; 20 and 20.00 are equal numbers, so the digits are compared."""
    assert str(round_money(Decimal(amount), currency)) == rounded


@pytest.mark.parametrize(
    ("language", "spelled", "negative"),
    [("fr", "1 234,50 €", "-1 234,50 €"), ("en", "€1,234.50", "-€1,234.50"), ("de", "1.234,50 €", "-1.234,50 €"),
     ("nl", "€ 1.234,50", "€ -1.234,50"), ("es", "1.234,50 €", "-1.234,50 €")],
)  # fmt: skip
def test_each_language_writes_amounts_its_way(language: str, spelled: str, negative: str) -> None:
    def plain(amount: str) -> str:
        return spell_money(Decimal(amount), "EUR", language).replace(NBSP, " ").replace(NARROW, " ")

    assert (plain("1234.5"), plain("-1234.5")) == (spelled, negative)
    assert spell_money(Decimal(5), "CHF", language).endswith("CHF")
