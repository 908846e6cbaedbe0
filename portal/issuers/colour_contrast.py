"""Tells how readable a colour is on white paper: WCAG 2.2 contrast ratio, in words."""

from decimal import Decimal
from typing import Final, NamedTuple

from bill import LEAST_CONTRAST, contrast_on_white
from portal.translation import say

#: WCAG 2.2, 1.4.6 and 1.4.3: small print for everybody, and for most.
_EASY: Final = 7.0
_FAIR: Final = 4.5


class ColourContrast(NamedTuple):
    """A colour's contrast ratio on white, from 1 to 21, what it means in words, and the tone of the notice."""

    contrast: Decimal
    words: str
    tone: str


def colour_contrast_of(colour: str) -> ColourContrast | None:
    """Returns the contrast of a colour; None if it is no colour."""
    try:
        contrast = contrast_on_white(colour)
    except ValueError:
        return None
    return ColourContrast(round(Decimal(contrast), 1), *_judged(contrast))


def _judged(contrast: float) -> tuple[str, str]:
    if contrast >= _EASY:
        return say("elle se lit très bien, même en petit"), "good"
    if contrast >= _FAIR:
        return say("elle se lit bien"), "good"
    if contrast >= LEAST_CONTRAST:
        return say("elle se lit tout juste, les petits titres paraîtront pâles"), "ask"
    return say("trop claire pour se lire sur du blanc, prenez-la plus foncée"), "bad"
