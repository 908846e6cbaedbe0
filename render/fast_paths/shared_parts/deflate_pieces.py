"""Builds a zlib stream of pieces, of which the constant ones were compressed beforehand (RFC 1950 and 1951).

Each piece ends on a byte boundary and refers to no earlier piece, so pieces can be concatenated.
"""

import zlib
from collections.abc import Sequence
from functools import lru_cache
from struct import Struct
from typing import Final

from deflate import adler32, deflate_compress

#: The zlib header: 32 kB window, best compression.
_BEGIN: Final = b"\x78\xda"
#: An empty final block.
_LAST: Final = b"\x03\x00"
#: The largest stored block; its header: length and the length's complement.
_MOST: Final = 65_535
_HEAD: Final = Struct("<xHH")


def deflate_pieces(pieces: Sequence[bytes], effort: int) -> list[bytes]:
    """Return a zlib stream of *pieces*, constant and own by turns, a constant one first. An own piece between two
    constants is short and stored without compression; one at the end is compressed with this *effort* (libdeflate
    level). The stream is returned as own and constant parts by turns, which begin and end with an own one."""
    parts, check = [_BEGIN, _compressed(pieces[0])], adler32(pieces[0])
    for own, constant in zip(pieces[1::2], pieces[2::2], strict=False):
        parts += (_stored(own), _compressed(constant))
        check = adler32(constant, adler32(own, check))
    if len(pieces) % 2:
        return [*parts, _LAST + check.to_bytes(4)]
    own = pieces[-1]
    return [*parts, bytes(deflate_compress(own, effort) + adler32(own, check).to_bytes(4))]


@lru_cache(maxsize=1024)
def _compressed(text: bytes) -> bytes:
    """Return the deflate blocks of a constant text, compressed once for many streams."""
    squeezer = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    return squeezer.compress(text) + squeezer.flush(zlib.Z_SYNC_FLUSH)


def _stored(data: bytes) -> bytes:
    """Return *data* as stored blocks (RFC 1951, 3.2.4)."""
    if len(data) > _MOST:
        return _stored(data[:_MOST]) + _stored(data[_MOST:])
    return _HEAD.pack(len(data), _MOST - len(data)) + data
