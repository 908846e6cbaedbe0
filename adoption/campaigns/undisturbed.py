"""When an invitation may come: never in the hours in which its reader wants no message; an SMS by day alone, neither on
a Sunday nor on a public holiday. Pure."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bill import PostalAddress
from delivery.calendar.french_region import region_of
from delivery.calendar.postal_calendar import Calendar, is_day_of_rest
from delivery.calendar.region_time_zone import time_zone_of
from delivery.notices.notice_preference import NoticePreference
from delivery.notices.quiet_hours import after_quiet_hours
from store.campaigns.campaign import Lever

#: French operators take no SMS that invites at night, on a Sunday or a public holiday, and fine whoever sends one. The
#: nights that providers tell differ: 20:30 to 8:00 (Esendex), 20:00 to 10:00 (Digitaleo). The longest holds for all.
_NIGHT: Final = NoticePreference(quiet_from=time(20), quiet_until=time(10))
_NO_CHOICE: Final = NoticePreference()


def undisturbed(
    moment: datetime, lever: Lever, address: PostalAddress, calendar: Calendar,
    preference: NoticePreference = _NO_CHOICE,
) -> datetime:  # fmt: skip
    """Return *moment*, or the first one after it at which an invitation by this lever may come to somebody at this
    address, by the clock of that place; *preference* is the reader's."""
    country, postcode = address.country, address.french_postcode
    zone, region = time_zone_of(postcode, country) or calendar.time_zone, region_of(postcode, country)
    before = None
    while moment != before:
        before = moment
        moment = after_quiet_hours(preference, zone, moment)
        if lever == "sms":
            moment = _after_rest(after_quiet_hours(_NIGHT, zone, moment), zone, region)
    return moment


def _after_rest(moment: datetime, zone: str, region: str) -> datetime:
    """The end of a Sunday or a public holiday that this moment falls on; else the moment."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return Calendar(time_zone=zone).at(day + timedelta(days=1), time.min) if is_day_of_rest(day, region) else moment
