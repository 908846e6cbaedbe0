"""How much a packed file may unpack to."""

from typing import Final

#: The most bytes that one file may unpack to, and the most times that it may grow.
MOST_BYTES: Final = 2_000_000_000
MOST_RATIO: Final = 100
