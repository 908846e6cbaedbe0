"""Contrast ratio of a colour against white (WCAG 2.2)."""

import re
from typing import Final

#: The least contrast of graphical objects (WCAG 2.2, 1.4.11).
LEAST_CONTRAST: Final = 3.0


def contrast_on_white(colour: str) -> float:
    """The contrast ratio of `#rrggbb` against white, from 1 (white) to 21 (black). Raises ValueError if it is no
    colour."""
    match = re.fullmatch(r"#([0-9a-fA-F]{6})", colour)
    if match is None:
        raise ValueError(f"{colour!r} is no colour: write #rrggbb")
    return 1.05 / (_luminance([channel / 255 for channel in bytes.fromhex(match[1])]) + 0.05)


def _luminance(channels: list[float]) -> float:
    """The relative luminance of WCAG."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
