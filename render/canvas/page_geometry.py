"""Page geometry: A4 size, margins, column grid and named areas in drawing units, and their conversion to PDF points.

A drawing unit is an int: a hundredth of a millimetre, counted to the right and **down** from the top left corner.
`FLIP` is the only place that knows that PDF counts points upwards.
"""

from functools import cache
from typing import Final, NamedTuple


@cache
def mm(millimetres: float) -> int:
    """Convert millimetres to drawing units."""
    return round(millimetres * 100)


@cache
def pt(points: float) -> int:
    """Convert a type size in points to drawing units."""
    return round(points * 2540 / 72)


class Box(NamedTuple):
    """A rectangle in drawing units: left, top, right, bottom."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


#: ISO 216 A4 in points, and the matrix from drawing units to it.
MEDIA_BOX: Final = b"[0 0 595.2756 841.8898]"
FLIP: Final = ".02834646 0 0 -.02834646 0 841.8898 cm"

WIDTH: Final = mm(210)
HEIGHT: Final = mm(297)
LEFT: Final = mm(20)
RIGHT: Final = mm(190)

#: The four columns of the grid, 5 mm apart.
COLUMNS: Final = (mm(20), mm(63.75), mm(107.5), mm(151.25))
GUTTER: Final = mm(5)
COLUMN: Final = mm(38.75)


def wide(columns: int) -> int:
    """Return the width of *columns* grid columns with the gutters between them, in drawing units."""
    return columns * COLUMN + (columns - 1) * GUTTER


#: The area kept free for the claim code, which only the print stream fills; above what a window shows
#: (`render.print.envelope_window`).
CLAIM: Final = Box(mm(112), mm(11), mm(190), mm(41))

#: The area above it, in the margin, for the amount due notice of a letter (`render.print.letter_overlay`). It ends at
#: the quiet zone of the claim QR code.
DUE: Final = Box(mm(103), mm(4.2), mm(165.6), mm(11.4))

LOGO: Final = Box(mm(20), mm(12), mm(76), mm(28))
SENDER_LINE: Final = mm(33.5)
SUMMARY: Final = Box(mm(20), mm(46), mm(86), mm(88))
#: The width of its text, beside the bar.
SUMMARY_TEXT: Final = SUMMARY.width - mm(5)
FACTS_TOP: Final = mm(95)

#: Top of the content on a following page, and bottom of the content on every page.
NEXT_TOP: Final = mm(27)
FLOW_BOTTOM: Final = mm(282.5)
FOOT_RULE: Final = mm(284.5)
FOOT_LINE: Final = mm(288)
