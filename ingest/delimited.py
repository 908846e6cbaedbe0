"""Delimited files (CSV and its kin) by the issuer's profile: one row a line of a bill, or one row a bill.

The terms a profile may map are those of `ingest.terms`. Rows of one bill stand together, with its number in each.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from typing import Any, BinaryIO, Final

from bill import Bill, Line, Party, PostalAddress, VatBreakdown, fatal, warning
from ingest.bill_maker import make_bill
from ingest.entry import Draft, FeedError
from ingest.reader import Desk
from ingest.terms import ONCE, TERMS, Kind, header, make_line, make_vat, parts, whereabouts
from ingest.values import NotAValueError, decimal, sensible, words
from ingest.walk import Found, Sheet
from issuers.profile import Delimited, Profile

#: One more row of one bill is kept at a time; more than this is no bill.
MOST_ROWS: Final = 20_000
_LONGEST_LINE: Final = 1_000_000
_DEFAULT_CURRENCY: Final = "EUR"


@dataclass(frozen=True, slots=True)
class _Row:
    line: int  # of the file, counted from 1
    cells: list[str]


def read_delimited(source: BinaryIO, desk: Desk) -> Iterator[Draft]:
    """The bills of a delimited file. FeedError when the profile does not fit the file, or the file breaks off."""
    form = desk.profile.delimited
    assert form is not None
    rows = _rows(source, form)
    headings = next(rows, None) if form.header else None
    columns = _columns(form, headings)
    if "currency" not in TERMS.keys() & {*form.columns, *form.constants}:
        message = f"no column gives the currency, so it is {_DEFAULT_CURRENCY}; say it in constants"
        desk.said.append(warning("BR-05", message, "delimited.constants.currency"))
    width = len(headings.cells) if headings else 1 + max(columns.values())
    by_number = groupby(rows, key=lambda row: _number(row, columns)) if form.lines_per_bill == "many" else None
    groups = ([row] for row in rows) if by_number is None else (_bounded(group) for _, group in by_number)
    clerk = _Clerk(desk.profile, form, columns, width)
    last = None
    for group in groups:
        last = group[-1]
        yield clerk.draft(group)
    if last and len(last.cells) < width:
        message = f"the last row has {len(last.cells)} columns of {width}: the file was cut off, send it again"
        raise FeedError("CSV-TRUNCATED", message, f"line {last.line}")


def _bounded(group: Iterator[_Row]) -> list[_Row]:
    rows = []
    for row in group:
        rows.append(row)
        if len(rows) > MOST_ROWS:
            raise FeedError("LINES-TOO-MANY", f"more than {MOST_ROWS} rows have the same number", f"line {row.line}")
    return rows


def _number(row: _Row, columns: dict[str, int]) -> str:
    place = columns.get("number", -1)
    return row.cells[place].strip() if 0 <= place < len(row.cells) else f"\x00{row.line}"


def _columns(form: Delimited, headings: _Row | None) -> dict[str, int]:
    """Term -> place in the row, from 0. FeedError names the key of the profile that does not fit."""
    for term in (*form.columns, *form.constants):
        if term not in TERMS:
            message = f"{term!r} is no term of a bill; these are: {', '.join(sorted(TERMS))}"
            raise FeedError("PROFILE-TERM", message, f"delimited.columns.{term}")
    if form.header and headings is None:
        raise FeedError("FEED-EMPTY", "the file has no heading and no row", "line 1")
    places = {words(heading) or "": place for place, heading in enumerate(headings.cells)} if headings else {}
    found = {}
    for term, column in form.columns.items():
        if isinstance(column, int) and column >= 1:
            found[term] = column - 1
        elif isinstance(column, str) and (heading := words(column) or "") in places:
            found[term] = places[heading]
        else:
            seen = ", ".join(places) or "no headings"
            message = f"the file has no column {column!r}; it has {seen}"
            raise FeedError("PROFILE-COLUMN", message[:1000], f"delimited.columns.{term}")
    return found


def _rows(source: BinaryIO, form: Delimited) -> Iterator[_Row]:
    """The rows that are not blank. FeedError at bytes that are no text, at NUL, and where quotes do not end."""
    lines = _lines(source, form.encoding)
    if form.quote:
        reader = csv.reader(lines, delimiter=form.delimiter, quotechar=form.quote, strict=True)
    else:
        reader = csv.reader(lines, delimiter=form.delimiter, quotechar=None, quoting=csv.QUOTE_NONE, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                yield _Row(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise FeedError("CSV-BROKEN", f"the row cannot be read: {error}", f"line {line}") from error


def _lines(source: BinaryIO, encoding: str) -> Iterator[str]:
    """The text, line by line, decoded by hand so that the place of a wrong byte is known and nobody closes *source*."""
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)()
    text, number = "", 1
    while True:
        block = source.read(1 << 16)
        try:
            text += decoder.decode(block, final=not block)
        except UnicodeError as error:
            message = f"a byte here is no {encoding}: correct delimited.encoding or the file ({error})"
            raise FeedError("CSV-ENCODING", message[:300], f"after line {number + text.count(chr(10))}") from error
        *whole, text = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text) if block else [*text.splitlines(keepends=True), ""]
        for piece in whole:
            if "\x00" in piece:
                raise FeedError("CSV-ENCODING", "a NUL character is in the text: the file is damaged", f"line {number}")
            number += 1
            yield piece
        if len(text) > _LONGEST_LINE:
            raise FeedError("CSV-BROKEN", f"a line has more than {_LONGEST_LINE} characters", f"line {number}")
        if not block:
            return


class _Clerk:
    """Makes drafts from rows, by one profile."""

    def __init__(self, profile: Profile, form: Delimited, columns: dict[str, int], width: int) -> None:
        self._profile, self._form, self._columns, self._width = profile, form, columns, width
        self._read: dict[Kind, Callable[[str], Any]] = {str: words, Decimal: self._amount, date: self._day}

    def draft(self, rows: list[_Row]) -> Draft:
        """The bill of these rows; what is wrong in one of them rejects the bill, and nothing else."""
        sheet = Sheet(self._profile.acceptance)
        first, last = rows[0].line, rows[-1].line
        place = f"line {first}" if first == last else f"lines {first} to {last}"
        found: Found = {}
        lines: list[Line] = []
        vat: list[VatBreakdown] = []
        for row in rows:
            said = self._cells(row, sheet)
            self._once(said, found, row, sheet)
            by_part = parts(said)
            if "line" in by_part:
                lines.append(make_line(by_part["line"]))
            if "vat" in by_part:
                vat.append(make_vat(by_part["vat"]))
        bill = self._bill(found, lines, list(dict.fromkeys(vat)), sheet)
        number = found.get("number")
        return Draft(place, _sha(rows), bill, number, sheet.findings, whereabouts(found))

    def _bill(self, found: Found, lines: list[Line], vat: list[VatBreakdown], sheet: Sheet) -> Bill | None:
        terms = header(found)
        terms.setdefault("currency", _DEFAULT_CURRENCY)
        terms.setdefault("seller", _issuer(self._profile))
        if lines:
            terms["lines"] = lines
        if vat:
            terms["vat"] = vat
        return make_bill(terms, sheet)

    def _cells(self, row: _Row, sheet: Sheet) -> Found:
        """Term -> value of one row, constants among them."""
        if len(row.cells) < self._width or (self._form.header and any(row.cells[self._width :])):
            message = f"this row has {len(row.cells)} columns, not {self._width}: it is cut off, or a quote is missing"
            sheet.findings.append(fatal("CSV-COLUMNS", message, f"line {row.line}"))
        texts = dict(self._form.constants)
        texts.update((term, row.cells[at]) for term, at in self._columns.items() if at < len(row.cells))
        found: Found = {}
        for term, text in texts.items():
            if text.strip():
                try:
                    found[term] = self._read[TERMS[term]](text)
                except NotAValueError as fault:
                    sheet.findings.append(fatal(fault.rule, f"{term}: {fault}", f"line {row.line}, {self._name(term)}"))
        return found

    def _once(self, said: Found, found: Found, row: _Row, sheet: Sheet) -> None:
        """Terms of the whole bill are the same in all its rows, or stand in one of them."""
        for term in said.keys() & ONCE.keys():
            if found.setdefault(term, said[term]) != said[term]:
                message = f"{term} is {said[term]} here and {found[term]} in an earlier row of the same bill"
                sheet.findings.append(fatal("CSV-DIFFERS", message[:300], f"line {row.line}, {self._name(term)}"))

    def _name(self, term: str) -> str:
        column = self._form.columns.get(term, term)
        return f"column {column}"

    def _amount(self, text: str) -> Decimal:
        text = text.strip().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
        if self._form.thousands:
            text = _without_thousands(text, self._form.thousands.replace("\N{NO-BREAK SPACE}", " "), self._form.decimal)
        if self._form.decimal == ",":
            if "." in text:
                raise NotAValueError("AMOUNT-INVALID", f"{text[:40]!r} has a point, and the profile says decimal comma")
            text = text.replace(",", ".")
        return decimal(text)

    def _day(self, text: str) -> date:
        return _day(text.strip(), self._form.dates)


@lru_cache(maxsize=1024)
def _day(text: str, form: str) -> date:
    try:
        return sensible(datetime.strptime(text, form).date())  # noqa: DTZ007 - a day, no instant
    except ValueError as error:
        raise NotAValueError("DATE-INVALID", f"{text[:40]!r} is no date of the form {form}") from error


def _without_thousands(text: str, mark: str, point: str) -> str:
    """`1 234,50` without its mark; a mark that does not part three digits is no mark of thousands."""
    whole, _, rest = text.partition(point)
    if mark in whole and not re.fullmatch(rf"[+-]?[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})*", whole):
        raise NotAValueError("AMOUNT-INVALID", f"{text[:40]!r} has its thousands in the wrong places")
    return whole.replace(mark, "") + (f"{point}{rest}" if rest else "")


def _issuer(profile: Profile) -> Party:
    """The seller where no column names one: the issuer itself, as its profile says."""
    sender = profile.sender
    address = PostalAddress(
        line1=sender.line1, line2=sender.line2, postcode=sender.postcode, city=sender.city, country=sender.country
    )
    return Party(name=profile.name, vat_id=sender.vat_id, address=address)


def _sha(rows: list[_Row]) -> str:
    """Of the cells, so that another quoting or line end of the same rows is the same item."""
    return sha256("\x1e".join("\x1f".join(row.cells) for row in rows).encode()).hexdigest()
