"""The names of the typefaces that a brand may choose."""

from typing import Final

SANS: Final = "sans"
TYPEFACES: Final = (SANS, "serif")
