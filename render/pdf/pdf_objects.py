"""Serialises PDF objects, streams and strings, and records their offsets (ISO 32000-1, 7.3 and 7.5)."""

import re
from typing import Final, NamedTuple

from deflate import zlib_compress

#: Compression levels of libdeflate: for data made once for many bills; for each bill's text, which repeats itself; for
#: each bill's drawing operators, which repeat little.
ONCE: Final = 12
TEXT: Final = 4
DRAWING: Final = 1
_STREAM_ENDS: Final = b"\nendstream\nendobj\n"


class ObjectRun(NamedTuple):
    """Consecutive objects that many bills share: their bytes, and the offset of each object within them."""

    body: bytes
    offsets: tuple[int, ...]


class Objects:
    """Consecutive numbered objects, the first numbered *number*, that will start at *offset* in the file.

    A bill's objects alternate own bytes and shared parts: bytes that other bills have too and that say nothing of any
    bill.
    """

    def __init__(self, number: int, offset: int) -> None:
        self.next_number = number
        self.offsets: list[int] = []
        self._parts: list[bytes] = []
        self._shared_places: list[int] = []
        self._end = offset

    def add(self, body: bytes) -> int:
        """Append one object. Returns its number."""
        number = self._begin()
        self.add_raw(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def add_stream(self, entries: bytes, data: bytes, effort: int = DRAWING) -> int:
        """Append a stream and compress its *data*; *entries* are further entries of its dictionary. Returns its
        number."""
        return self.add(stream(b"/Filter/FlateDecode" + entries, deflate(data, effort)))

    def add_interleaved(self, entries: bytes, parts: list[bytes]) -> int:
        """Append a stream that is compressed already: *parts* alternate own and shared ones
        (`render.fragments.deflate`). Returns its number."""
        number, length, first = self._begin(), sum(map(len, parts)), len(self._parts)
        head = b"%d 0 obj\n<</Length %d/Filter/FlateDecode%b>>\nstream\n" % (number, length, entries)
        self._parts += [head, *parts, _STREAM_ENDS]
        self._shared_places += range(first + 2, first + 1 + len(parts), 2)
        self._end += len(head) + length + len(_STREAM_ENDS)
        return number

    def add_run(self, run: ObjectRun) -> None:
        """Append shared objects, which were numbered from this object's next number."""
        self.next_number += len(run.offsets)
        self.offsets += [self._end + offset for offset in run.offsets]
        self._shared_places.append(len(self._parts))
        self.add_raw(run.body)

    def add_raw(self, data: bytes) -> None:
        """Append bytes that are no object: a header, a comment."""
        self._parts.append(data)
        self._end += len(data)

    @property
    def end(self) -> int:
        """The offset after the last byte."""
        return self._end

    def run(self) -> ObjectRun:
        """Return these objects, which began at offset 0, to be shared by many bills."""
        return ObjectRun(self.joined(), tuple(self.offsets))

    def parts(self) -> list[bytes]:
        """Return what was written as a list that alternates own and shared parts; the first and the last are own."""
        parts: list[bytes] = []
        at = 0
        for place in self._shared_places:
            parts += (b"".join(self._parts[at:place]), self._parts[place])
            at = place + 1
        return [*parts, b"".join(self._parts[at:])]

    def joined(self) -> bytes:
        """Return what was written as bytes."""
        return b"".join(self._parts)

    def _begin(self) -> int:
        self.offsets.append(self._end)
        self.next_number += 1
        return self.next_number - 1


def stream(entries: bytes, data: bytes) -> bytes:
    """Return the body of a stream object; Length is its first dictionary entry."""
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), entries, data)


def pack(first: int, bodies: list[bytes], effort: int) -> bytes:
    """Return an object stream (7.5.7) of *bodies*, numbered from *first*."""
    head, at = [], 0
    for number, body in enumerate(bodies, first):
        head.append(b"%d %d" % (number, at))
        at += len(body) + 1
    begin = b" ".join(head) + b"\n"
    data = deflate(begin + b"\n".join(bodies), effort)
    return stream(b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(bodies), len(begin)), data)


def deflate(data: bytes, effort: int = DRAWING) -> bytes:
    """Return *data* as a zlib stream (RFC 1950)."""
    return bytes(zlib_compress(data, effort))


#: Characters of PDFDocEncoding (annex D.3) that differ from Latin-1.
_TYPOGRAPHIC: Final = {"•": 0x80, "…": 0x83, "—": 0x84, "–": 0x85, "’": 0x90, "Œ": 0x96, "œ": 0x9C, "€": 0xA0}
_DOCUMENT_TEXT: Final = {ord(character): code for character, code in _TYPOGRAPHIC.items()}
_NOT_LATIN: Final = re.compile(f"[^ -~¡-¬®-ÿ{''.join(_TYPOGRAPHIC)}]")
_ESCAPED: Final = re.compile(rb"([()\\])")


def text_string(text: str) -> bytes:
    """Return a text string (7.9.2.2): in PDFDocEncoding where it has all the characters, else in UTF-16."""
    if _NOT_LATIN.search(text):
        return b"<FEFF%b>" % text.encode("utf-16-be", "replace").hex().upper().encode()
    return b"(%b)" % literal(text.translate(_DOCUMENT_TEXT).encode("latin-1"))


def literal(data: bytes) -> bytes:
    """Escape *data* for the inside of a literal string (7.3.4.2). It contains no line ends."""
    return _ESCAPED.sub(rb"\\\1", data)
