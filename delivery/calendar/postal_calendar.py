"""The one calendar of deliveries: working days by French region, local hours, the print house's cut-off. Pure.

The print house follows the public holidays of its own region; the post does not deliver on a holiday of the addressee's
region. A reader's calendar (`Calendar.at_reader`) has the working days and the hours of where that person lives.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from bill.frozen_struct import FrozenStruct
from delivery.calendar.french_region import ABOLITION, ALSACE_MOSELLE, region_of

#: The cut-off of a print house that names none.
CUT_OFF: Final = time(17, 30)
#: Local time of reminders: in the morning, when people read their mail.
MORNING: Final = time(9, 0)
SATURDAY: Final = 5
_SUNDAY: Final = 6
_DECEMBER: Final = 12


class Calendar(FrozenStruct, frozen=True):
    """Working days, hours and cut-offs of a place, usually the print house's. *time_zone* is an IANA name; *region* is
    the place's region where that has public holidays of its own (`delivery.calendar.french_region`), else "". What is
    handed over by the local time *cut_off* is printed the next working day."""

    time_zone: str = "Europe/Paris"
    region: str = ""
    cut_off: time = CUT_OFF

    def day_of(self, moment: datetime) -> date:
        """Return the local date of an aware moment."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def at_reader(self, time_zone: str, region: str) -> "Calendar":
        """Return the calendar of where a reader lives: *time_zone* "" is this calendar's own, *region* "" has the
        national holidays only."""
        return Calendar(time_zone=time_zone or self.time_zone, region=region, cut_off=self.cut_off)

    def at(self, day: date, hour: time) -> datetime:
        """Return that local hour of that day as an aware moment in UTC.

        An hour that comes twice (the clocks go back) is its first coming. One that never comes (they go forward) is the
        moment at which they do: the first that is not earlier by the clock.
        """
        zone = ZoneInfo(self.time_zone)
        moment = datetime.combine(day, hour, zone).astimezone(UTC)
        if moment.astimezone(zone).time() == hour:
            return moment
        return _first_after_gap(datetime.combine(day, hour, zone))

    def days_after(self, day: date, count: int, region: str | None = None) -> date:
        """Return the working day *count* working days after *day*; 0 is *day* itself or the next working day. *region*
        is another region than this calendar's."""
        return _step(day, count, 1, self.region if region is None else region)

    def last_day_of_right(self, day: date, count: int, region: str | None = None) -> date:
        """Return the last of *count* working days after *day* within which somebody is owed something by law.

        A holiday that the law does not give to the whole region (`is_kept_by_some`) counts as a working day here:
        whoever is owed something is not made to wait for it.
        """
        region = self.region if region is None else region
        found = day
        while count:
            found += timedelta(days=1)
            count -= is_working(found, region) or (found.weekday() < SATURDAY and is_kept_by_some(found, region))
        return found

    def days_before(self, day: date, count: int, region: str | None = None) -> date:
        """Return the working day *count* working days before *day*; 0 is *day* itself or the last working day before
        it. *region* is another region than the print house's."""
        return _step(day, count, -1, self.region if region is None else region)

    def cut_off_of(self, day: date) -> datetime:
        """Return the cut-off of a working day, as an aware moment in UTC."""
        return self.at(day, self.cut_off)

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


def is_day_of_rest(day: date, region: str = "") -> bool:
    """Whether *day* is a Sunday or a public holiday in *region*."""
    from delivery.calendar.public_holidays import public_holidays

    return day.weekday() == _SUNDAY or day in public_holidays(day.year, region)


def is_kept_by_some(day: date, region: str) -> bool:
    """Whether *day* is a holiday of the region that the law does not give to all who live there: Good Friday in
    Alsace-Moselle, where a commune has a Protestant church or one of both confessions (Code du travail L3134-13, 2°);
    customs of the Antilles, as mid-Lent, Good Friday or 21 July (L3422-2 names the abolition of slavery alone).

    No postcode tells which. Letters are planned as if nobody brought the post that day (`is_working`): they leave a day
    earlier, which harms nobody. Periods that a person is granted count it (`Calendar.last_day_of_right`).
    """
    from delivery.calendar.public_holidays import public_holidays

    if day not in public_holidays(day.year, region) or day in public_holidays(day.year):
        return False
    if region in ALSACE_MOSELLE:
        return day.month != _DECEMBER
    return region in ABOLITION and (day.month, day.day) != ABOLITION[region]


def _first_after_gap(missing: datetime) -> datetime:
    """Return the moment at which the clocks go forward over this local time, in UTC; to the minute."""
    zone, after = missing.tzinfo, missing.replace(fold=1).utcoffset()
    moment = missing.replace(fold=1).astimezone(UTC).replace(second=0, microsecond=0)
    while moment.astimezone(zone).utcoffset() != after:
        moment += timedelta(minutes=1)
    return moment


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
