"""Encodes and decodes the rows of a cross-reference stream (ISO 32000-1, 7.5.8) with PNG's Up predictor (7.4.4.4).

The predictor stores each byte as its difference from the same byte of the row above, so it works column by column.
"""

from itertools import accumulate
from struct import Struct
from typing import Final

#: A byte for the predictor, the type of the entry and its two fields. The second field has three bytes, because the
#: structure tree of a bill of eleven thousand lines has more than 65,536 objects.
_ROW: Final = Struct(">xBIBH")
ROW_ENTRIES: Final = b"/W[1 4 3]/DecodeParms<</Predictor 12/Columns 8>>"
_UP: Final = 2
_WRITTEN, _PACKED = 1, 2
FREE: Final = _ROW.pack(0, 0, 0, 65535)


def row_at(offset: int) -> bytes:
    """Return the row of an object at this *offset* of the file."""
    return _ROW.pack(_WRITTEN, offset, 0, 0)


def packed_row(stream: int, index: int) -> bytes:
    """Return the row of the *index*-th object in the object stream numbered *stream*."""
    return _ROW.pack(_PACKED, stream, index >> 16, index & 0xFFFF)


def filtered(rows: bytes, above: bytes = b"") -> bytes:
    """Return *rows* with the predictor applied. *above* is the row before the first one; without it, zeros."""
    size = _ROW.size
    above = above or bytes(size)
    less = bytearray(len(rows))
    less[::size] = _UP.to_bytes() * (len(rows) // size)
    for column in range(1, size):
        said = rows[column::size]
        over = above[column : column + 1] + said[:-1]
        if said != over:  # most columns are the same in all rows
            less[column::size] = bytes([one - upper & 255 for one, upper in zip(said, over, strict=True)])
    return bytes(less)


def read_rows(written: bytes) -> list[int]:
    """Return the offsets of objects 0, 1, … from predicted rows; 0 for an object without an offset of its own."""
    kinds, *offsets = (accumulate(written[column :: _ROW.size]) for column in range(1, 6))
    return [
        (a & 255) << 24 | (b & 255) << 16 | (c & 255) << 8 | d & 255 if kind & 255 == _WRITTEN else 0
        for kind, a, b, c, d in zip(kinds, *offsets, strict=False)
    ]
