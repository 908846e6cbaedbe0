"""When the print house and the post work: French working days, and the cut-off of each."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from bill.noun import Noun

#: What is handed over by then is printed the next working day.
CUT_OFF: Final = time(17, 30)
#: Reminders come in the morning, when people do their post.
MORNING: Final = time(9, 0)
SATURDAY: Final = 5

#: Public holidays of the whole country with a date of their own (C. trav. L3133-1): month, day.
_FIXED: Final = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
#: Those that follow Easter Sunday, in days: Easter Monday, Ascension, Whit Monday.
_AFTER_EASTER: Final = (1, 39, 50)


class Calendar(Noun, frozen=True):
    """Working days where bills are printed and posted, in the local time of this zone."""

    time_zone: str = "Europe/Paris"

    def day_of(self, moment: datetime) -> date:
        """The local day of an aware moment."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def at(self, day: date, hour: time) -> datetime:
        """That hour of that day here, as an aware moment in UTC."""
        return datetime.combine(day, hour, ZoneInfo(self.time_zone)).astimezone(UTC)

    def days_after(self, day: date, count: int) -> date:
        """The working day that comes so many working days after a day (0: that day, or the next that is one)."""
        while not is_working(day):
            day += timedelta(days=1)
        for _ in range(count):
            day = _next(day, 1)
        return day

    def days_before(self, day: date, count: int) -> date:
        """The working day that comes so many working days before a day (0: that day, or the last that is one)."""
        while not is_working(day):
            day -= timedelta(days=1)
        for _ in range(count):
            day = _next(day, -1)
        return day

    def cut_off_of(self, day: date) -> datetime:
        """The cut-off of a working day."""
        return self.at(day, CUT_OFF)

    def next_cut_off(self, now: datetime) -> datetime:
        """The first cut-off that is still to come."""
        today = self.day_of(now)
        if is_working(today) and now < self.cut_off_of(today):
            return self.cut_off_of(today)
        return self.cut_off_of(self.days_after(today + timedelta(days=1), 0))


def is_working(day: date) -> bool:
    """Whether the print house works: Monday to Friday, but for public holidays."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


@cache
def holidays(year: int) -> frozenset[date]:
    """The eleven public holidays of a year (C. trav. L3133-1)."""
    sunday = easter(year)
    return frozenset(
        [date(year, month, day) for month, day in _FIXED] + [sunday + timedelta(days=days) for days in _AFTER_EASTER]
    )


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    moon = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * moon) // 451
    month, day = divmod(h + moon - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _next(day: date, step: int) -> date:
    day += timedelta(days=step)
    while not is_working(day):
        day += timedelta(days=step)
    return day
