"""The colours of a page: the brand's colour, checked for contrast, and the fixed ones for text and rules."""

import re
from typing import Final

from bill import LEAST_CONTRAST, contrast_on_white

INK: Final = ".09 .12 .13"
QUIET: Final = ".36 .41 .43"
LINE: Final = ".80 .83 .84"


class BrandError(ValueError):
    """A brand that cannot be compiled. The message says which part is wrong, why, and what would be accepted."""


def read_colour(written: str) -> str:
    """Return `#rrggbb` as three numbers from 0 to 1, as PDF writes them. Raises BrandError when it is no colour or too
    light to read on white."""
    match = re.fullmatch(r"#?([0-9a-fA-F]{6})", written)
    if match is None:
        raise BrandError(f"colour {written!r}: write it as #rrggbb, for example #1f4e5a")
    contrast = contrast_on_white(f"#{match[1]}")
    if contrast < LEAST_CONTRAST:
        raise BrandError(f"colour {written}: contrast on white is {contrast:.1f}, it must be at least "
                         f"{LEAST_CONTRAST:.0f}; choose a darker one")  # fmt: skip
    return " ".join(f"{channel / 255:.3f}" for channel in bytes.fromhex(match[1]))
