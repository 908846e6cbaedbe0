"""PDF objects as bytes, in order, with their offsets (ISO 32000-1, 7.3 and 7.5)."""

import re
from typing import Final, NamedTuple

from deflate import zlib_compress

#: Deflate's effort (libdeflate's levels): for what is made once for many bills; and for what each bill pays again, text
#: in which much comes again, and drawing, in which little does.
ONCE: Final = 12
TEXT: Final = 4
DRAWING: Final = 1
_STREAM_ENDS: Final = b"\nendstream\nendobj\n"


class Run(NamedTuple):
    """Objects that many bills have, one after another, and where each begins in them."""

    body: bytes
    offsets: tuple[int, ...]


class Objects:
    """A run of numbered objects that will stand at *offset* in the file, the first one numbered *number*.

    In a bill's, leaves stand between its own bytes: what other bills have as well, and none of them says."""

    def __init__(self, number: int, offset: int) -> None:
        self.next_number = number
        self.offsets: list[int] = []
        self._parts: list[bytes] = []
        self._leaves: list[int] = []
        self._end = offset

    def add(self, body: bytes) -> int:
        """Append one object; gives its number."""
        number = self._begin()
        self.add_raw(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def add_stream(self, entries: bytes, data: bytes, effort: int = DRAWING) -> int:
        """Append a stream whose *data* is deflated here; *entries* are its dictionary's other entries."""
        return self.add(stream(b"/Filter/FlateDecode" + entries, deflate(data, effort)))

    def add_woven(self, entries: bytes, parts: list[bytes]) -> int:
        """Append a stream that is deflated already: its own parts and leaves by turns (`render.fragments.deflate`)."""
        number, length, first = self._begin(), sum(map(len, parts)), len(self._parts)
        head = b"%d 0 obj\n<</Length %d/Filter/FlateDecode%b>>\nstream\n" % (number, length, entries)
        self._parts += [head, *parts, _STREAM_ENDS]
        self._leaves += range(first + 2, first + 1 + len(parts), 2)
        self._end += len(head) + length + len(_STREAM_ENDS)
        return number

    def add_run(self, run: Run) -> None:
        """Append what many bills have, and is numbered from the next number here."""
        self.next_number += len(run.offsets)
        self.offsets += [self._end + offset for offset in run.offsets]
        self._leaves.append(len(self._parts))
        self.add_raw(run.body)

    def add_raw(self, data: bytes) -> None:
        """Append bytes that are no object: a header, a comment."""
        self._parts.append(data)
        self._end += len(data)

    @property
    def end(self) -> int:
        """The offset after the last byte."""
        return self._end

    def run(self) -> Run:
        """These objects, begun at offset 0, for many bills."""
        return Run(self.joined(), tuple(self.offsets))

    def parts(self) -> list[bytes]:
        """What is written: own bytes and leaves by turns, own ones first and last."""
        turns: list[bytes] = []
        at = 0
        for leaf in self._leaves:
            turns += (b"".join(self._parts[at:leaf]), self._parts[leaf])
            at = leaf + 1
        return [*turns, b"".join(self._parts[at:])]

    def joined(self) -> bytes:
        return b"".join(self._parts)

    def _begin(self) -> int:
        self.offsets.append(self._end)
        self.next_number += 1
        return self.next_number - 1


def stream(entries: bytes, data: bytes) -> bytes:
    """A stream object's body, its length first in the dictionary."""
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), entries, data)


def pack(first: int, bodies: list[bytes], effort: int) -> bytes:
    """An object stream (7.5.7) of *bodies*, which are numbered from *first*."""
    head, at = [], 0
    for number, body in enumerate(bodies, first):
        head.append(b"%d %d" % (number, at))
        at += len(body) + 1
    begin = b" ".join(head) + b"\n"
    data = deflate(begin + b"\n".join(bodies), effort)
    return stream(b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(bodies), len(begin)), data)


def deflate(data: bytes, effort: int = DRAWING) -> bytes:
    """A zlib stream (RFC 1950)."""
    return bytes(zlib_compress(data, effort))


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
