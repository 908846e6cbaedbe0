"""Serialises PDF objects, streams and strings, and records their offsets (ISO 32000-1, 7.3 and 7.5)."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from deflate import zlib_compress

#: Compression levels of libdeflate: for data made once for many bills; for each bill's text, which repeats itself; for
#: each bill's drawing operators, which repeat little.
ONCE: Final = 12
TEXT: Final = 4
DRAWING: Final = 1
STREAM_ENDS: Final = b"\nendstream\nendobj\n"


class ObjectRun(NamedTuple):
    """Consecutive objects that were written for many documents: their bytes, and the offset of each within them."""

    body: bytes
    offsets: tuple[int, ...]


class Objects:
    """Consecutive numbered objects, the first numbered *number*, that will start at *offset* in the file."""

    def __init__(self, number: int, offset: int) -> None:
        self.next_number = number
        self.offsets: list[int] = []
        self._written: list[bytes] = []
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

    def add_pieces(self, entries: bytes, pieces: Sequence[bytes]) -> int:
        """Append a stream whose text is given in *pieces*, constant and own by turns. A constant piece, the first one
        too, is the same in the streams of many documents. Returns its number."""
        return self.add_stream(entries, b"".join(pieces), TEXT)

    def add_run(self, run: ObjectRun) -> None:
        """Append a run of objects, which were numbered from this object's next number."""
        self.next_number += len(run.offsets)
        self.offsets += [self._end + offset for offset in run.offsets]
        self.add_raw(run.body)

    def add_raw(self, data: bytes) -> None:
        """Append bytes that are no object: a header, a comment."""
        self._written.append(data)
        self._end += len(data)

    @property
    def end(self) -> int:
        """The offset after the last byte."""
        return self._end

    def run(self) -> ObjectRun:
        """Return these objects, which began at offset 0, as a run for many documents."""
        return ObjectRun(self.joined(), tuple(self.offsets))

    def joined(self) -> bytes:
        """Return what was written as bytes."""
        return b"".join(self._written)

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
