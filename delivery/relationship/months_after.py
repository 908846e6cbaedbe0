"""Calendar months after a day."""

from calendar import monthrange
from datetime import date
from typing import Final

_YEAR: Final = 12


def months_after(day: date, months: int) -> date:
    """The same day of the month, *months* later; its last day where that month is shorter."""
    year, month = divmod(day.year * _YEAR + day.month - 1 + months, _YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
