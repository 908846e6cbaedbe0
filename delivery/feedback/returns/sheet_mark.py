"""The mark on each sheet of a letter, as a scanner types it: the 24 digits of `render.print.inserter_marks`, perhaps
behind the symbology (ISO/IEC 15424, `]d1`)."""

import re
from typing import Final, NamedTuple

_DIGITS: Final = re.compile(r"(?:[\]$]d[0-6])?(\d{6})(\d{6})(\d{6})(\d{3})(\d{3})")
#: What a scanner types that takes a French or Belgian keyboard for an American one, and the digits that it means.
_KEYS: Final = str.maketrans("à&é\"'(-§è_!ç", "012345667889")
#: What the digits of lot and set are counted modulo.
MODULUS: Final = 10**6


class SheetMark(NamedTuple):
    """Lot, set, and sets of the lot, each modulo MODULUS."""

    lot: int
    n: int
    sets: int


def sheet_mark(scanned: str) -> SheetMark | None:
    """The mark in what a scanner typed, blanks around and between left out; None if it is none."""
    found = _DIGITS.fullmatch("".join(scanned.split()).lower().translate(_KEYS))
    return SheetMark(int(found[1]), int(found[2]), int(found[3])) if found else None
