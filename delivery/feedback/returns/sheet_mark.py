"""The mark on each sheet of a letter, as a scanner reads it: the 24 digits of `render.print.inserter_marks`."""

import re
from typing import Final, NamedTuple

_DIGITS: Final = re.compile(r"(\d{6})(\d{6})(\d{6})(\d{3})(\d{3})")
#: What the digits of lot and set are counted modulo.
MODULUS: Final = 10**6


class SheetMark(NamedTuple):
    """Lot, set, and sets of the lot, each modulo MODULUS."""

    lot: int
    n: int
    sets: int


def sheet_mark(scanned: str) -> SheetMark | None:
    """The mark in what a scanner typed, blanks around and between left out; None if it is none."""
    found = _DIGITS.fullmatch("".join(scanned.split()))
    return SheetMark(int(found[1]), int(found[2]), int(found[3])) if found else None
