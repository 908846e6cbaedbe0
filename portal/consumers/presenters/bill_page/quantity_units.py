"""Quantities with their unit in the visitor's language (UN/ECE Recommendation 20)."""

from collections.abc import Mapping
from decimal import Decimal

from portal.translation import language
from words.catalogue import LANGUAGES
from words.units_of_measure import is_singular, unit_word


def unit_name(code: str, quantity: Decimal, own: Mapping[str, str]) -> str:
    """Returns the unit after this quantity: its usual name in the visitor's language, unless the issuer writes another
    one (*own*); "" for pieces."""
    if code in own and own[code] not in _usual_names(code):
        return own[code]
    return unit_word(code, language(), is_one=is_singular(quantity, language()))


def _usual_names(code: str) -> set[str]:
    return {unit_word(code, each, is_one=is_one) for each in LANGUAGES for is_one in (True, False)}
