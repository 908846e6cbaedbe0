"""Deflated streams (RFC 1950 and 1951) in which ready pieces stand: what many streams say is deflated once.

Every piece ends on a byte, so that any other can be written behind it; none refers back into another.
"""

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from deflate import adler32, deflate_compress

from render.objects import Leaf

#: A window of 32 kB, squeezed hard.
_BEGIN: Final = b"\x78\xda"
#: A last block, without a byte in it.
_LAST: Final = b"\x03\x00"
#: What one stored block holds at most.
_MOST: Final = 65_535


class Standing(NamedTuple):
    """A text that many streams have, and its blocks."""

    text: bytes
    blocks: Leaf


@lru_cache(maxsize=1024)
def standing(text: bytes) -> Standing:
    """Deflate what many streams say, once."""
    squeezer = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Standing(text, Leaf(squeezer.compress(text) + squeezer.flush(zlib.Z_SYNC_FLUSH)))


def woven(pieces: Sequence[Standing | bytes]) -> list[bytes]:
    """The parts of a stream of these pieces; what is only this stream's is short, and stored as it is."""
    parts, sum_ = [_BEGIN], 1
    for piece in pieces:
        if isinstance(piece, Standing):
            parts.append(piece.blocks)
            sum_ = adler32(piece.text, sum_)
        else:
            parts.append(_stored(piece))
            sum_ = adler32(piece, sum_)
    parts.append(_LAST + sum_.to_bytes(4))
    return parts


def begun(beginning: Standing, rest: bytes, effort: int) -> list[bytes]:
    """The parts of a stream that says *beginning* and *rest*."""
    end = adler32(rest, adler32(beginning.text)).to_bytes(4)
    return [_BEGIN, beginning.blocks, bytes(deflate_compress(rest, effort)) + end]


def _stored(data: bytes) -> bytes:
    """Blocks that say these bytes as they are (RFC 1951, 3.2.4)."""
    return b"".join([_block(data[at : at + _MOST]) for at in range(0, len(data), _MOST)])


def _block(data: bytes) -> bytes:
    return b"\0%b%b%b" % (len(data).to_bytes(2, "little"), (_MOST - len(data)).to_bytes(2, "little"), data)
