"""Month arithmetic on first days of months: the month of a day, months later, the last day."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date


def month_of(day: date) -> date:
    """Return the first day of the month of *day*."""
    return day.replace(day=1)


def later(month: date, months: int) -> date:
    """Return the first day of the month *months* later; earlier if negative."""
    years, place = divmod(month.month - 1 + months, 12)
    return date(month.year + years, place + 1, 1)


def last_day(month: date) -> date:
    """Return the last day of *month*."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_between(first: date, last: date) -> Iterator[date]:
    """Yield every month from that of *first* to that of *last*, both included."""
    month = month_of(first)
    while month <= last:
        yield month
        month = later(month, 1)
