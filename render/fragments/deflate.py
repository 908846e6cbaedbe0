"""Deflated streams (RFC 1950 and 1951) in which ready pieces stand: what many streams say is deflated once.

Every piece ends on a byte, so that any other can be written behind it; none refers back into another. What comes out
are parts by turns: a stream's own, then a leaf that others have too, and so on; the last is its own again.
"""

import zlib
from functools import lru_cache
from struct import Struct
from typing import Final, NamedTuple

from deflate import adler32, deflate_compress

#: A window of 32 kB, squeezed hard.
_BEGIN: Final = b"\x78\xda"
#: A last block, without a byte in it.
_LAST: Final = b"\x03\x00"
#: What one stored block holds at most; its head, whose second length is the first one's complement.
_MOST: Final = 65_535
_HEAD: Final = Struct("<xHH")


class Standing(NamedTuple):
    """A text that many streams have, and its blocks."""

    text: bytes
    blocks: bytes


@lru_cache(maxsize=1024)
def standing(text: bytes) -> Standing:
    """Deflate what many streams say, once."""
    squeezer = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Standing(text, squeezer.compress(text) + squeezer.flush(zlib.Z_SYNC_FLUSH))


def woven(beginning: Standing, *pairs: tuple[bytes, Standing]) -> list[bytes]:
    """The parts of a stream that says *beginning*, then something of its own and something standing, and so on; what
    is its own is short, and stored as it is."""
    parts, check = [_BEGIN, beginning.blocks], adler32(beginning.text)
    for own, following in pairs:
        parts += (_stored(own), following.blocks)
        check = adler32(following.text, adler32(own, check))
    return [*parts, _LAST + check.to_bytes(4)]


def begun(beginning: Standing, rest: bytes, effort: int) -> list[bytes]:
    """The parts of a stream that says *beginning* and *rest*."""
    check = adler32(rest, adler32(beginning.text))
    return [_BEGIN, beginning.blocks, bytes(deflate_compress(rest, effort) + check.to_bytes(4))]


def _stored(data: bytes) -> bytes:
    """Blocks that say these bytes as they are (RFC 1951, 3.2.4)."""
    if len(data) > _MOST:
        return _stored(data[:_MOST]) + _stored(data[_MOST:])
    return _HEAD.pack(len(data), _MOST - len(data)) + data
