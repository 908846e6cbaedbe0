"""Envelopes and their windows: which part of a folded sheet is visible, however far the sheet slips inside.

Sizes are the trade's (ISO 269; the French window of 35 or 45 x 100 mm, 20 mm from the right edge and from the lower
one), in drawing units from the top left. A sheet is folded so that its upper panel lies behind the window.
"""

from typing import Final, NamedTuple

from render.canvas.page_geometry import HEIGHT, WIDTH, Box, mm


class EnvelopeWindow(NamedTuple):
    """An envelope: its size, its window, measured from the right and lower edges, and the height of the folded
    sheet."""

    name: str
    width: int
    height: int
    window_right: int
    window_bottom: int
    window_width: int
    window_height: int
    panel: int  # height of the folded sheet

    @property
    def slack(self) -> tuple[int, int]:
        """How far the sheet can slip to the right and down."""
        return self.width - WIDTH, self.height - self.panel

    def shown(self, across: int, down: int) -> Box:
        """Return the visible part of a sheet that lies this far to the right and down in the envelope."""
        right = self.width - self.window_right - across
        bottom = self.height - self.window_bottom - down
        return Box(right - self.window_width, bottom - self.window_height, right, bottom)

    @property
    def always(self) -> Box:
        """The part that is visible in every position."""
        near, far = self.shown(0, 0), self.shown(*self.slack)
        return Box(near.left, near.top, far.right, far.bottom)

    @property
    def ever(self) -> Box:
        """The part that is visible in at least one position."""
        near, far = self.shown(0, 0), self.shown(*self.slack)
        return Box(far.left, far.top, near.right, near.bottom)


#: A third, a half and the whole of A4.
_THIRD, _HALF = mm(99), mm(148.5)

#: Envelopes for sheets folded in three: page one itself shows the address.
FOLDED_IN_THREE: Final = (
    EnvelopeWindow("DL 35", mm(220), mm(110), mm(20), mm(20), mm(100), mm(35), _THIRD),
    EnvelopeWindow("DL 45", mm(220), mm(110), mm(20), mm(20), mm(100), mm(45), _THIRD),
    EnvelopeWindow("C5/6 35", mm(229), mm(114), mm(20), mm(20), mm(100), mm(35), _THIRD),
    EnvelopeWindow("C5/6 45", mm(229), mm(114), mm(20), mm(20), mm(100), mm(45), _THIRD),
)
#: Envelopes for thick mail pieces: sheets slip so far that a carrier page must be behind the window.
FOR_THICK_SETS: Final = (
    EnvelopeWindow("C5", mm(229), mm(162), mm(20), mm(60), mm(100), mm(45), _HALF),
    EnvelopeWindow("C4", mm(229), mm(324), mm(20), mm(218), mm(110), mm(50), HEIGHT),
)


def common(boxes: list[Box]) -> Box:
    """Return the intersection of *boxes*."""
    return Box(
        max(box.left for box in boxes), max(box.top for box in boxes),
        min(box.right for box in boxes), min(box.bottom for box in boxes),
    )  # fmt: skip


def hull(boxes: list[Box]) -> Box:
    """Return the smallest rectangle that contains all *boxes*."""
    return Box(
        min(box.left for box in boxes), min(box.top for box in boxes),
        max(box.right for box in boxes), max(box.bottom for box in boxes),
    )  # fmt: skip


#: The address area that every envelope shows completely in every position: x 109-190 mm, y 59-79 mm.
ADDRESS: Final = common([envelope.always for envelope in (*FOLDED_IN_THREE, *FOR_THICK_SETS)])
#: The areas of a first page and of a carrier page that may be visible, so must hold nothing but the address.
SEEN_OF_A_PAGE: Final = hull([envelope.ever for envelope in FOLDED_IN_THREE])
SEEN_OF_A_CARRIER: Final = hull([envelope.ever for envelope in (*FOLDED_IN_THREE, *FOR_THICK_SETS)])
