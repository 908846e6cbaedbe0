"""Months as first days: counting them, and what the weather was like in them."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Final

#: How much of a year's heating falls into each month in the west of France, January first; the sum is 12.
COLD: Final = (2.5, 2.2, 1.7, 1.0, 0.4, 0.1, 0.0, 0.0, 0.2, 0.7, 1.4, 1.8)


def month_of(day: date) -> date:
    return day.replace(day=1)


def later(month: date, months: int) -> date:
    """The first day of the month so many months later (or earlier)."""
    years, place = divmod(month.month - 1 + months, 12)
    return date(month.year + years, place + 1, 1)


def last_day(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_between(first: date, last: date) -> Iterator[date]:
    """Every month from the one of *first* to the one of *last*, both included."""
    month = month_of(first)
    while month <= last:
        yield month
        month = later(month, 1)
