"""The periods that are declared: décades (ten days, the last one to the month's end) or months. Pure."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

Every = Literal["decade", "month"]

#: The days on which the décades of a month begin.
_DECADES: Final = (1, 11, 21)
_named = re.compile(r"(?P<year>20\d\d)-(?P<month>0[1-9]|1[0-2])(?:-(?P<decade>[123]))?").fullmatch


class ReportingPeriod(NamedTuple):
    """The days from *start* to *end*, both included."""

    start: date
    end: date

    @property
    def name(self) -> str:
        """`2026-11` for a month, `2026-11-3` for its third décade."""
        month = f"{self.start:%Y-%m}"
        if (self.start.day, self.end) == (1, _month_end(self.start)):
            return month
        return f"{month}-{_DECADES.index(self.start.day) + 1}"

    @property
    def following(self) -> "ReportingPeriod":
        """The period of the same kind after this one."""
        every: Every = "decade" if self.name.count("-") == 2 else "month"
        return period_of(self.end + timedelta(days=1), every)


def period_of(day: date, every: Every) -> ReportingPeriod:
    """The period that this day is in."""
    if every == "month":
        return ReportingPeriod(day.replace(day=1), _month_end(day))
    first = max(each for each in _DECADES if each <= day.day)
    end = _month_end(day) if first == _DECADES[-1] else day.replace(day=first + 9)
    return ReportingPeriod(day.replace(day=first), end)


def period_named(name: str) -> ReportingPeriod:
    """The period of this name; raises ValueError for what is none."""
    found = _named(name)
    if found is None:
        raise ValueError(name)
    first = date(int(found["year"]), int(found["month"]), 1)
    if found["decade"] is None:
        return period_of(first, "month")
    return period_of(first.replace(day=_DECADES[int(found["decade"]) - 1]), "decade")


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
