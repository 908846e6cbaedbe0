"""Splits text files into rows: decodes piece by piece, splits by a delimiter or by fixed widths, and keeps line
numbers."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Final

from bill import Finding
from issuers.file_layouts import FieldPosition
from untrusted.encodings.text_decoder import TextDecoder
from untrusted.feed_error import FeedError

_BLOCK: Final = 1 << 16
_line_ends: Final = re.compile(r"(?<=\n)|(?<=\r)(?!\n)").split
LONGEST_LINE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row: the number of its first line in the file, and its cells."""

    line: int  # of the file, counted from 1
    cells: list[str]


def delimited_rows(
    source: BinaryIO, encoding: str, delimiter: str, quote: str, findings: list[Finding] | None = None
) -> Iterator[TextRow]:
    """Yield the rows that are not blank; raises FeedError at bytes that are no text, at NUL, and at a quote without an
    end. What the encoding really was is added to *findings* at the end."""
    lines = text_lines(source, encoding, findings=findings)
    if quote:
        reader = csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quotechar=None, quoting=csv.QUOTE_NONE, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                yield TextRow(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise FeedError("CSV-BROKEN", "the row cannot be read: {reason}", f"line {line}", reason=str(error)) from error


def fixed_rows(
    source: BinaryIO, encoding: str, length: int, widths: Iterable[int] = (), findings: list[Finding] | None = None
) -> Iterator[TextRow]:
    """Yield the records of a fixed-width file, each as one cell: *length* characters, or a line each where it is 0,
    whose whole length may be one of *widths*. What the encoding really was is added to *findings* at the end; raises
    FeedError where it moves the fields."""
    if length == 0:
        said, plain, lettered = len(findings or ()), {*widths}, set[int]()
        for number, line in enumerate(text_lines(source, encoding, findings=findings), start=1):
            if text := line.rstrip("\r\n\x1a"):
                (plain if text.isascii() else lettered).add(len(text))
                yield TextRow(number, [text])
        if len(findings or ()) > said and not lettered <= plain:
            sentence = "{encoding} is declared, and this is UTF-8 in fixed width: say in the profile which it is"
            raise FeedError("CSV-ENCODING", sentence, encoding=encoding)
        return
    pending, number = "", 0
    for line in text_lines(source, encoding, None, findings):
        pending += line
        while len(pending) >= length:
            number += 1
            yield TextRow(number, [pending[:length]])
            pending = pending[length:].lstrip("\r\n")
    if pending.strip():
        sentence = "the last record has {count} characters of {due}: the file was cut off, send it again"
        raise FeedError("RECORD-TRUNCATED", sentence, f"record {number + 1}", count=len(pending), due=length)


def text_lines(
    source: BinaryIO, encoding: str, longest: int | None = LONGEST_LINE, findings: list[Finding] | None = None
) -> Iterator[str]:
    """Yield the text line by line, decoded here so that the place of a wrong byte is known and *source* stays open.
    Without *longest*, a piece read so far also counts as a line. What the encoding really was is added to *findings*
    at the end."""
    decoder = TextDecoder(encoding)
    text, number = "", 1
    while True:
        block = source.read(_BLOCK)
        try:
            text += decoder.decode(block, final=not block)
        except UnicodeError as error:
            sentence = "a byte here is no {encoding}: correct the profile's encoding or the file"
            place = f"after line {number + text.count(chr(10))}"
            raise FeedError("CSV-ENCODING", sentence, place, encoding=encoding) from error
        *whole, text = _line_ends(text)
        if longest is None or not block:
            whole, text = [*whole, text] if text else whole, ""
        for piece in whole:
            if "\x00" in piece:
                raise FeedError("CSV-ENCODING", "a NUL character is in the text: the file is damaged", f"line {number}")
            number += 1
            yield piece
        if longest is not None and len(text) > longest:
            raise FeedError("CSV-BROKEN", "a line has more than {most} characters", f"line {number}", most=longest)
        if not block:
            if findings is not None:
                findings += decoder.findings()
            return


def text_at(row: TextRow, place: FieldPosition) -> str:
    """Return the text of a column, or of a position `[from, length]`; "" beyond the end of the record."""
    if isinstance(place, int):
        return row.cells[place - 1] if place <= len(row.cells) else ""
    start, length = place
    return row.cells[0][start - 1 : start - 1 + length]


def sha_of(rows: list[TextRow]) -> str:
    """Return the sha256 of the cells; other quotes or line ends of the same rows give the same digest."""
    return sha256("\x1e".join("\x1f".join(row.cells) for row in rows).encode()).hexdigest()
