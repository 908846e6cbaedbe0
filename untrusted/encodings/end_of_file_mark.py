"""Passes over an end-of-file mark of old systems (0x1A) at the end of a text file."""

from collections.abc import Iterator
from typing import Protocol

_MARKS = b"\x1a\r\n"
_NEAR_END = 8


class ReadableFile(Protocol):
    """A binary file that can be read from its beginning to its end."""

    def read(self, size: int, /) -> bytes: ...


def without_end_mark(text: bytes) -> bytes:
    """Return *text*, the last bytes of a file, without the end-of-file mark and the line ends around it; unchanged
    where there is no mark."""
    if b"\x1a" not in text[-_NEAR_END:]:
        return text
    return text.rstrip(_MARKS) if b"\x1a" in text[len(text.rstrip(_MARKS)) :] else text


def blocks_without_end_mark(source: ReadableFile, size: int) -> Iterator[bytes]:
    """Yield a file in blocks of about *size* bytes, the last one without its end-of-file mark."""
    block = source.read(size)
    while block:
        following = source.read(size)
        if len(following) < len(_MARKS):
            block, following = block + following, b""
        yield block if following else without_end_mark(block)
        block = following
