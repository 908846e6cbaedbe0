"""The waterfall of a bill's change: each cause a bar that begins where the one above it ended. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from bill import ZERO

#: The drawing's own width; a row scales it to the room it has.
WIDTH: Final = 100
_LEAST: Final = 0.8


class WaterfallBar(NamedTuple):
    """A bar in the drawing's units: where it begins, its width, whether it adds, and the place of no change."""

    x: float
    width: float
    is_more: bool
    zero: float


def waterfall(amounts: Sequence[Decimal]) -> list[WaterfallBar]:
    """Returns a bar for each amount, and a last one from nothing to their sum. The scale holds every step and 0."""
    ends = [ZERO]
    for amount in amounts:
        ends.append(ends[-1] + amount)
    low, high = min(ends), max(ends)
    scale = WIDTH / float(high - low or 1)
    steps = [*pairwise(ends), (ZERO, ends[-1])]
    return [_bar(float(start - low) * scale, float(end - low) * scale, float(-low) * scale) for start, end in steps]


def _bar(start: float, end: float, zero: float) -> WaterfallBar:
    width = max(abs(end - start), _LEAST)
    x = min(start, end, WIDTH - width)
    return WaterfallBar(round(x, 2), round(width, 2), end >= start, round(zero, 2))
