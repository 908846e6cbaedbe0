"""Figures as the page writes them. What cannot be written in the usual way is written as it was sent.

Bills repeat figures (rates, prices, a total that is said three times), so what was spelled is remembered, by its
digits: 20 and 20.00 are equal numbers and different figures.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from bill import spell_amount, spell_money, spell_number
from render.type.printable_text import printable

_REMEMBERED = 4096
NBSP = "\N{NO-BREAK SPACE}"
_CLOSE_PERCENT = frozenset({"en", "nl"})


def money(amount: Decimal, currency: str, language: str) -> str:
    """An amount with its currency: `84,20 €`."""
    return _money(str(amount), currency, language)


def column_amount(amount: Decimal, currency: str, language: str) -> str:
    """An amount in a column whose head says the currency: `84,20`; nobody's tenth of a cent is hidden."""
    return _column_amount(str(amount), currency, language)


def number(value: Decimal, language: str) -> str:
    """A number with the digits that matter: `1 234,5`."""
    return _number(str(value), language)


def rate(percent: Decimal, language: str) -> str:
    """`5,5 %`; `5.5%` in English and Dutch."""
    return f"{number(percent, language)}{'' if language in _CLOSE_PERCENT else NBSP}%"


def quantity(value: Decimal, unit: str, units: Mapping[str, str], language: str) -> str:
    """`302,5 kWh`; a unit that has no name among *units* keeps its code."""
    name = printable(units.get(unit, unit))
    return f"{number(value, language)}\N{NO-BREAK SPACE}{name}" if name else number(value, language)


@lru_cache(_REMEMBERED)
def _money(digits: str, currency: str, language: str) -> str:
    try:
        return printable(spell_money(Decimal(digits), currency, language))
    except ArithmeticError:  # more digits than decimal arithmetic keeps
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
