"""The profile's `[customers]` table: how the issuer writes its customer file, and when one is held for a person."""

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from bill.customer.record_builder import CUSTOMER_TERMS
from issuers.profile_section import ProfileError, Section

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class CustomerLimits(Section, frozen=True):
    """Limits beyond which a customer file is held for a person (`customers.customer_file_check`). The shares are of
    the accounts that the file names and that are known already."""

    on: bool = True
    least: Annotated[int, msgspec.Meta(ge=1)] = 5  # fewer accounts than this never hold a file
    addresses: Share = 0.2  # whose letters go elsewhere
    names: Share = 0.2  # whose holder is called otherwise
    closed: Share = 0.1  # that are closed, or whose holder has died
    questions: Share = 0.05  # that come with another name and another address
    rejects: Share = 0.2  # of all records: those that are refused
    shorter: Share = 0.2  # of a whole file: by how much it may be shorter than the one before


class CustomerLayout(Section, frozen=True):
    """A delimited customer file, a row an account; JSON needs none of this but *time_zone*, *extent* and *limits*.

    A file is one of customers by its name (*files*), by its headings, or as JSON with an array `customers`.

    *columns* maps a term (`bill.customer.record_builder.CUSTOMER_TERMS`) to a heading, or to a column from 1 where
    there is no heading. An empty cell says nothing, or (*empty*) that the value is removed; a cell that is *removed*
    always says that. *extent* `changes`: a file has only what changed, and may be of any length.
    """

    files: tuple[str, ...] = ("customers*", "clients*")  # names of such files; * and ? stand for anything
    columns: dict[str, str | int] = msgspec.field(default_factory=dict)
    constants: dict[str, str] = msgspec.field(default_factory=dict)
    encoding: str = "utf-8"
    delimiter: str = ";"
    quote: str = '"'
    header: bool = True
    dates: str | tuple[str, ...] = "%d/%m/%Y"
    moments: str | tuple[str, ...] = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")  # of `as_of`; or ISO 8601
    time_zone: str = "Europe/Paris"  # of moments that name none
    empty: Literal["unsaid", "removed"] = "unsaid"
    removed: str = ""
    extent: Literal["whole", "changes"] = "whole"
    limits: CustomerLimits = CustomerLimits()

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of moments that name none."""
        return ZoneInfo(self.time_zone)


def check_customers(form: CustomerLayout) -> None:
    """Raise ProfileError if a `[customers]` table cannot be used."""
    if len(form.delimiter) != 1:
        raise ProfileError("customers.delimiter", "give one character, such as a semicolon or a tab")
    if len(form.quote) > 1:
        raise ProfileError("customers.quote", 'give one character, such as ", or none')
    try:
        "".encode(form.encoding)
    except (LookupError, UnicodeError) as error:
        raise ProfileError("customers.encoding", "nobody knows the encoding {name!r}", name=form.encoding) from error
    try:
        ZoneInfo(form.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ProfileError("customers.time_zone", "nobody knows the time zone {name!r}", name=form.time_zone) from error
    for key, forms in (("dates", form.dates), ("moments", form.moments)):
        for written in date_patterns(forms):
            try:
                datetime.strptime(datetime(2026, 11, 22, 3, 4).strftime(written), written)  # noqa: DTZ001, DTZ007
            except ValueError as error:
                raise ProfileError(
                    f"customers.{key}", "{form!r} is no form of a date: write %d/%m/%Y", form=written
                ) from error
    _check_columns(form)


def _check_columns(form: CustomerLayout) -> None:
    for term in (*form.columns, *form.constants):
        if term not in CUSTOMER_TERMS:
            raise ProfileError(f"customers.columns.{term}", "there is no term {term!r} of a customer", term=term)
    for term, column in form.columns.items():
        if isinstance(column, str) and not form.header:
            raise ProfileError(f"customers.columns.{term}", "a file without headings has columns counted from 1")
        if isinstance(column, int) and column < 1:
            raise ProfileError(
                f"customers.columns.{term}", "there is no column {column}: they are counted from 1", column=column
            )
    if form.columns and "number" not in form.columns:
        raise ProfileError("customers.columns.number", "name the column with the account number")


def date_patterns(forms: str | tuple[str, ...]) -> tuple[str, ...]:
    """The patterns to try, in order."""
    return (forms,) if isinstance(forms, str) else forms
