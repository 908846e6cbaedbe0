"""Passes over an end-of-file mark of old systems (0x1A) at the end of a text file."""

from collections.abc import Iterator
from typing import Protocol

_MARKS = b"\x1a\r\n"
_NEAR_END = 8


class ReadableFile(Protocol):
    """A file, as far as it is read from its beginning to its end."""

    def read(self, size: int, /) -> bytes: ...


def without_end_mark(text: bytes) -> bytes:
    """Return the end of a text without a mark, or blank lines around it; without a mark unchanged."""
    if b"\x1a" not in text[-_NEAR_END:]:
        return text
    return text.rstrip(_MARKS) if b"\x1a" in text[len(text.rstrip(_MARKS)) :] else text


def blocks_without_end_mark(source: ReadableFile, size: int) -> Iterator[bytes]:
    """Yield a file in blocks of about *size* bytes, the last one without a mark."""
    block = source.read(size)
    while block:
        following = source.read(size)
        if len(following) < len(_MARKS):
            block, following = block + following, b""
        yield block if following else without_end_mark(block)
        block = following
