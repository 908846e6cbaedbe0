"""The colours of a page: the brand's colour, checked for contrast, and the fixed ones for text and rules."""

import re
from typing import Final

from bill import LEAST_CONTRAST, Reason, contrast_on_white
from words.reason_text import reason_text

INK: Final = ".09 .12 .13"
QUIET: Final = ".36 .41 .43"
LINE: Final = ".80 .83 .84"


class BrandError(ValueError):
    """A brand that cannot be compiled. The reason says which part is wrong, why, and what would be accepted; the
    message is the reason in English."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason_text(reason.code, reason.values, "en"))
        self.reason = reason


def read_colour(written: str) -> str:
    """Return `#rrggbb` as three numbers from 0 to 1, as PDF writes them. Raises BrandError when it is no colour or too
    light to read on white."""
    match = re.fullmatch(r"#?([0-9a-fA-F]{6})", written)
    if match is None:
        raise BrandError(Reason.of("brand_colour_unknown", colour=written))
    contrast = contrast_on_white(f"#{match[1]}")
    if contrast < LEAST_CONTRAST:
        figures = {"contrast": f"{contrast:.1f}", "least": f"{LEAST_CONTRAST:.0f}"}
        raise BrandError(Reason.of("brand_colour_light", colour=written, **figures))
    return " ".join(f"{channel / 255:.3f}" for channel in bytes.fromhex(match[1]))
