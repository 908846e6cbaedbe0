"""Splits EDIFACT bytes into segments (ISO 9735): service string advice (UNA), release character, the interchange's
character set."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from ingest.edifact.joined_lines import JoinedLines, is_cut_into_lines, without_line_ends
from untrusted.encodings.byte_order_mark import marked_encoding
from untrusted.encodings.one_byte_charset import decode_line, one_byte_charset
from untrusted.encodings.recoded_source import RecodedSource
from untrusted.feed_error import FeedError

_BLOCK: Final = 1 << 16
LONGEST_SEGMENT: Final = 100_000
_LARGEST_OBJECT: Final = 50_000_000
#: Bytes read behind an object, to see that UNP follows.
_AFTER_OBJECT: Final = 20
#: Syntax identifier (UNB 0001) -> character set.
CHARSETS: Final = {
    "UNOA": "ascii", "UNOB": "ascii", "UNOC": "iso8859-1", "UNOD": "iso8859-2", "UNOE": "iso8859-5",
    "UNOF": "iso8859-7", "UNOG": "iso8859-3", "UNOH": "iso8859-4", "UNOI": "iso8859-6", "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9", "UNOL": "iso8859-15", "UNOW": "utf-8", "UNOX": "utf-8", "UNOY": "utf-8",
}  # fmt: skip
#: The character set that systems really use when the declared one does not fit.
LIKELY: Final = "cp1252"
_BLANKS: Final = b" \t\r\n"
#: What may stand between interchanges where files were joined: blanks, and marks of the end or beginning of a file.
_JOINTS: Final = _BLANKS + b"\x1a" + BOM_UTF8
_controls = re.compile(rb"[\x80-\x9f]").search


class Segment(NamedTuple):
    """One segment. *number* counts from 1 at the first UNB of the file; elements and their components are text; *tag*
    is "" where it is no valid segment name."""

    number: int
    tag: str
    elements: list[list[str]]
    raw: bytes

    def get(self, element: int, component: int = 0) -> str:
        """Return a component (elements count from 1 after the tag, components from 0); "" when it is absent."""
        if element < len(self.elements):
            components = self.elements[element]
            if component < len(components):
                return components[component].strip()
        return ""

    def rest(self, element: int, start: int = 0) -> list[str]:
        """Return the non-empty components of an element from *start* on."""
        components = self.elements[element][start:] if element < len(self.elements) else []
        return [text for component in components if (text := component.strip())]

    @property
    def place(self) -> str:
        """The segment's place for findings: its number and tag."""
        return f"segment {self.number}, {self.tag}" if self.tag else f"segment {self.number}"


class ObjectPlace(NamedTuple):
    """Where the object of a package is in the file: its first byte, and its length."""

    at: int
    length: int


class Segments:
    """The segments of a file, read a block at a time. *guessed* says where the declared character set first proved
    wrong, *object* where the object of the last package (UNO) is."""

    def __init__(self, source: BinaryIO) -> None:
        self._source: BinaryIO | RecodedSource | JoinedLines = source
        head = source.read(_BLOCK)
        marked, length = marked_encoding(head)
        if marked not in ("", "utf-8"):
            source.seek(0)
            self._source = RecodedSource(source, marked)
            head, length = self._source.read(_BLOCK), 0
        self._marked = "utf-8" if marked else ""
        start = head[length:].lstrip(_BLANKS)
        self._advice = start[3:9] if start.startswith(b"UNA") else b""
        marks = self._advice or b":+.? '"
        self._component, self._element, self._release, self._end = (marks[at : at + 1] for at in (0, 1, 3, 5))
        self._package = b"UNO" + self._element
        if self._advice and not _sensible(self._advice):
            raise FeedError("EDI-UNA", "the service string advice (UNA) names marks that cannot part segments", "UNA")
        self._rest = start[9:] if self._advice else start
        if is_cut_into_lines(head, self._end):
            self._source, self._rest = JoinedLines(self._source), without_line_ends(self._rest)
        self._charset = self._marked or "ascii"
        self.guessed = ""
        self.object: ObjectPlace | None = None
        element, component = self._element.decode(), self._component.decode()
        release = self._release.decode()
        self._marks = (element, component, release)
        one, other = re.escape(element + component), re.escape(release)
        self._piece = re.compile(rf"((?:[^{one}{other}]|{other}(?:.|\Z))*+)([{one}]|\Z)", re.DOTALL)
        self._released = re.compile(f"{other}(.)", re.DOTALL)

    def __iter__(self) -> Iterator[Segment]:
        for number, raw in enumerate(self._raw(), start=1):
            yield self._segment(number, raw)

    def _raw(self) -> Iterator[bytes]:
        """Yield the bytes of each segment; raises FeedError when the last one has no end, or one is too long."""
        pending = self._rest
        number = 0
        while True:
            may_be_package = self._package in pending
            *whole, pending = pending.split(self._end)
            held = b""
            for at, piece in enumerate(whole, 1):
                held += piece
                if self._is_released(held):
                    held += self._end
                    continue
                segment, held = held.lstrip(_JOINTS), b""
                if segment.startswith(b"UNA") and segment[3:8] == self._advice[:5] != b"":
                    continue
                number += 1
                if may_be_package and segment.startswith(self._package):
                    pending = self._pass_object(segment, number, self._end.join([*whole[at:], pending]))
                    yield segment
                    break
                yield segment
            else:
                pending = held + pending
                if len(pending) > LONGEST_SEGMENT:
                    sentence, place = "more than {most} bytes without the end of a segment", f"segment {number + 1}"
                    raise FeedError("EDI-SEGMENT-TOO-LONG", sentence, place, most=LONGEST_SEGMENT)
                block = self._source.read(_BLOCK)
                if not block:
                    break
                pending += block
        if pending.strip(_JOINTS):
            raise _truncated(number)

    def _pass_object(self, raw: bytes, number: int, rest: bytes) -> bytes:
        """Pass over the object behind a UNO, by the length that it says, and keep its place; returns the bytes after
        it. A line end between UNO and the object, as between segments, is no part of it."""
        segment = self._segment(number, raw)
        said = segment.get(4)
        if not (said.isascii() and said.isdigit() and len(said) < 11) or isinstance(
            self._source, RecodedSource | JoinedLines
        ):
            sentence = "UNO does not say how long its object is: nobody can tell where it ends"
            raise FeedError("EDI-PACKAGE", sentence, segment.place)
        length, at = int(said), self._source.tell() - len(rest)
        if length > _LARGEST_OBJECT:
            sentence = "an object of {count} bytes is larger than any attachment"
            raise FeedError("EDI-PACKAGE", sentence, segment.place, count=length)
        while len(rest) < length + _AFTER_OBJECT and (block := self._source.read(_BLOCK)):
            rest += block
        for begin in (0, *(len(end) for end in (b"\r\n", b"\n") if rest.startswith(end))):
            if rest[begin + length :].lstrip(_BLANKS).startswith(b"UNP"):
                self.object = ObjectPlace(at + begin, length)
                return rest[begin + length :]
        if len(rest) < length:
            raise _truncated(number)
        sentence = "the object has not the {count} bytes that UNO says: no UNP follows it"
        raise FeedError("EDI-PACKAGE", sentence, segment.place, count=length)

    def _is_released(self, piece: bytes) -> bool:
        """Return whether the separator after *piece* is text, because an odd number of release characters precedes
        it."""
        if self._release == b" " or not piece.endswith(self._release):
            return False
        return (len(piece) - len(piece.rstrip(self._release))) % 2 == 1

    def _segment(self, number: int, raw: bytes) -> Segment:
        text = self._text(number, raw)
        element, component, release = self._marks
        if release in text and release != " ":
            elements = self._unreleased(text)
        else:
            elements = [part.split(component) for part in text.split(element)]
        tag = elements[0][0].strip()
        if not (len(tag) == 3 and tag.isascii() and tag.isalnum()):
            tag = ""
        if tag == "UNB":
            self._charset = self._declared(elements)
        return Segment(number, tag, elements, raw)

    def _declared(self, elements: list[list[str]]) -> str:
        name = elements[1][0] if len(elements) > 1 else ""
        if name not in CHARSETS:
            raise FeedError("EDI-CHARSET", "nobody knows the character set '{name}'", "UNB", name=name[:20])
        return self._marked or CHARSETS[name]

    def _text(self, number: int, raw: bytes) -> str:
        if raw.isascii():
            return raw.decode("ascii")
        text, is_guessed = _decoded(raw, self._charset)
        if is_guessed:
            self.guessed = self.guessed or f"segment {number}"
        return text

    def _unreleased(self, text: str) -> list[list[str]]:
        element, _, release = self._marks
        elements: list[list[str]] = [[]]
        for match in self._piece.finditer(text):
            piece = match[1]
            elements[-1].append(self._released.sub(r"\1", piece) if release in piece else piece)
            if not match[2]:
                break
            if match[2] == element:
                elements.append([])
        return elements


def _sensible(advice: bytes) -> bool:
    """Return whether the separators differ from each other and from letters, digits and the minus sign."""
    marks = [advice[at : at + 1] for at in (0, 1, 3, 5)]
    if len(advice) < 6 or len({*marks}) < 4 or not all(mark.isascii() for mark in marks):
        return False
    return not any(mark.isalnum() or mark == b"-" for mark in marks) and all(m not in _BLANKS for m in marks[:2])


def _truncated(number: int) -> FeedError:
    message = "the file ends inside a segment: it was cut off on the way, send it again"
    return FeedError("EDI-TRUNCATED", message, f"segment {number + 1}")


def _decoded(raw: bytes, declared: str) -> tuple[str, bool]:
    """Return the text of a segment, and whether its bytes were not of the declared character set, but of the one that
    they look like."""
    if declared != "ascii":
        charset = one_byte_charset(declared)
        try:
            text, is_utf8 = decode_line(raw, charset) if charset else (raw.decode(declared), False)
        except UnicodeDecodeError:
            pass
        else:
            return text, is_utf8 or (charset != "" and _controls(raw) is not None)
    for charset in ("utf-8", LIKELY):
        try:
            return raw.decode(charset), True
        except UnicodeDecodeError:
            continue
    return raw.decode("iso8859-1"), True
