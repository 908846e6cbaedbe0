"""A course as a small curve, for a table row: no axis, no words; it is told in a text alternative."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from markupsafe import Markup, escape

#: The drawing's own units.
WIDTH: Final = 120
HEIGHT: Final = 28
_ROOM: Final = 3


def sparkline(told: str, values: Sequence[float | None]) -> Markup:
    """Returns the curve through these values, oldest first, from the least of them or zero at its foot; broken where
    nothing is known, with a dot at its last value. *told* is its text alternative. Empty where no value is known."""
    known = [value for value in values if value is not None]
    if not known:
        return Markup("")
    lowest, highest = min(0.0, *known), max(0.0, *known)
    points = [_point(n, len(values), value, lowest, highest) for n, value in enumerate(values)]
    pieces = [list(piece) for is_known, piece in groupby(points, key=bool) if is_known]
    path = " ".join("M" + " L".join(each for each in piece if each) for piece in pieces)
    x, _, y = next(point for point in reversed(points) if point).partition(" ")
    return Markup(  # noqa: S704 -- figures of ours, and words that are escaped
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(told)}">'
        f'<path class="line" d="{path}"/><circle class="dot" cx="{x}" cy="{y}" r="2.5"/></svg>'
    )


def _point(n: int, places: int, value: float | None, lowest: float, highest: float) -> str:
    """Where a value lies, `12.0 3.5`; "" where it is not known."""
    if value is None:
        return ""
    x = _ROOM + (WIDTH - 2 * _ROOM) * (n / (places - 1) if places > 1 else 0.5)
    rise = (value - lowest) / (highest - lowest) if highest > lowest else 0.0
    return f"{x:.1f} {HEIGHT - _ROOM - (HEIGHT - 2 * _ROOM) * rise:.1f}"
