"""Decompresses a gzip file, with a limit on size and ratio. The file name inside is ignored."""

import gzip
import tempfile
import zlib
from typing import IO, BinaryIO, Final, cast

from untrusted.archives.unpacking_limits import MOST_BYTES, MOST_RATIO
from untrusted.feed_error import FeedError

#: The first bytes of a gzip file.
GZIP: Final = b"\x1f\x8b"
_BLOCK: Final = 1 << 18
_IN_MEMORY: Final = 8_000_000
#: The ratio is not limited below this size.
_RATIO_COUNTS_FROM: Final = 1_000_000


def unpacked(source: BinaryIO) -> BinaryIO:
    """Return the decompressed bytes as an unnamed temporary file; raises FeedError when they are damaged, cut off or
    over a limit."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    given = 0
    try:
        with gzip.GzipFile(fileobj=source, mode="rb") as stream:
            while block := stream.read(_BLOCK):
                given += len(block)
                _check(source.tell(), given)
                file.write(block)
    except (OSError, EOFError, zlib.error) as error:
        file.close()
        raise FeedError("GZIP-CORRUPT", "the file is damaged or cut off, send it again") from error
    except FeedError:
        file.close()
        raise
    file.seek(0)
    return cast("BinaryIO", file)


def _check(taken: int, given: int) -> None:
    if given > MOST_BYTES:
        raise FeedError("GZIP-TOO-LARGE", "unpacked, this would be more than {most} bytes", most=MOST_BYTES)
    if given > _RATIO_COUNTS_FROM and given > MOST_RATIO * taken:
        sentence = "this shrinks more than {most} times: no feed does, a bomb would"
        raise FeedError("GZIP-RATIO", sentence, most=MOST_RATIO)
