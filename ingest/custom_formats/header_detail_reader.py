"""Reads header-and-detail files by the issuer's profile: fixed width or delimited, several records of different types
per bill.

The profile's `tag` says where a record's type stands. The type's role says what it is for: it begins a bill, adds to
it, is one of its lines, holds for the whole feed, or is ignored. A trailer declares count and sum.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from bill import Finding, fatal
from ingest.custom_formats.field_names import TERMS
from ingest.custom_formats.gather_scattered_rows import RowRun, group_rows, times_apart
from ingest.custom_formats.record_mapper import (
    MOST_ROWS,
    MappedRecord,
    RecordMapper,
    check_terms,
    currency_known,
    read_trailer,
)
from ingest.custom_formats.text_rows import TextRow, delimited_rows, fixed_rows, sha_of, text_at
from ingest.items import BillDraft
from ingest.reader_interface import ReadContext
from issuers.file_layouts import FieldPosition, RecordLayout, RecordsLayout
from untrusted.feed_error import FeedError


def read_records(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the bills of a file of records; raises FeedError when the profile does not fit, or the trailer is missing
    or wrong."""
    form = read_context.profile.records
    assert form is not None
    terms = {term for kind in form.kinds.values() for term in kind.columns} | {*form.constants}
    check_terms(sorted(terms), "records.kinds")
    currency_known(terms, read_context, "records")
    check_places(form)
    apart = times_apart(source, lambda file: (run.number for run in _RecordGrouper(form).runs(_rows(file, form))))
    grouper, record_mapper = _RecordGrouper(form), RecordMapper(read_context, form)
    rows = _rows(source, form, read_context.findings)
    for run in group_rows(grouper.runs(rows), apart, read_context):
        yield record_mapper.draft(run.place, run.records, sha_of(run.rows))
    grouper.check_trailer(read_context)
    record_mapper.finish()


def _rows(source: BinaryIO, form: RecordsLayout, findings: list[Finding] | None = None) -> Iterator[TextRow]:
    if form.delimiter:
        return delimited_rows(source, form.encoding, form.delimiter, form.quote, findings)
    ends = [
        [sum(place) - 1 for place in kind.columns.values() if isinstance(place, tuple)] for kind in form.kinds.values()
    ]
    return fixed_rows(source, form.encoding, form.length, map(max, filter(None, ends)), findings)


def check_places(form: RecordsLayout) -> None:
    """Raise FeedError where two terms of one record type overlap in part. Equal positions, or one inside the other, are
    allowed."""
    for tag, kind in form.kinds.items():
        spans = sorted((place[0], sum(place), term) for term, place in kind.columns.items() if isinstance(place, tuple))
        for at, (first, end, term) in enumerate(spans):
            for start, stop, other in spans[at + 1 :]:
                if first < start < end < stop:
                    sentence, where = "{term} and {other} overlap: correct their places", f"records.kinds.{tag}.columns"
                    raise FeedError("PROFILE-OVERLAP", sentence, f"{where}.{other}", term=term, other=other)


@dataclass(slots=True)
class _RecordGrouper:
    """Groups the records of one file into bills; *open* is the bill whose records are being read."""

    form: RecordsLayout
    feed: dict[str, str] = field(default_factory=dict)  # what a record of the feed says of every bill
    open: RowRun | None = None
    counted: int = 0
    trailer: TextRow | None = None

    def runs(self, rows: Iterator[TextRow]) -> Iterator[RowRun]:
        """Yield the records of each bill."""
        for row in rows:
            if self.trailer is not None:
                message = "records follow the trailer: two files, one after the other?"
                raise FeedError("TRAILER-NOT-LAST", message, f"line {row.line}")
            tag = "" if self.form.tag is None else text_at(row, self.form.tag).strip()
            if self.form.trailer is not None and tag == self.form.trailer.tag:
                self.trailer = row
                continue
            kind = self._kind(tag, row)
            self.counted += 1
            if self._begins(kind, row):
                yield from self._close()
            self._take(kind, row)
        if self.form.trailer is not None and self.trailer is None:
            sentence = "the last record is no '{tag}': the file was cut off, send it again"
            raise FeedError("TRAILER-MISSING", sentence, "end of the file", tag=self.form.trailer.tag)
        yield from self._close()

    def _kind(self, tag: str, row: TextRow) -> RecordLayout:
        kind = self.form.kinds.get(tag)
        if kind is None:
            known = ", ".join(sorted(self.form.kinds))
            sentence = "nobody knows records of the kind '{tag}'; the profile has {known}"
            raise FeedError("RECORD-KIND", sentence, f"line {row.line}", tag=tag[:40], known=known)
        return kind

    def _begins(self, kind: RecordLayout, row: TextRow) -> bool:
        """Return whether a bill begins at this record; with role `row`, all records of one number are one bill."""
        if kind.role == "row":
            number = text_at(row, kind.columns["number"]).strip()
            return self.open is None or not number or number != self.open.number
        return kind.role == "bill"

    def _take(self, kind: RecordLayout, row: TextRow) -> None:
        if kind.role == "skip":
            return
        texts = {term: text_at(row, place) for term, place in kind.columns.items()}
        if kind.role == "feed":
            self.feed.update(texts)
            return
        if kind.role in ("bill", "row") and self.open is None:
            self.open = RowRun(texts["number"].strip(), [], [])
        if self.open is None:
            message = "this record belongs to a bill, and none has begun"
            raise FeedError("RECORD-ORPHAN", message, f"line {row.line}")
        names = {term: _name(place) for term, place in kind.columns.items()}
        self.open.rows.append(row)
        self.open.records.append(MappedRecord(f"line {row.line}", texts, names, _cut(kind, row)))
        if len(self.open.rows) > MOST_ROWS:
            sentence = "more than {most} records belong to one bill"
            raise FeedError("LINES-TOO-MANY", sentence, f"line {row.line}", most=MOST_ROWS)

    def _close(self) -> Iterator[RowRun]:
        """Yield the open bill, if there is one."""
        if self.open is None:
            return
        run, self.open = self.open, None
        run.records[0].texts = {**self.feed, **run.records[0].texts}
        yield run

    def check_trailer(self, read_context: ReadContext) -> None:
        """Compare the trailer's declared count and sum, after the last record."""
        row, form = self.trailer, self.form
        if row is None or form.trailer is None:
            return
        columns = form.trailer.columns
        for term, place in columns.items():
            if not isinstance(place, int) and len(row.cells[0]) < sum(place) - 1 and term != "currency":
                sentence = "the trailer ends before {term} does: the file was cut off, send it again"
                raise FeedError("TRAILER-BROKEN", sentence, f"line {row.line}", term=term)
        texts = {term: text_at(row, place) for term, place in columns.items()}
        read_trailer(texts, f"line {row.line}", self.counted, form, read_context)


def _cut(kind: RecordLayout, row: TextRow) -> tuple[Finding, ...]:
    """Return findings for amounts and days that the end of the record cuts in two."""
    end = len(row.cells[0])
    sentence = "the record ends inside {term}, after {count} characters"
    return tuple(
        fatal("RECORD-SHORT", sentence, f"line {row.line}, {_name(place)}", term=term, count=end)
        for term, place in kind.columns.items()
        if not isinstance(place, int) and place[0] <= end < sum(place) - 1 and TERMS[term] is not str
    )


def _name(place: FieldPosition) -> str:
    if isinstance(place, int):
        return f"column {place}"
    return f"characters {place[0]} to {place[0] + place[1] - 1}"
