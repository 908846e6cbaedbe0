"""PDF objects as bytes, in order, with their offsets (ISO 32000-1, 7.3 and 7.5)."""

import re
import zlib
from struct import Struct
from typing import Final, NamedTuple

from deflate import zlib_compress

#: Deflate's effort for what is made once for many bills, and for what every bill pays again (libdeflate's levels).
ONCE: Final = 12
EVERY_TIME: Final = 6
#: zlib's effort, window and memory for the few bytes behind a `Beginning`: 24 kB of state.
_EFFORT, _NEAR, _LITTLE = 6, 12, 5

#: A row of the cross-reference stream (7.5.8): PNG's filter, then the kind of entry and its two fields.
ROW: Final = Struct(">BBIH")
ROW_ENTRIES: Final = b"/W[1 4 2]/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 7>>"
_PLAIN, _UP = 0, 2
FREE: Final = ROW.pack(_PLAIN, 0, 0, 65535)
#: The row above, its index one higher.
_FOLLOWING: Final = ROW.pack(_UP, 0, 0, 1)


class Packed(NamedTuple):
    """An object stream's body, and how many objects are in it."""

    body: bytes
    size: int

    def rows(self, number: int) -> bytes:
        """The cross-reference rows of its objects, when the stream itself has this *number*.

        The filter counts bytewise, so that every 256th row is written out."""
        rows = bytearray()
        for first in range(0, self.size, 256):
            rows += ROW.pack(_PLAIN, 2, number, first) + _FOLLOWING * (min(256, self.size - first) - 1)
        return bytes(rows)


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
        return self.add_deflated(entries, deflate(data, effort))

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

    def rows(self) -> bytes:
        """The cross-reference rows of these objects."""
        return b"".join(map(row_at, self.offsets))

    def joined(self) -> bytes:
        return b"".join(self._parts)


def row_at(offset: int) -> bytes:
    """The cross-reference row of an object that stands at this place."""
    return ROW.pack(_PLAIN, 1, offset, 0)


def stream(entries: bytes, data: bytes) -> bytes:
    """A stream object's body, its length first in the dictionary."""
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), entries, data)


def pack(first: int, bodies: list[bytes], effort: int) -> Packed:
    """An object stream (7.5.7) of *bodies*, which are numbered from *first*."""
    head, at = [], 0
    for number, body in enumerate(bodies, first):
        head.append(b"%d %d" % (number, at))
        at += len(body) + 1
    begin = b" ".join(head) + b"\n"
    data = deflate(begin + b"\n".join(bodies), effort)
    entries = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(bodies), len(begin))
    return Packed(stream(entries, data), len(bodies))


def deflate(data: bytes, effort: int = EVERY_TIME) -> bytes:
    """A zlib stream (RFC 1950)."""
    return bytes(zlib_compress(data, effort))


def read_rows(rows: bytes) -> list[int]:
    """The offsets of objects 0, 1, … as the rows of a cross-reference stream say; 0 for what has none of its own."""
    return [field if filtered == _PLAIN and kind == 1 else 0 for filtered, kind, field, _ in ROW.iter_unpack(rows)]


#: PDFDocEncoding (annex D.3) has Latin-1 where Latin-1 prints, and these below.
_TYPOGRAPHIC: Final = {"•": 0x80, "…": 0x83, "—": 0x84, "–": 0x85, "’": 0x90, "Œ": 0x96, "œ": 0x9C, "€": 0xA0}
_DOCUMENT_TEXT: Final = {ord(character): code for character, code in _TYPOGRAPHIC.items()}
_NOT_LATIN: Final = re.compile(f"[^ -~¡-¬®-ÿ{''.join(_TYPOGRAPHIC)}]")
_ESCAPED: Final = re.compile(rb"([()\\])")


def text_string(text: str) -> bytes:
    """A text string (7.9.2.2): in PDFDocEncoding where that has its characters, else in UTF-16."""
    if _NOT_LATIN.search(text):
        return b"<FEFF%b>" % text.encode("utf-16-be", "replace").hex().upper().encode()
    return b"(%b)" % literal(text.translate(_DOCUMENT_TEXT).encode("latin-1"))


def literal(data: bytes) -> bytes:
    """What stands between the parentheses of a literal string (7.3.4.2); *data* has no line ends."""
    return _ESCAPED.sub(rb"\\\1", data)


class Beginning:
    """What many streams have in common at their beginning, deflated once.

    Its blocks end on a byte, so that any stream's rest can be written behind them, and refer back to them."""

    def __init__(self, text: bytes) -> None:
        squeezer = zlib.compressobj(zlib.Z_BEST_COMPRESSION)
        self._text = text
        self._begun = squeezer.compress(text) + squeezer.flush(zlib.Z_FULL_FLUSH)
        self._sum = zlib.adler32(text)

    def deflate(self, rest: bytes) -> bytes:
        """The deflated stream of the beginning and *rest* (RFC 1950 and 1951)."""
        squeezer = zlib.compressobj(_EFFORT, zlib.DEFLATED, -_NEAR, _LITTLE, zdict=self._text)
        end = zlib.adler32(rest, self._sum).to_bytes(4, "big")
        return b"".join([self._begun, squeezer.compress(rest), squeezer.flush(), end])
