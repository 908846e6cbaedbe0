"""Quiet hours: between two local times of the reader no mail about bills is sent. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from delivery.notices.notice_preference import NoticePreference


def after_quiet_hours(preference: NoticePreference, time_zone: str, moment: datetime) -> datetime:
    """Return *moment*, or the end of the quiet hours that it falls into, as an aware moment in UTC.

    *time_zone* is the reader's, an IANA name. Hours from 22:00 until 7:00 go over midnight. In a night that puts the
    clock back they last until their end comes for the second time; where the clock skips their end, until it has.
    """
    start, end = preference.quiet_from, preference.quiet_until
    if start is None or end is None or start == end:
        return moment
    zone = ZoneInfo(time_zone)
    today = moment.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        begins = min(_moments_of(day, start, zone))
        ends = max(_moments_of(day if start < end else day + timedelta(days=1), end, zone))
        if begins <= moment < ends:
            return ends
    return moment


def _moments_of(day: date, hour: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The two moments of a local time that comes twice, or is skipped; otherwise the same moment twice."""
    local = datetime.combine(day, hour, zone)
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)
