"""Figures as the page writes them. What cannot be written in the usual way is written as it was sent."""

from decimal import Decimal

from bill import minor_units, spell_money, spell_number


def money(amount: Decimal, currency: str, language: str) -> str:
    """An amount with its currency: `84,20 €`."""
    try:
        return spell_money(amount, currency, language)
    except ArithmeticError:  # more digits than decimal arithmetic keeps
        return f"{amount} {currency}"


def column_amount(amount: Decimal, currency: str, language: str) -> str:
    """An amount in a column whose head says the currency: `84,20`."""
    exponent = amount.as_tuple().exponent
    places = minor_units(currency)
    if isinstance(exponent, int) and -exponent > places:
        return number(amount, language) if amount != round(amount, places) else _spelled(amount, language, places)
    return _spelled(amount, language, places)


def number(value: Decimal, language: str) -> str:
    """A number with the digits that matter: `1 234,5`."""
    return _spelled(value, language, None)


def _spelled(value: Decimal, language: str, places: int | None) -> str:
    try:
        return spell_number(value, language, places)
    except ArithmeticError:
        return str(value)
