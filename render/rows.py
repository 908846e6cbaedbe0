"""The rows of a cross-reference stream (ISO 32000-1, 7.5.8), filtered by PNG's Up (7.4.4.4): each says byte by byte
how much more it has than the one above.

Rows are many and short, so that they are reckoned together, as one number whose bytes never carry into each other.
"""

from functools import lru_cache
from struct import Struct
from typing import Final

#: The kind of entry and its two fields, behind a byte for the filter. The second field has three bytes: the tree of a
#: bill of eleven thousand lines has more than 65,536 objects.
_ROW: Final = Struct(">xBIBH")
ROW_ENTRIES: Final = b"/W[1 4 3]/DecodeParms<</Predictor 12/Columns 8>>"
_UP: Final = 2
_WRITTEN, _PACKED = 1, 2
FREE: Final = _ROW.pack(0, 0, 0, 65535)


def row_at(offset: int) -> bytes:
    """The row of an object that stands at this place."""
    return _ROW.pack(_WRITTEN, offset, 0, 0)


def packed_row(stream: int, index: int) -> bytes:
    """The row of an object that is the *index*-th in the object stream of this number."""
    return _ROW.pack(_PACKED, stream, index >> 16, index & 0xFFFF)


def filtered(rows: bytes, above: bytes = b"") -> bytes:
    """These rows as they are written, when *above* is the row over the first; over the first of all are zeros."""
    size = len(rows)
    high, ups = _lanes(size)
    said = int.from_bytes(rows)
    over = int.from_bytes(((above or bytes(_ROW.size)) + rows)[:size])
    less = ((said | high) - (over & ~high)) ^ ((said ^ ~over) & high)
    return (less | ups).to_bytes(size)


def read_rows(written: bytes) -> list[int]:
    """The offsets of objects 0, 1, … as filtered rows say; 0 for what has none of its own."""
    size = len(written)
    high, ups = _lanes(size)
    total = int.from_bytes(written) & ~ups
    shift = 8 * _ROW.size
    while shift < 8 * size:  # each row has the sum of 2, 4, 8, … rows that end with it
        over = total >> shift
        total = ((total & ~high) + (over & ~high)) ^ ((total ^ over) & high)
        shift *= 2
    return [field if kind == _WRITTEN else 0 for kind, field, *_ in _ROW.iter_unpack(total.to_bytes(size))]


@lru_cache(maxsize=256)
def _lanes(size: int) -> tuple[int, int]:
    """The highest bit of every byte, and the filter's bytes of so many bytes of rows."""
    return int.from_bytes(b"\x80" * size), int.from_bytes(_UP.to_bytes().ljust(_ROW.size, b"\0") * (size // _ROW.size))
