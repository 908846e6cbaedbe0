"""Reads days and moments. A day is the day as it is written, in the time zone of whoever wrote it."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from payments.files.iso20022.elements import Element, child, first_text
from untrusted.value_parsing import NotAValueError, day, sensible

#: Of moments that name none.
_ZONE: Final = ZoneInfo("Europe/Paris")


def read_day(element: Element | None, *path: str) -> date | None:
    """The day of a choice (`Dt`, `DtTm`) or of a plain element; None where it is absent. Raises NotAValueError."""
    found = child(element, *path)
    if found is None:
        return None
    written = first_text(found, ("Dt",), ("DtTm",), ())
    return day(written) if written else None


def read_moment(element: Element | None, *path: str) -> datetime | None:
    """The moment of an element, aware; None where it is absent or cannot be read."""
    written = first_text(element, path)
    try:
        moment = datetime.fromisoformat(written)
        sensible(moment.date())
    except (ValueError, NotAValueError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=_ZONE)
