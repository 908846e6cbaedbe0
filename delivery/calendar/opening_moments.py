"""Whether somebody answers now, until when, and else when next: by opening hours, in a place's time, without public
holidays. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from issuers.helpline import OpeningHours

#: The longest run of days without an answer that is looked through.
_DAYS: Final = 14


class Opening(NamedTuple):
    """Whether it is open now; *at* is when that changes, in local time."""

    is_open: bool
    at: datetime


def opening_at(hours: Sequence[OpeningHours], now: datetime, time_zone: str) -> Opening | None:
    """Return whether it is open at this aware moment; None where no hours are known, or none come soon."""
    zone = ZoneInfo(time_zone)
    here = now.astimezone(zone)
    spans = list(_spans(hours, here.date(), zone))
    for begins, ends in spans:
        if begins <= now < ends:
            return Opening(is_open=True, at=_last_end(spans, ends).astimezone(zone))
        if now < begins:
            return Opening(is_open=False, at=begins.astimezone(zone))
    return None


def _spans(hours: Iterable[OpeningHours], today: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Each span of time in which it is open, from today on, in order, in UTC."""
    from delivery.calendar.public_holidays import public_holidays  # as in `postal_calendar`: it takes 0.1 s to load

    for day in (today + timedelta(days=n) for n in range(_DAYS)):
        if day in public_holidays(day.year):
            continue
        of_day = [each for each in hours if each.first <= day.weekday() <= each.last]
        for each in sorted(of_day, key=lambda each: each.opens):
            begins, ends = (datetime.combine(day, hour, zone) for hour in (each.opens, each.closes))
            yield begins.astimezone(UTC), ends.astimezone(UTC)


def _last_end(spans: Sequence[tuple[datetime, datetime]], end: datetime) -> datetime:
    """The end of the time that is open without a break."""
    for begins, ends in spans:
        if begins <= end < ends:
            end = ends
    return end
