"""Months, named by their first day."""

from datetime import date


def earlier(month: date, months: int = 1) -> date:
    """The first day of the month so many months before."""
    year, index = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(year, index + 1, 1)


def later(month: date) -> date:
    """The first day of the month after."""
    return earlier(month, -1)
