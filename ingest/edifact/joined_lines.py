"""Joins the lines of an interchange that was cut into lines of one length, as records of 80 characters are."""

from typing import BinaryIO, Final

from untrusted.encodings.recoded_source import RecodedSource

_LINE_ENDS: Final = b"\r\n"
#: So many lines that end inside a segment are needed to see that they have one length.
_FEWEST: Final = 2


class JoinedLines:
    """The bytes of a file without its line ends, read like a file."""

    def __init__(self, source: BinaryIO | RecodedSource) -> None:
        self._source = source

    def read(self, size: int) -> bytes:
        """Return about *size* bytes, b"" at the end."""
        while block := self._source.read(size):
            if joined := without_line_ends(block):
                return joined
        return b""


def without_line_ends(text: bytes) -> bytes:
    """Return the text on one line."""
    return text.translate(None, _LINE_ENDS)


def is_cut_into_lines(head: bytes, end: bytes) -> bool:
    """Return whether lines of *head* end inside a segment, all of them at one length in bytes or characters, which no
    line exceeds. *end* is the mark at the end of a segment."""
    if end in (b"\n", b"\r"):
        return False
    lines = [line for line in head.splitlines()[:-1] if line]
    inside = [line for line in lines if not line.rstrip(b" ").endswith(end)]
    if len(inside) < _FEWEST:
        return False
    return any({*map(length, inside)} == {max(map(length, lines))} for length in (len, _characters))


def _characters(line: bytes) -> int:
    return len(line.decode("utf-8", "replace"))
