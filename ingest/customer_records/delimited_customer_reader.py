"""Reads a delimited customer file (CSV and the like) by the profile's `[customers]` table: a row an account."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import BinaryIO
from unicodedata import category, normalize

from bill import Finding, fatal
from bill.customer.record_builder import BuiltRecord, build_customer_record
from bill.customer.record_json import read_moment
from ingest.custom_formats.spreadsheet_damage import check_number, check_whole, unguarded
from ingest.custom_formats.text_rows import TextRow, delimited_rows
from ingest.customer_records.customer_item import CustomerItem, item_of
from issuers.customer_layout import CustomerLayout, date_patterns
from untrusted.feed_error import FeedError
from untrusted.value_parsing import NotAValueError


def read_delimited_customers(source: BinaryIO, form: CustomerLayout, findings: list[Finding]) -> Iterator[CustomerItem]:
    """Yield the rows of the file as customers; raises FeedError when the profile does not fit it, or it breaks off."""
    if not form.columns:
        sentence = "the profile has no columns of a customer file: name them in [customers.columns]"
        raise FeedError("PROFILE-CUSTOMERS", sentence, "customers.columns")
    rows = delimited_rows(source, form.encoding, form.delimiter, form.quote, findings)
    headings = next(rows, None) if form.header else None
    if form.header and headings is None:
        raise FeedError("FEED-EMPTY", "the file has no heading and no row", "line 1")
    columns = _columns(form, headings)
    width = len(headings.cells) if headings else 1 + max(columns.values())
    table = _CustomerTable(form, columns, width)
    last = None
    for seq, row in enumerate(rows, 1):
        last = row
        yield item_of(seq, f"line {row.line}", table.record(row))
    if last and len(last.cells) < width:
        sentence = "the last row has {count} columns of {due}: the file was cut off, send it again"
        raise FeedError("CSV-TRUNCATED", sentence, f"line {last.line}", count=len(last.cells), due=width)


class _CustomerTable:
    """The columns of one file, by which its rows are read."""

    def __init__(self, form: CustomerLayout, columns: Mapping[str, int], width: int) -> None:
        self._form, self._columns, self._width = form, columns, width

    def record(self, row: TextRow) -> BuiltRecord:
        """The record of one row; refused where it has too few or too many columns, or a spreadsheet has damaged its
        number."""
        place = f"line {row.line}"
        if len(row.cells) < self._width or (self._form.header and any(row.cells[self._width :])):
            sentence = "this row has {count} columns, not {due}: it is cut off, or a quote is missing"
            values = {"count": len(row.cells), "due": self._width}
            return BuiltRecord(None, (fatal("CSV-COLUMNS", sentence, place, **values),), None)
        texts: dict[str, str | None] = dict(self._form.constants)
        texts |= {term: self._text(row.cells[at]) for term, at in self._columns.items()}
        number = texts.get("number") or ""
        try:
            check_number(number)
            check_whole(number)
        except NotAValueError as fault:
            said = fatal(fault.rule, fault.sentence, f"{place}, number", **fault.values)
            return BuiltRecord(None, (said,), number)
        return build_customer_record(texts, place, self._day, self._moment)

    def _text(self, cell: str) -> str | None:
        text = unguarded(cell).strip()
        if not text:
            return None if self._form.empty == "removed" else ""
        return None if text == self._form.removed else text

    def _day(self, text: str) -> date:
        return _parsed(text, date_patterns(self._form.dates)).date()

    def _moment(self, text: str) -> datetime:
        try:
            moment = _parsed(text, date_patterns(self._form.moments))
        except ValueError:
            return read_moment(text, self._form.zone)
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._form.zone)).astimezone(UTC)


def _parsed(text: str, patterns: tuple[str, ...]) -> datetime:
    for pattern in patterns:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - the caller knows the zone
        except ValueError:
            continue
    raise ValueError(text)


def _columns(form: CustomerLayout, headings: TextRow | None) -> dict[str, int]:
    """Return the index of each term's column, from 0; the FeedError names the profile's key that does not fit."""
    names = [_plain(heading) for heading in headings.cells] if headings else []
    places = {name: place for place, name in enumerate(names)}
    looks = Counter(name.casefold() for name in names)
    found = {}
    for term, column in form.columns.items():
        if isinstance(column, int):
            found[term] = column - 1
            continue
        heading = _plain(column)
        if heading not in places:
            sentence, seen = "the file has no column '{column}'; it has {seen}", ", ".join(places)
            raise FeedError("PROFILE-COLUMN", sentence, f"customers.columns.{term}", column=column, seen=seen)
        if (count := looks[heading.casefold()]) > 1:
            sentence = "the heading '{column}' stands {count} times: nobody can tell which one is meant"
            raise FeedError("CSV-HEADING-TWICE", sentence, f"column {heading}", column=heading, count=count)
        found[term] = places[heading]
    return found


def _plain(heading: str) -> str:
    """Return a heading for comparison: single spaces, no zero-width marks, Unicode normalised."""
    return " ".join("".join(c for c in normalize("NFC", heading) if category(c) != "Cf").split())
