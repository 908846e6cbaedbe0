"""Inspects a delimited sample (CSV and the like), one kind of row or several with a tag in the first column."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from ingest.sample_inspection.propose_terms import FieldValues, is_repeated, propose_terms
from ingest.sample_inspection.sample_text import SampleText
from ingest.sample_inspection.value_kinds import date_form, kinds_of, number_marks
from issuers.profile_studio.sample_report import SampleField, SampleReport, Setting
from untrusted.feed_error import FeedError

#: Rows that are looked at, examples that are shown of a field, and their longest.
MOST_ROWS: Final = 2_000
EXAMPLES: Final = 3
LONGEST_EXAMPLE: Final = 60
MOST_COLUMNS: Final = 200


def inspect_delimited(sample: SampleText, delimiter: str, present: Mapping[str, object]) -> SampleReport:
    """The report of a delimited sample; raises FeedError where it cannot be read."""
    lines = sample.text.splitlines(keepends=True)
    try:
        rows = [row for row in islice(csv.reader(lines, delimiter=delimiter), MOST_ROWS) if any(row)]
    except csv.Error as error:
        raise FeedError("CSV-BROKEN", "the row cannot be read: {reason}", reason=str(error)) from error
    if not rows:
        raise FeedError("FEED-EMPTY", "the file has no row")
    width = Counter(map(len, rows)).most_common(1)[0][0]
    if width > MOST_COLUMNS:
        raise FeedError("CSV-BROKEN", "a row has more than {most} columns", most=MOST_COLUMNS)
    has_header = is_header(rows)
    headings = [heading.strip() for heading in rows[0]] if has_header else []
    body = [row for row in rows[has_header:] if len(row) == width]
    found = [
        FieldValues(*_field(headings[at] if has_header else at + 1, [row[at].strip() for row in body]))
        for at in range(width)
    ]
    fields = propose_terms(found, present)
    numbers = next((each.values for each, field in zip(found, fields, strict=True) if field.term == "number"), ())
    settings: dict[str, Setting] = {
        "encoding": sample.encoding, "delimiter": delimiter, "header": has_header,
        "lines_per_bill": "many" if is_repeated(numbers) else "one", **value_settings([each.values for each in found]),
    }  # fmt: skip
    return SampleReport("delimited", rows=len(body), settings=settings, fields=fields)


def is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: every cell once, no amount and no date, and the rows below have some."""
    first = [cell.strip() for cell in rows[0]]
    if len(rows) < 2 or not all(first) or len(set(first)) < len(first):
        return False
    figures = {"amount", "date", "email", "iban"}
    below = [kinds_of([cell.strip()]).keys() for row in rows[1:6] for cell in row if cell.strip()]
    above = [kinds_of([cell]).keys() for cell in first]
    return not any(kinds & figures for kinds in above) and any(kinds & figures for kinds in below)


def value_settings(columns: Sequence[Sequence[str]]) -> dict[str, Setting]:
    """How amounts and dates of these columns are written, as a layout says it."""
    dates, amounts = [], []
    for values in columns:
        said = [value for value in values if value][:500]
        kinds = kinds_of(said)
        if "date" in kinds:
            dates.append(date_form(said))
        elif "amount" in kinds:
            amounts += said
    marks = number_marks(amounts)
    decimal = marks.decimal or ("," if marks.thousands == "." else "." if marks.thousands == "," else "")
    forms = tuple(form for form, _ in Counter(dates).most_common())
    written: dict[str, Setting] = {"decimal": decimal or ".", "thousands": marks.thousands}
    if forms:
        written["dates"] = forms[0] if len(forms) == 1 else forms
    return written


def examples_of(values: Sequence[str]) -> tuple[str, ...]:
    """The first different values, shortened."""
    return tuple(value[:LONGEST_EXAMPLE] for value in islice(dict.fromkeys(filter(None, values)), EXAMPLES))


def filled_share(values: Sequence[str]) -> int:
    """How many of the values are not empty, in percent."""
    return 100 * sum(map(bool, values)) // len(values) if values else 0


def _field(place: str | int, values: list[str]) -> tuple[SampleField, list[str]]:
    field = SampleField(
        place, place if isinstance(place, str) else "", examples=examples_of(values), filled=filled_share(values)
    )
    return field, values
