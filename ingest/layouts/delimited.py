"""Delimited files (CSV and its kin) by the issuer's profile: one row a line of a bill, or one row a bill.

The terms a profile may map are those of `ingest.layouts.terms`. Rows of one bill stand together, with its
number in each.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import BinaryIO

from bill import fatal
from ingest.entry import Draft, FeedError
from ingest.layouts.clerk import MOST_ROWS, Clerk, Slip, check_terms, currency_known, read_trailer
from ingest.layouts.rows import Row, delimited_rows, sha_of, text_at
from ingest.reader import Desk
from issuers.layout import Delimited


def read_delimited(source: BinaryIO, desk: Desk) -> Iterator[Draft]:
    """The bills of a delimited file. FeedError when the profile does not fit the file, or the file breaks off."""
    form = desk.profile.delimited
    assert form is not None
    rows = delimited_rows(source, form.encoding, form.delimiter, form.quote)
    headings = next(rows, None) if form.header else None
    columns = _columns(form, headings)
    currency_known({*form.columns, *form.constants}, desk, "delimited")
    if form.trailer is not None:
        rows = _before_trailer(rows, form, desk)
    sheet = _Sheet(form, columns, len(headings.cells) if headings else 1 + max(columns.values(), default=0))
    by_number = groupby(rows, key=sheet.number) if form.lines_per_bill == "many" else None
    groups = ([row] for row in rows) if by_number is None else (_bounded(group) for _, group in by_number)
    clerk = Clerk(desk.profile, form)
    last = None
    for group in groups:
        last = group[-1]
        first = group[0].line
        place = f"line {first}" if first == last.line else f"lines {first} to {last.line}"
        yield clerk.draft(place, [sheet.slip(row) for row in group], sha_of(group))
    if last and len(last.cells) < sheet.width:
        sentence = "the last row has {count} columns of {due}: the file was cut off, send it again"
        raise FeedError("CSV-TRUNCATED", sentence, f"line {last.line}", count=len(last.cells), due=sheet.width)


def _before_trailer(rows: Iterator[Row], form: Delimited, desk: Desk) -> Iterator[Row]:
    """The rows before the trailer, which must be there and be the last."""
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
    read_trailer(texts, f"line {row.line}", counted, form, desk)


class _Sheet:
    """The columns of one file."""

    def __init__(self, form: Delimited, columns: dict[str, int], width: int) -> None:
        self._form, self._columns, self.width = form, columns, width
        self._names = {term: f"column {form.columns[term]}" for term in columns}

    def number(self, row: Row) -> str:
        """What the rows of one bill have in common; a row without it stands alone."""
        place = self._columns.get("number", -1)
        return row.cells[place].strip() if 0 <= place < len(row.cells) else f"\x00{row.line}"

    def slip(self, row: Row) -> Slip:
        place, cells = f"line {row.line}", row.cells
        texts = {term: cells[at] for term, at in self._columns.items() if at < len(cells)}
        slip = Slip(place, texts, self._names)
        if len(cells) < self.width or (self._form.header and any(cells[self.width :])):
            sentence = "this row has {count} columns, not {due}: it is cut off, or a quote is missing"
            slip.faults = (fatal("CSV-COLUMNS", sentence, place, count=len(cells), due=self.width),)
        return slip


def _bounded(group: Iterator[Row]) -> list[Row]:
    rows = []
    for row in group:
        rows.append(row)
        if len(rows) > MOST_ROWS:
            sentence = "more than {most} rows have the same number"
            raise FeedError("LINES-TOO-MANY", sentence, f"line {row.line}", most=MOST_ROWS)
    return rows


def _columns(form: Delimited, headings: Row | None) -> dict[str, int]:
    """Term -> place in the row, from 0. FeedError names the key of the profile that does not fit."""
    check_terms((*form.columns, *form.constants), "delimited.columns")
    if form.header and headings is None:
        raise FeedError("FEED-EMPTY", "the file has no heading and no row", "line 1")
    places = {_plain(heading): place for place, heading in enumerate(headings.cells)} if headings else {}
    found = {}
    for term, column in form.columns.items():
        if isinstance(column, int) and column >= 1:
            found[term] = column - 1
        elif isinstance(column, str) and (heading := _plain(column)) in places:
            found[term] = places[heading]
        else:
            place, seen = f"delimited.columns.{term}", ", ".join(places)
            sentence = "the file has no column '{column}'; it has {seen}" if seen else "the file has no headings"
            raise FeedError("PROFILE-COLUMN", sentence, place, column=column, seen=seen)
    return found


def _plain(heading: str) -> str:
    return " ".join(heading.split())
