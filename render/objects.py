"""PDF objects as bytes, in order, with their offsets (ISO 32000-1, 7.3 and 7.5)."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from deflate import zlib_compress

#: Deflate's effort for what is made once for many bills, and for what every bill pays again (libdeflate's levels).
ONCE: Final = 12
EVERY_TIME: Final = 4


class Leaf(bytes):
    """Bytes that many bills have, and that say nothing of any of them: kept once for many."""

    __slots__ = ()


class Run(NamedTuple):
    """Objects that many bills have, one after another, and where each begins in it."""

    body: Leaf
    offsets: tuple[int, ...]


class Objects:
    """A run of numbered objects that will stand at *offset* in the file, the first one numbered *number*."""

    def __init__(self, number: int, offset: int) -> None:
        self.next_number = number
        self.offsets: list[int] = []
        self.parts: list[bytes] = []
        self._end = offset

    def add(self, body: bytes) -> int:
        """Append one object; gives its number."""
        return self._add([b"%d 0 obj\n%b\nendobj\n" % (self.next_number, body)])

    def add_stream(self, entries: bytes, data: bytes, effort: int = EVERY_TIME) -> int:
        """Append a stream whose *data* is deflated here; *entries* are its dictionary's other entries."""
        return self.add(stream(b"/Filter/FlateDecode" + entries, deflate(data, effort)))

    def add_woven(self, entries: bytes, data: list[bytes]) -> int:
        """Append a stream whose *data* is deflated already, and has leaves among its parts (`render.blocks`)."""
        length = sum(map(len, data))
        head = b"%d 0 obj\n<</Length %d/Filter/FlateDecode%b>>\nstream\n" % (self.next_number, length, entries)
        return self._add([head, *data, b"\nendstream\nendobj\n"])

    def add_run(self, run: Run) -> None:
        """Append what stood elsewhere, whose numbers begin with the next one here."""
        self.next_number += len(run.offsets)
        self.offsets += [self._end + offset for offset in run.offsets]
        self.add_raw(run.body)

    def add_raw(self, data: bytes) -> None:
        """Append bytes that are no object: a header, a comment."""
        self.parts.append(data)
        self._end += len(data)

    @property
    def end(self) -> int:
        """The offset after the last byte."""
        return self._end

    def run(self) -> Run:
        """These objects for other bills too; they were begun at offset 0."""
        return Run(Leaf(self.joined()), tuple(self.offsets))

    def joined(self) -> bytes:
        return b"".join(self.parts)

    def turns(self) -> list[bytes]:
        """What is written, a bill's own bytes and leaves by turns: own ones first and last."""
        return list(_turns(self.parts))

    def _add(self, parts: list[bytes]) -> int:
        self.next_number += 1
        self.offsets.append(self._end)
        self.parts += parts
        self._end += sum(map(len, parts))
        return self.next_number - 1


def _turns(parts: list[bytes]) -> Iterator[bytes]:
    own: list[bytes] = []
    for part in parts:
        if isinstance(part, Leaf):
            yield b"".join(own)
            yield part
            own = []
        else:
            own.append(part)
    yield b"".join(own)


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


def deflate(data: bytes, effort: int = EVERY_TIME) -> bytes:
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
