"""The calendar of the print house and the post: French working days and the daily cut-off.

The print house follows the public holidays of its own region; the post does not deliver on a holiday of the addressee's
region.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from bill.frozen_struct import FrozenStruct
from delivery.calendar.french_region import region_of

#: What is handed over by this local time is printed the next working day.
CUT_OFF: Final = time(17, 30)
#: Local time of reminders: in the morning, when people read their mail.
MORNING: Final = time(9, 0)
SATURDAY: Final = 5


class Calendar(FrozenStruct, frozen=True):
    """The print house's working days and cut-offs, in local time. *time_zone* is an IANA name; *region* is the print
    house's region where that has public holidays of its own (`delivery.calendar.french_region`), else ""."""

    time_zone: str = "Europe/Paris"
    region: str = ""

    def day_of(self, moment: datetime) -> date:
        """Return the local date of an aware moment."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def at(self, day: date, hour: time) -> datetime:
        """Return that local hour of that day as an aware moment in UTC."""
        return datetime.combine(day, hour, ZoneInfo(self.time_zone)).astimezone(UTC)

    def days_after(self, day: date, count: int) -> date:
        """Return the working day *count* working days after *day*; 0 is *day* itself or the next working day."""
        return _step(day, count, 1, self.region)

    def days_before(self, day: date, count: int, region: str | None = None) -> date:
        """Return the working day *count* working days before *day*; 0 is *day* itself or the last working day before
        it. *region* is another region than the print house's."""
        return _step(day, count, -1, self.region if region is None else region)

    def cut_off_of(self, day: date) -> datetime:
        """Return the cut-off of a working day, as an aware moment in UTC."""
        return self.at(day, CUT_OFF)

    def next_cut_off(self, now: datetime) -> datetime:
        """Return the first cut-off after *now*, as an aware moment in UTC."""
        today = self.day_of(now)
        if is_working(today, self.region) and now < self.cut_off_of(today):
            return self.cut_off_of(today)
        return self.cut_off_of(self.days_after(today + timedelta(days=1), 0))


def calendar_of(time_zone: str, postcode: str) -> Calendar:
    """Return the calendar of a print house at this French postcode; "" means national holidays only."""
    return Calendar(time_zone=time_zone, region=region_of(postcode))


def is_working(day: date, region: str = "") -> bool:
    """Whether *day* is a working day in *region*: Monday to Friday, except public holidays."""
    from delivery.calendar.public_holidays import (
        public_holidays,  # `holidays` takes 0.1 s to load, and few verbs ask it
    )

    return day.weekday() < SATURDAY and day not in public_holidays(day.year, region)


@lru_cache(8192)
def _step(day: date, count: int, way: int, region: str) -> date:
    """Go to the nearest working day in direction *way* (1 later, -1 earlier), then *count* working days further."""
    one = timedelta(days=way)
    while not is_working(day, region):
        day += one
    for _ in range(count):
        day += one
        while not is_working(day, region):
            day += one
    return day
