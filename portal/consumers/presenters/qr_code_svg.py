"""Draws a QR code as one SVG path."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final, NamedTuple

from render.codes.module_grid import ModuleGrid

#: ISO/IEC 18004 asks for four light modules around the symbol.
_QUIET: Final = 4


class Drawing(NamedTuple):
    """The side of the square in modules, quiet zone included, and the path of its dark modules."""

    size: int
    path: str


def draw(symbol: ModuleGrid) -> Drawing:
    """Returns the symbol as one SVG path, with the quiet zone around it."""
    return Drawing(symbol.size + 2 * _QUIET, "".join(_runs(symbol)))


def _runs(symbol: ModuleGrid) -> Iterator[str]:
    """Yields the runs of dark modules, row by row."""
    for y, row in enumerate(symbol.rows, _QUIET):
        x = _QUIET
        for is_dark, run in groupby(f"{row:0{symbol.size}b}", "1".__eq__):
            length = len(list(run))
            if is_dark:
                yield f"M{x} {y}h{length}v1h-{length}z"
            x += length
