"""Formats percentages: `42 %`, `42%` in English."""

from decimal import Decimal

from bill.money import spell_number
from words.number_form import number_form


def percent(share: float | None, language: str = "fr") -> str:
    """A share from 0 to 1 in whole per cent, below 10 % with one decimal. None is a dash."""
    if share is None:
        return "–"
    places = 0 if share >= 0.0995 or not share else 1
    number = spell_number(Decimal(share * 100), language, places)
    return f"{number}{number_form(language).percent}"
