"""Layouts of an issuer's own file formats: the profile's `[delimited]`, `[records]`, `[json]` and `[xml]` tables.

A term is a field of the bill by its name (`number`, `buyer.city`, `line.net_amount`);
`ingest.custom_formats.field_names` lists them.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from issuers.profile_section import ProfileError, Section

#: The position of a value in a record: a column from 1 or, in fixed width, `[from, length]` from 1.
FieldPosition = int | tuple[int, int]


class AmountAndDateFormat(Section, frozen=True):
    """How amounts and dates are written. Of several date formats the first that fits is used.

    *decimals* are implied: with 2, `0008420` is 84.20 wherever no decimal mark is written.
    """

    encoding: str = "utf-8"
    decimal: Literal[",", "."] = ","
    thousands: str = ""
    decimals: Annotated[int, msgspec.Meta(ge=0, le=6)] = 0
    signs: Literal["leading", "trailing", "overpunch"] = "leading"
    dates: str | tuple[str, ...] = "%d/%m/%Y"
    constants: dict[str, str] = msgspec.field(default_factory=dict)


class TrailerLayout(Section, frozen=True):
    """The last record, with the file's totals: *columns* gives `count` (bills), `records` (all between the first and
    the trailer), `sum` (payable amounts), `currency`."""

    tag: str
    columns: dict[str, FieldPosition] = msgspec.field(default_factory=dict)


class DelimitedLayout(AmountAndDateFormat, frozen=True, kw_only=True):
    """A delimited file (CSV and similar): one row a bill line, or one row a bill.

    *columns* maps a term to a heading of the file, or to a column number from 1 where there is no heading. *constants*
    gives a term that no column has. A *trailer* has its tag in the first column.
    """

    columns: dict[str, str | int]
    delimiter: str = ";"
    quote: str = '"'
    header: bool = True
    lines_per_bill: Literal["one", "many"] = "many"
    trailer: TrailerLayout | None = None


class RecordLayout(Section, frozen=True):
    """One kind of record. `bill` begins a bill; `part` adds to it (its terms say what: the bill's own, one `line.`, one
    row of `vat.`); `row` is a whole row, and rows of one number are one bill; `feed` has values for every bill."""

    role: Literal["bill", "part", "row", "feed", "skip"]
    columns: dict[str, FieldPosition] = msgspec.field(default_factory=dict)


class RecordsLayout(AmountAndDateFormat, frozen=True, kw_only=True):
    """Header and detail records, fixed width or (with a *delimiter*) in columns.

    *kinds* are by the tag at *tag*; without a tag there is one kind, `""`. *length* is for fixed width without line
    ends.
    """

    kinds: dict[str, RecordLayout]
    tag: FieldPosition | None = None
    trailer: TrailerLayout | None = None
    delimiter: str = ""
    quote: str = '"'
    length: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0


class JsonLayout(AmountAndDateFormat, frozen=True):
    """JSON lines, an array, or an object around an array. *columns* maps a term to its key (dots lead into nested
    objects); without them the terms are the keys. *bills*, *lines*, *vat*, *instalments* and *preceding* (BG-3) name
    the arrays; terms of these are relative to them."""

    columns: dict[str, str] = msgspec.field(default_factory=dict)
    decimal: Literal[",", "."] = "."
    dates: str | tuple[str, ...] = "%Y-%m-%d"
    bills: str = "bills"
    lines: str = "lines"
    vat: str = "vat"
    instalments: str = "instalments"
    preceding: str = "preceding"


class XmlLayout(JsonLayout, frozen=True, kw_only=True):
    """The issuer's own XML: *bills* is the element of one bill. *columns* maps a term to its path inside: `client.nom`
    for nested elements, `@numero` or `montant@devise` for attributes. *lines*, *vat*, *instalments* and *preceding* are
    the paths of repeated elements."""

    bills: str
    columns: dict[str, str]
    lines: str = ""
    vat: str = ""
    instalments: str = ""
    preceding: str = ""


def check_delimited(form: DelimitedLayout) -> None:
    """Raise ProfileError if a `[delimited]` table cannot be used."""
    if len(form.delimiter) != 1:
        raise ProfileError("delimited.delimiter", "give one character, such as a semicolon or a tab")
    if len(form.quote) > 1:
        raise ProfileError("delimited.quote", 'give one character, such as ", or none')
    _check_figures(form, "delimited")
    for term, column in form.columns.items():
        if isinstance(column, str) and not form.header:
            raise ProfileError(f"delimited.columns.{term}", "a file without headings has columns counted from 1")
        if isinstance(column, int) and column < 1:
            raise ProfileError(
                f"delimited.columns.{term}", "there is no column {column}: they are counted from 1", column=column
            )
    _check_needed({*form.columns, *form.constants}, "delimited.columns")
    if form.trailer is not None:
        _check_trailer(form.trailer, "delimited.trailer", fixed=False)


def check_records(form: RecordsLayout) -> None:
    """Raise ProfileError if a `[records]` table cannot be used."""
    fixed = not form.delimiter
    _check_marks(form)
    _check_figures(form, "records")
    if form.tag is not None:
        _check_place(form.tag, "records.tag", fixed)
    elif [*form.kinds] != [""] or form.trailer is not None:
        raise ProfileError("records.tag", 'say where a record says its kind; without a tag there is one kind, ""')
    _check_kinds(form, fixed)
    terms = {term for kind in form.kinds.values() for term in kind.columns}
    _check_needed({*terms, *form.constants}, "records.kinds")
    if form.trailer is not None:
        _check_trailer(form.trailer, "records.trailer", fixed)


def _check_marks(form: RecordsLayout) -> None:
    if len(form.delimiter) > 1:
        raise ProfileError("records.delimiter", "give one character, or none for fixed width")
    if len(form.quote) > 1:
        raise ProfileError("records.quote", 'give one character, such as ", or none')
    if form.length and form.delimiter:
        raise ProfileError("records.length", "only records of fixed width have a length")


def _check_kinds(form: RecordsLayout, fixed: bool) -> None:
    if not any(kind.role in ("bill", "row") for kind in form.kinds.values()):
        raise ProfileError("records.kinds", "one kind of record must begin a bill: role = bill, or row")
    for tag, kind in form.kinds.items():
        for term, place in kind.columns.items():
            _check_place(place, f"records.kinds.{tag}.columns.{term}", fixed)
        if kind.role in ("bill", "row") and "number" not in kind.columns:
            raise ProfileError(f"records.kinds.{tag}.columns.number", "name where the bill's number stands")


def check_json(form: JsonLayout, table: str = "json") -> None:
    """Raise ProfileError if a `[json]` or `[xml]` table cannot be used."""
    _check_figures(form, table)
    if form.columns:
        _check_needed({*form.columns, *form.constants}, f"{table}.columns")


def _check_figures(form: AmountAndDateFormat, table: str) -> None:
    try:
        "".encode(form.encoding)
    except (LookupError, UnicodeError) as error:
        raise ProfileError(f"{table}.encoding", "nobody knows the encoding {name!r}", name=form.encoding) from error
    if form.decimal == form.thousands:
        raise ProfileError(f"{table}.thousands", "thousands and decimals cannot have the same mark")
    for written in date_forms(form):
        try:
            date(2026, 11, 22).strftime(written)
        except ValueError as error:
            raise ProfileError(
                f"{table}.dates", "{form!r} is no form of a date: write %d/%m/%Y", form=written
            ) from error


def date_forms(form: AmountAndDateFormat) -> tuple[str, ...]:
    """The date formats to try, in order."""
    return (form.dates,) if isinstance(form.dates, str) else form.dates


def _check_needed(known: set[str], key: str) -> None:
    for term in ("number", "issue_date", "payable"):
        if term not in known:
            raise ProfileError(f"{key}.{term}", "name the column that carries it: a bill needs it")


def _check_trailer(trailer: TrailerLayout, key: str, fixed: bool) -> None:
    for term, place in trailer.columns.items():
        if term not in ("count", "records", "sum", "currency"):
            raise ProfileError(f"{key}.columns.{term}", "a trailer declares count, records, sum or currency")
        _check_place(place, f"{key}.columns.{term}", fixed)


def _check_place(place: FieldPosition, key: str, fixed: bool) -> None:
    if isinstance(place, int) == fixed:
        raise ProfileError(key, "give [from, length]" if fixed else "give a column, counted from 1")
    if any(number < 1 for number in ((place,) if isinstance(place, int) else place)):
        raise ProfileError(key, "places are counted from 1")
