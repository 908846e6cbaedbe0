"""The lines of a sender's file that a finding is about, to be shown to whoever makes the file.

The file is not parsed: its place says where to look (`invoice 3, line 45`), and the finding's values what to mark
there.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Final, NamedTuple

from bill import Value
from untrusted.archives.archive_member import shown
from untrusted.archives.gzip import GZIP
from untrusted.archives.zip import BROKEN, ZIP
from untrusted.encodings.byte_order_mark import marked_encoding

#: Of a file, so many bytes from its beginning are looked at.
MOST_READ: Final = 16 << 20
#: An entry is looked through for so many characters.
_LONGEST_ENTRY: Final = 64 << 10
#: Of an archive of more members nothing is shown: their list alone would take long to read.
_MOST_MEMBERS: Final = 10_000
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
#: A line is cut to so many characters on each side of what is marked.
_SIDE: Final = 90
#: So many lines stand before and after it.
_AROUND: Final = 1
_LINE: Final = re.compile(r"\blines? (\d+)")
_COLUMN: Final = re.compile(r"\bline \d+, column (\d+)")
_INVOICE: Final = re.compile(r"\binvoice (\d+)")
#: What an invoice begins with, in the syntaxes that we read.
_ROOT: Final = re.compile(r"<(?:[\w.-]+:)?(?:Invoice|CreditNote|CrossIndustryInvoice)[\s>/]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class ExcerptLine(NamedTuple):
    """A line of the file by its number, from 1. *marked* is what the finding is about; "" in the lines around it."""

    number: int
    before: str
    marked: str = ""
    after: str = ""


def source_excerpt(content: bytes, place: str, values: Iterable[Value] = ()) -> list[ExcerptLine]:
    """Returns the lines at this place of a file, of which *content* is the beginning, with the first of *values* marked
    that stands there. Empty where the place is further on, or the file is no text that we can show."""
    text = _text(_unpacked(content, place))
    start = _start(text, place)
    if start is None:
        return []
    first, last = _marked(text, start, place, values)
    return list(_lines(text, first, last))


def _unpacked(content: bytes, place: str) -> bytes:
    """The file itself, or the beginning of the member of an archive that the place names."""
    if content.startswith(GZIP):
        try:
            return zlib.decompressobj(wbits=31).decompress(content, MOST_READ)
        except zlib.error:
            return b""
    return _of_member(content, place) if content.startswith(ZIP) else content


def _of_member(content: bytes, place: str) -> bytes:
    if content.count(_DIRECTORY_ENTRY) > _MOST_MEMBERS:
        return b""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for info in archive.infolist():
                if place == (name := shown(info.filename)) or place.startswith(f"{name}: "):
                    with archive.open(info) as file:
                        return file.read(MOST_READ)
    except BROKEN:
        pass
    return b""


def _text(content: bytes) -> str:
    """The text as a person would read it: a byte that is no character of it is shown by its number (`\\xe9`)."""
    encoding, length = marked_encoding(content[:4])
    text = content[length:].decode(encoding or "utf-8", "backslashreplace").replace("\r\n", "\n").replace("\r", "\n")
    head = text[:4096]
    return "" if len(_CONTROL.findall(head)) > len(head) // 50 else text


def _start(text: str, place: str) -> int | None:
    """Where the entry begins; None where it is not in the text."""
    if not text:
        return None
    if (invoice := _INVOICE.search(place)) is not None:
        nth = int(invoice[1])
        for n, root in enumerate(_ROOT.finditer(text), 1):
            if n == nth:
                return root.start()
    line = _LINE.search(place)
    if line is None:
        return 0 if place.endswith("document") else None
    return _start_of_line(text, int(line[1]))


def _start_of_line(text: str, number: int) -> int | None:
    at = 0
    for _ in range(number - 1):
        at = text.find("\n", at) + 1
        if not at:
            return None
    return at if at < len(text) else None


def _marked(text: str, start: int, place: str, values: Iterable[Value]) -> tuple[int, int]:
    """From where to where the first of the values stands in the entry; else the place itself."""
    if (column := _COLUMN.search(place)) is not None:
        at = min(start + int(column[1]) - 1, len(text) - 1)
        return at, at + 1
    following = _ROOT.search(text, start + 1)
    end = min(start + _LONGEST_ENTRY, following.start() if following else len(text))
    for form in _forms(values):
        if (found := form.search(text, start, end)) is not None:
            return found.span()
    return start, start


def _forms(values: Iterable[Value]) -> Iterable[re.Pattern[str]]:
    """How values may be written in a file: texts as they are, amounts with a point or a comma and further noughts."""
    for value in values:
        if isinstance(value, str):
            if len(value) > 1:
                yield re.compile(re.escape(value))
        elif not isinstance(value, bool):
            whole, _, cents = f"{abs(Decimal(value)).normalize():f}".partition(".")
            tail = rf"[.,]{cents}0*" if cents else r"(?:[.,]0+)?"
            yield re.compile(rf"(?<![\w.,]){whole}{tail}(?![\w]|[.,]\d)")


def _lines(text: str, first: int, last: int) -> Iterable[ExcerptLine]:
    begin = text.rfind("\n", 0, first) + 1
    number = text.count("\n", 0, begin) + 1
    around = _before(text, begin)
    for offset, line in enumerate(around, number - len(around)):
        yield ExcerptLine(offset, _cut(line))
    end = _end_of_line(text, last)
    before, marked, after = text[begin:first], text[first:last], text[last:end]
    yield ExcerptLine(number, _cut(before, from_end=True), marked[:_SIDE], _cut(after))
    number += marked.count("\n")
    for offset, line in enumerate(text[end + 1 : end + 1 + _LONGEST_ENTRY].split("\n")[:_AROUND], 1):
        if line:
            yield ExcerptLine(number + offset, _cut(line))


def _before(text: str, begin: int) -> Sequence[str]:
    """The lines before the one that begins here."""
    return text[max(0, begin - _LONGEST_ENTRY) : begin].split("\n")[:-1][-_AROUND:]


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _cut(line: str, *, from_end: bool = False) -> str:
    line = _CONTROL.sub("\ufffd", line)
    if len(line) <= _SIDE:
        return line
    return f"…{line[-_SIDE:]}" if from_end else f"{line[:_SIDE]}…"
