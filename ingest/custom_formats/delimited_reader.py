"""Reads delimited files (CSV and the like) by the issuer's profile: one row per line of a bill, or one row per bill.

The columns map to the terms of `ingest.custom_formats.field_names`. Every row of a bill carries its number; rows that
stand apart are grouped (`ingest.custom_formats.gather_scattered_rows`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import BinaryIO
from unicodedata import category, normalize

from bill import Finding, fatal
from ingest.custom_formats.gather_scattered_rows import RowRun, group_rows, times_apart
from ingest.custom_formats.record_mapper import (
    MOST_ROWS,
    MappedRecord,
    RecordMapper,
    check_terms,
    currency_known,
    read_trailer,
)
from ingest.custom_formats.text_rows import TextRow, delimited_rows, sha_of, text_at
from ingest.items import BillDraft
from ingest.reader_interface import ReadContext
from issuers.file_layouts import DelimitedLayout
from untrusted.feed_error import FeedError


def read_delimited(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the bills of a delimited file; raises FeedError when the profile does not fit the file, or the file breaks
    off."""
    form = read_context.profile.delimited
    assert form is not None
    rows = delimited_rows(source, form.encoding, form.delimiter, form.quote)
    headings = next(rows, None) if form.header else None
    columns = _columns(form, headings)
    currency_known({*form.columns, *form.constants}, read_context, "delimited")
    table = _DelimitedTable(form, columns, len(headings.cells) if headings else 1 + max(columns.values(), default=0))
    is_many = form.lines_per_bill == "many"
    apart = times_apart(source, table.numbers) if is_many else {}
    rows = table.body(source, read_context.findings)
    if form.trailer is not None:
        rows = _before_trailer(rows, form, read_context)
    record_mapper = RecordMapper(read_context, form)
    for run in group_rows(table.runs(rows) if is_many else map(table.alone, rows), apart, read_context):
        yield record_mapper.draft(run.place, run.records, sha_of(run.rows))
    record_mapper.finish()
    last = table.last
    if last and len(last.cells) < table.width:
        sentence = "the last row has {count} columns of {due}: the file was cut off, send it again"
        raise FeedError("CSV-TRUNCATED", sentence, f"line {last.line}", count=len(last.cells), due=table.width)


def _before_trailer(rows: Iterator[TextRow], form: DelimitedLayout, read_context: ReadContext) -> Iterator[TextRow]:
    """Yield the rows before the trailer; raises FeedError when the trailer is missing or not the last row."""
    assert form.trailer is not None
    counted = 0
    for row in rows:
        if row.cells[0].strip() == form.trailer.tag:
            break
        counted += 1
        yield row
    else:
        sentence = "the last row is no '{tag}': the file was cut off, send it again"
        raise FeedError("TRAILER-MISSING", sentence, "end of the file", tag=form.trailer.tag)
    after = next(rows, None)
    if after is not None:
        raise FeedError(
            "TRAILER-NOT-LAST", "rows follow the trailer: two files, one after the other?", f"line {after.line}"
        )
    texts = {term: text_at(row, place) for term, place in form.trailer.columns.items()}
    read_trailer(texts, f"line {row.line}", counted, form, read_context)


class _DelimitedTable:
    """The columns of one file, and its rows grouped by the bill's number."""

    def __init__(self, form: DelimitedLayout, columns: dict[str, int], width: int) -> None:
        self._form, self._columns, self.width = form, columns, width
        self._names = {term: f"column {form.columns[term]}" for term in columns}
        self.last: TextRow | None = None
        self._before = ""

    def body(self, source: BinaryIO, findings: list[Finding] | None = None) -> Iterator[TextRow]:
        """Return the rows below the headings, from the beginning of the file. What the encoding really was is added to
        *findings* at the end."""
        source.seek(0)
        rows = delimited_rows(source, self._form.encoding, self._form.delimiter, self._form.quote, findings)
        return islice(rows, 1, None) if self._form.header else rows

    def numbers(self, source: BinaryIO) -> Iterator[str]:
        """Return the bill number of each run of rows."""
        numbers = (number for number, _ in groupby(self.body(source), key=self.number))
        return (number for number in numbers if not number.startswith("\x00"))

    def runs(self, rows: Iterable[TextRow]) -> Iterator[RowRun]:
        """Yield runs of consecutive rows with the same number."""
        for number, group in groupby(rows, key=self.number):
            run = _bounded(group)
            self.last = run[-1]
            yield RowRun(number, run, [self.record(row) for row in run])

    def alone(self, row: TextRow) -> RowRun:
        """Return a row that is a bill by itself, as a run."""
        self.last = row
        return RowRun("", [row], [self.record(row)])

    def number(self, row: TextRow) -> str:
        """Return the bill number of a row. A row without one continues the bill before it when it has no issue date and
        no amount due either; otherwise it stands alone."""
        if not self._goes_on(row):
            self._before = self._at("number", row) or f"\x00{row.line}"
        return self._before

    def _goes_on(self, row: TextRow) -> bool:
        return not any(self._at(term, row) for term in ("number", "issue_date", "payable"))

    def _at(self, term: str, row: TextRow) -> str:
        place = self._columns.get(term, -1)
        return row.cells[place].strip() if 0 <= place < len(row.cells) else ""

    def record(self, row: TextRow) -> MappedRecord:
        """Return the mapped record of a row, with a fault where it has too few or too many columns, or no number."""
        place, cells = f"line {row.line}", row.cells
        texts = {term: cells[at] for term, at in self._columns.items() if at < len(cells)}
        record = MappedRecord(place, texts, self._names)
        if len(cells) < self.width or (self._form.header and any(cells[self.width :])):
            sentence = "this row has {count} columns, not {due}: it is cut off, or a quote is missing"
            record.faults = (fatal("CSV-COLUMNS", sentence, place, count=len(cells), due=self.width),)
        elif self._goes_on(row) and self._form.lines_per_bill == "many":
            sentence = "this row has no number: it seems to belong to the bill before it; put the number into each row"
            record.faults = (fatal("CSV-NO-NUMBER", sentence, place),)
        return record


def _bounded(group: Iterator[TextRow]) -> list[TextRow]:
    rows = []
    for row in group:
        rows.append(row)
        if len(rows) > MOST_ROWS:
            sentence = "more than {most} rows have the same number"
            raise FeedError("LINES-TOO-MANY", sentence, f"line {row.line}", most=MOST_ROWS)
    return rows


def _columns(form: DelimitedLayout, headings: TextRow | None) -> dict[str, int]:
    """Return the index of each term's column, from 0; the FeedError names the profile's key that does not fit."""
    check_terms((*form.columns, *form.constants), "delimited.columns")
    if form.header and headings is None:
        raise FeedError("FEED-EMPTY", "the file has no heading and no row", "line 1")
    names = [_plain(heading) for heading in headings.cells] if headings else []
    places = {name: place for place, name in enumerate(names)}
    looks = Counter(name.casefold() for name in names)
    found = {}
    for term, column in form.columns.items():
        if isinstance(column, int) and column >= 1:
            found[term] = column - 1
        elif isinstance(column, str) and (heading := _plain(column)) in places:
            if (count := looks[heading.casefold()]) > 1:
                sentence = "the heading '{column}' stands {count} times: nobody can tell which one is meant"
                place = f"line {headings.line if headings else 1}, column {heading}"
                raise FeedError("CSV-HEADING-TWICE", sentence, place, column=heading, count=count)
            found[term] = places[heading]
        else:
            place, seen = f"delimited.columns.{term}", ", ".join(places)
            sentence = "the file has no column '{column}'; it has {seen}" if seen else "the file has no headings"
            raise FeedError("PROFILE-COLUMN", sentence, place, column=column, seen=seen)
    return found


def _plain(heading: str) -> str:
    """Return a heading for comparison: single spaces, no zero-width marks, Unicode normalised."""
    seen = "".join(c for c in normalize("NFC", heading) if category(c) != "Cf")
    return " ".join(seen.split())
