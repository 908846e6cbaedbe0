"""The types that a brand's pages may be set in, by their kind."""

from typing import Final

SANS: Final = "sans"
TYPEFACES: Final = (SANS, "serif")
