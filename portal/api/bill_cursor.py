"""Where a list of bills goes on, as text: the place of the last bill, in `after` of its next page."""

from datetime import date, datetime
from typing import Final

from portal.public_id_converter import public_id, row_of
from store.bills.issuer_bills import BillPlace

_BETWEEN: Final = "~"
#: Years of moments that every database and every offset can say.
_YEARS: Final = range(1900, 9999)


def tell_cursor(place: BillPlace) -> str:
    """Returns a place as text: no row's number is told."""
    value = "" if place.value is None else place.value.isoformat()
    return f"{value}{_BETWEEN}{public_id(place.number, 'cursor')}"


def read_cursor(said: str) -> BillPlace:
    """Returns the place that `tell_cursor` told. Raises ValueError for any other text."""
    value, _, last = said.partition(_BETWEEN)
    number = row_of(last, "cursor")
    if number is None:
        raise ValueError(said)
    return BillPlace(_value(value), number)


def is_readable(moment: datetime) -> bool:
    """Whether a moment has an offset, and is of a year that can be told in any other."""
    return moment.tzinfo is not None and moment.year in _YEARS


def _value(said: str) -> date | datetime | None:
    """Returns the day or moment that a list is ordered by. Raises ValueError."""
    if not said:
        return None
    if "T" not in said:
        return date.fromisoformat(said)
    moment = datetime.fromisoformat(said)
    if not is_readable(moment):
        raise ValueError(said)
    return moment
