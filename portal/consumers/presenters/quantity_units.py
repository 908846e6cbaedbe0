"""Quantities with their unit in the visitor's language (UN/ECE Recommendation 20)."""

from collections.abc import Mapping
from decimal import Decimal

from portal.translation import language
from words.units_of_measure import is_singular, unit_word


def unit_name(code: str, quantity: Decimal, own: Mapping[str, str]) -> str:
    """Returns the unit after this quantity: as the issuer writes it (*own*), else its usual name; "" for pieces."""
    if code in own:
        return own[code]
    return unit_word(code, language(), is_one=is_singular(quantity, language()))
