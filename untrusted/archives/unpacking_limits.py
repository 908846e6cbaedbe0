"""How much a packed file may unpack to."""

from typing import Final

#: The most bytes that one file may unpack to, and the most times that it may grow.
MOST_BYTES: Final = 2_000_000_000
MOST_RATIO: Final = 100
#: The most bytes that all members of an archive together may unpack to. There may be any number of them.
MOST_ARCHIVE_BYTES: Final = 20_000_000_000
