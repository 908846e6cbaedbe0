"""Where a list of bills goes on, as text: the place of the last bill, in `after` of its next page."""

from datetime import UTC, date, datetime
from typing import Final

from portal.public_id_converter import public_id, row_of
from store.bills.issuer_bills import BillPlace

_BETWEEN: Final = "~"
#: What such a text looks like, as a regular expression.
CURSOR: Final = r"^[0-9T:.+-]*~[a-z0-9]+$"
#: Between these every database can say a moment, in whatever offset.
_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9998, 1, 1, tzinfo=UTC)


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


def sayable(moment: datetime) -> datetime:
    """Returns the moment, or the nearest that every database can say. Raises ValueError for one without an offset."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no offset")
    return min(max(moment, _EARLIEST), _LATEST)


def _value(said: str) -> date | datetime | None:
    """Returns the day or moment that a list is ordered by. Raises ValueError."""
    if not said:
        return None
    if "T" not in said:
        return date.fromisoformat(said)
    return sayable(datetime.fromisoformat(said))
