"""An issuer's colour, and the few of the page itself."""

import re
from typing import Final

INK: Final = ".09 .12 .13"
QUIET: Final = ".36 .41 .43"
LINE: Final = ".80 .83 .84"

#: WCAG 2.2, 1.4.11: what must be made out against white needs at least this contrast.
LEAST_CONTRAST: Final = 3.0


class BrandError(ValueError):
    """A brand that cannot be compiled; the message says which part, what is wrong and what would do."""


def read_colour(written: str) -> str:
    """PDF's three numbers for `#rrggbb`. Raises BrandError when it is none, or is too light to read on white."""
    match = re.fullmatch(r"#?([0-9a-fA-F]{6})", written)
    if match is None:
        raise BrandError(f"colour {written!r}: write it as #rrggbb, for example #1f4e5a")
    channels = [channel / 255 for channel in bytes.fromhex(match[1])]
    contrast = 1.05 / (_luminance(channels) + 0.05)
    if contrast < LEAST_CONTRAST:
        raise BrandError(f"colour {written}: contrast on white is {contrast:.1f}, it must be at least "
                         f"{LEAST_CONTRAST:.0f}; choose a darker one")  # fmt: skip
    return " ".join(f"{channel:.3f}" for channel in channels)


def _luminance(channels: list[float]) -> float:
    """WCAG's relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
