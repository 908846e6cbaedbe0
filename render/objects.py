"""PDF objects as bytes, in order, with their offsets (ISO 32000-1, 7.3 and 7.5)."""

import zlib
from typing import Final

#: Deflate's effort for what is compiled once, and for what every bill pays again.
ONCE: Final = 9
EVERY_TIME: Final = 3


class Objects:
    """A run of numbered objects that will stand at *offset* in the file, the first one numbered *number*."""

    def __init__(self, number: int, offset: int) -> None:
        self.next_number = number
        self.offsets: list[int] = []
        self._parts: list[bytes] = []
        self._end = offset

    def add(self, body: bytes) -> int:
        """Append one object; gives its number."""
        number = self.next_number
        self.next_number += 1
        self.offsets.append(self._end)
        part = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        self._parts.append(part)
        self._end += len(part)
        return number

    def add_stream(self, entries: bytes, data: bytes, effort: int = EVERY_TIME) -> int:
        """Append a stream whose *data* is deflated here; *entries* are its dictionary's other entries."""
        return self.add_deflated(entries, zlib.compress(data, effort))

    def add_deflated(self, entries: bytes, data: bytes) -> int:
        """Append a stream whose *data* is deflated already."""
        return self.add(stream(b"/Filter/FlateDecode" + entries, data))

    def add_raw(self, data: bytes) -> None:
        """Append bytes that are no object: a header, a comment."""
        self._parts.append(data)
        self._end += len(data)

    @property
    def end(self) -> int:
        """The offset after the last byte."""
        return self._end

    def joined(self) -> bytes:
        return b"".join(self._parts)


def stream(entries: bytes, data: bytes) -> bytes:
    """A stream object's body, its length first in the dictionary."""
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), entries, data)


def text_string(text: str) -> bytes:
    """A text string in UTF-16 with its mark (ISO 32000-1, 7.9.2.2), written in hexadecimal."""
    return b"<FEFF%b>" % text.encode("utf-16-be", "replace").hex().upper().encode()


class Beginning:
    """What many streams have in common at their beginning, deflated once.

    A stream then costs only its own end, which may still refer back to the beginning."""

    def __init__(self, text: bytes) -> None:
        self._squeezer = zlib.compressobj(EVERY_TIME)
        self._begun = self._squeezer.compress(text)

    def deflate(self, rest: bytes) -> bytes:
        """The deflated stream of the beginning and *rest*."""
        squeezer = self._squeezer.copy()
        return self._begun + squeezer.compress(rest) + squeezer.flush()
