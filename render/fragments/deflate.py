"""Fast path (docs/fast-paths.md): builds deflate streams from pieces that were compressed beforehand (RFC 1950 and
1951).

Each piece ends on a byte boundary and refers to no earlier piece, so pieces can be concatenated. The result is a list
that alternates own and shared parts: a stream's own bytes, then a shared part, and so on; the last is its own.
"""

import zlib
from functools import lru_cache
from struct import Struct
from typing import Final, NamedTuple

from deflate import adler32, deflate_compress

#: The zlib header: 32 kB window, best compression.
_BEGIN: Final = b"\x78\xda"
#: An empty final block.
_LAST: Final = b"\x03\x00"
#: The largest stored block; its header: length and the length's complement.
_MOST: Final = 65_535
_HEAD: Final = Struct("<xHH")


class CompressedText(NamedTuple):
    """A text that many streams contain, and its deflate blocks."""

    text: bytes
    blocks: bytes


@lru_cache(maxsize=1024)
def compress_shared(text: bytes) -> CompressedText:
    """Compress *text* once, for many streams."""
    squeezer = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    return CompressedText(text, squeezer.compress(text) + squeezer.flush(zlib.Z_SYNC_FLUSH))


def interleave(beginning: CompressedText, *pairs: tuple[bytes, CompressedText]) -> list[bytes]:
    """Return the parts of a zlib stream of *beginning*, then of each pair: own bytes and a shared text. Own bytes are
    short and are stored without compression."""
    parts, check = [_BEGIN, beginning.blocks], adler32(beginning.text)
    for own, following in pairs:
        parts += (_stored(own), following.blocks)
        check = adler32(following.text, adler32(own, check))
    return [*parts, _LAST + check.to_bytes(4)]


def compress_after(beginning: CompressedText, rest: bytes, effort: int) -> list[bytes]:
    """Return the parts of a zlib stream of *beginning* followed by *rest*, which is compressed with this *effort*
    (libdeflate level)."""
    check = adler32(rest, adler32(beginning.text))
    return [_BEGIN, beginning.blocks, bytes(deflate_compress(rest, effort) + check.to_bytes(4))]


def _stored(data: bytes) -> bytes:
    """Return *data* as stored blocks (RFC 1951, 3.2.4)."""
    if len(data) > _MOST:
        return _stored(data[:_MOST]) + _stored(data[_MOST:])
    return _HEAD.pack(len(data), _MOST - len(data)) + data
