"""The rows of a cross-reference stream (ISO 32000-1, 7.5.8), filtered by PNG's Up (7.4.4.4): each says byte by byte
how much more it has than the one above.

The filter works on columns: a byte of a row knows the same byte of the row above, and no other.
"""

from itertools import accumulate
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
    size = _ROW.size
    above = above or bytes(size)
    less = bytearray(len(rows))
    less[::size] = _UP.to_bytes() * (len(rows) // size)
    for column in range(1, size):
        said = rows[column::size]
        over = above[column : column + 1] + said[:-1]
        if said != over:  # most columns say the same in all rows
            less[column::size] = bytes([one - upper & 255 for one, upper in zip(said, over, strict=True)])
    return bytes(less)


def read_rows(written: bytes) -> list[int]:
    """The offsets of objects 0, 1, … as filtered rows say; 0 for what has none of its own."""
    kinds, *offsets = (accumulate(written[column :: _ROW.size]) for column in range(1, 6))
    return [
        (a & 255) << 24 | (b & 255) << 16 | (c & 255) << 8 | d & 255 if kind & 255 == _WRITTEN else 0
        for kind, a, b, c, d in zip(kinds, *offsets, strict=False)
    ]
