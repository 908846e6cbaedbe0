"""Month arithmetic; a month is named by its first day."""

from collections.abc import Iterator
from datetime import date


def earlier(month: date, months: int = 1) -> date:
    """Return the first day of the month that is *months* earlier."""
    year, index = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(year, index + 1, 1)


def later(month: date) -> date:
    """Return the first day of the next month."""
    return earlier(month, -1)


def months_until(first: date, last_day: date) -> Iterator[date]:
    """The first days of the months from this one to that of *last_day*."""
    while first <= last_day:
        yield first
        first = later(first)
