"""When the print house and the post work: French working days, and the cut-off of each.

The print house keeps the holidays of its own region; the post brings nothing on a holiday of the addressee's.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from bill.frozen_struct import FrozenStruct
from delivery.french_region import region_of

#: What is handed over by then is printed the next working day.
CUT_OFF: Final = time(17, 30)
#: Reminders come in the morning, when people do their post.
MORNING: Final = time(9, 0)
SATURDAY: Final = 5


class Calendar(FrozenStruct, frozen=True):
    """Working days of the print house, in the local time of this zone. *region*: where it stands, if that is a region
    with public holidays of its own (`delivery.french_region`)."""

    time_zone: str = "Europe/Paris"
    region: str = ""

    def day_of(self, moment: datetime) -> date:
        """The local day of an aware moment."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def at(self, day: date, hour: time) -> datetime:
        """That hour of that day here, as an aware moment in UTC."""
        return datetime.combine(day, hour, ZoneInfo(self.time_zone)).astimezone(UTC)

    def days_after(self, day: date, count: int) -> date:
        """The working day that comes so many working days after a day (0: that day, or the next that is one)."""
        return _step(day, count, 1, self.region)

    def days_before(self, day: date, count: int, region: str | None = None) -> date:
        """The working day that comes so many working days before a day (0: that day, or the last that is one);
        *region*: in another region than the print house's."""
        return _step(day, count, -1, self.region if region is None else region)

    def cut_off_of(self, day: date) -> datetime:
        """The cut-off of a working day."""
        return self.at(day, CUT_OFF)

    def next_cut_off(self, now: datetime) -> datetime:
        """The first cut-off that is still to come."""
        today = self.day_of(now)
        if is_working(today, self.region) and now < self.cut_off_of(today):
            return self.cut_off_of(today)
        return self.cut_off_of(self.days_after(today + timedelta(days=1), 0))


def calendar_of(time_zone: str, postcode: str) -> Calendar:
    """The calendar of a print house at this French postcode ("" is anywhere that has no holidays of its own)."""
    return Calendar(time_zone=time_zone, region=region_of(postcode))


def is_working(day: date, region: str = "") -> bool:
    """Whether people work there: Monday to Friday, but for public holidays."""
    from delivery.public_holidays import public_holidays  # `holidays` takes 0.1 s to load, and few verbs ask it

    return day.weekday() < SATURDAY and day not in public_holidays(day.year, region)


@lru_cache(8192)
def _step(day: date, count: int, way: int, region: str) -> date:
    """To the nearest working day that way (1: later, -1: earlier), then *count* working days further."""
    one = timedelta(days=way)
    while not is_working(day, region):
        day += one
    for _ in range(count):
        day += one
        while not is_working(day, region):
            day += one
    return day
