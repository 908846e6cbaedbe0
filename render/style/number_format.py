"""Formats amounts, numbers, rates and quantities for a page, in its language. What cannot be formatted is written as
sent.

Results are cached by digits, because bills repeat figures: 20 and 20.00 are equal numbers but different texts.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from bill import spell_amount, spell_money, spell_number
from render.type.printable_text import printable
from words.number_form import number_form
from words.units_of_measure import is_singular, unit_word

_REMEMBERED = 4096
NBSP = "\N{NO-BREAK SPACE}"


def money(amount: Decimal, currency: str, language: str) -> str:
    """Return an amount with its currency: `84,20 €`."""
    return _money(str(amount), currency, language)


def column_amount(amount: Decimal, currency: str, language: str) -> str:
    """Return an amount without its currency, which the column's head names: `84,20`. Further decimals are kept."""
    return _column_amount(str(amount), currency, language)


def number(value: Decimal, language: str) -> str:
    """Return a number with its significant digits: `1 234,5`."""
    return _number(str(value), language)


def rate(percent: Decimal, language: str) -> str:
    """Return a percentage: `5,5 %`; `5.5%` in English and Dutch."""
    return f"{number(percent, language)}{number_form(language).percent}"


def quantity(value: Decimal, unit: str, units: Mapping[str, str], language: str) -> str:
    """Return a quantity with its unit in words: `302,5 kWh`, `3 mois`; pieces have none. *units* are the issuer's own
    names of units."""
    own = units.get(unit)
    name = printable(unit_word(unit, language, is_one=is_singular(value, language)) if own is None else own)
    return f"{number(value, language)}\N{NO-BREAK SPACE}{name}" if name else number(value, language)


@lru_cache(_REMEMBERED)
def _money(digits: str, currency: str, language: str) -> str:
    try:
        return printable(spell_money(Decimal(digits), currency, language))
    except ArithmeticError:  # more digits than the decimal context has
        return printable(f"{digits} {currency}")


@lru_cache(_REMEMBERED)
def _column_amount(digits: str, currency: str, language: str) -> str:
    try:
        return spell_amount(Decimal(digits), currency, language)
    except (ArithmeticError, ValueError):
        return digits


@lru_cache(_REMEMBERED)
def _number(digits: str, language: str) -> str:
    try:
        return spell_number(Decimal(digits), language, None)
    except (ArithmeticError, ValueError):
        return digits
