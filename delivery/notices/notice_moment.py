"""When a mail about a bill is sent, and whether in a digest: the reader's choice against what the bill allows. Pure."""

from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bill import Reason
from delivery.calendar.postal_calendar import MORNING, Calendar
from delivery.choosing.print_deadline import DAYS_BEFORE_DEBIT, BillFacts
from delivery.notices.notice_preference import NoticePreference
from delivery.notices.quiet_hours import after_quiet_hours
from store.delivery import ANNOUNCED_IN_DIGEST

#: A bill that is due within so many working days after the digest does not wait for it.
DAYS_DUE_SOON: Final = 5
#: Working days between the digest and the print deadline that its reader needs at least.
DAYS_BEFORE_PRINT: Final = 1
_WEEK: Final = 7


class NoticeMoment(NamedTuple):
    """When to announce a bill, in UTC, and why then. The reason of a delivery says whether it goes in a digest."""

    at: datetime
    reason: Reason

    @property
    def is_in_digest(self) -> bool:
        return self.reason.code == ANNOUNCED_IN_DIGEST


def notice_moment(
    preference: NoticePreference, due_at: datetime, bill: BillFacts, calendar: Calendar, cut_off: datetime,
    debit_days: int = DAYS_BEFORE_DEBIT,
) -> NoticeMoment:  # fmt: skip
    """Return when to announce a bill that could be announced at *due_at*.

    In the next digest, if its reader chose one and the bill allows it: it is not due soon after, nor printed before it
    could be read (*cut_off*, its print deadline). Otherwise at once. Neither falls into the reader's quiet hours.
    *debit_days*: how many days before it is collected a bill is announced.
    """
    alone = Reason("announced_by_email")
    if preference.digest == "weekly":
        alone = Reason("too_soon_for_digest")
        at = _next_digest(preference, due_at, bill.time_zone or calendar.time_zone)
        at = reminder_moment(preference, at, bill, calendar)
        is_due_soon = _is_due_soon(bill, calendar, calendar.day_of(at), debit_days)
        if not is_due_soon and not _is_printed_soon(calendar, calendar.day_of(at), cut_off):
            day = at.astimezone(ZoneInfo(bill.time_zone or calendar.time_zone)).date()
            return NoticeMoment(at, Reason.of("announced_in_digest", day=day.isoformat()))
    return NoticeMoment(reminder_moment(preference, due_at, bill, calendar), alone)


def reminder_moment(
    preference: NoticePreference, due_at: datetime, bill: BillFacts, calendar: Calendar
) -> datetime:  # fmt: skip
    """Return when to send a mail that no digest takes along: at *due_at*, or after the reader's quiet hours."""
    return after_quiet_hours(preference, bill.time_zone or calendar.time_zone, due_at)


def _next_digest(preference: NoticePreference, moment: datetime, time_zone: str) -> datetime:
    """The first morning of the chosen weekday, in the reader's time, that is not before *moment*."""
    zone = ZoneInfo(time_zone)
    today = moment.astimezone(zone).date()
    day = today + timedelta(days=(preference.digest_day - today.weekday()) % _WEEK)
    at = datetime.combine(day, MORNING, zone).astimezone(UTC)
    return at if at >= moment else datetime.combine(day + timedelta(days=_WEEK), MORNING, zone).astimezone(UTC)


def _is_printed_soon(calendar: Calendar, day: date, cut_off: datetime) -> bool:
    return calendar.days_after(day, DAYS_BEFORE_PRINT) > calendar.day_of(cut_off)


def _is_due_soon(bill: BillFacts, calendar: Calendar, day: date, debit_days: int) -> bool:
    due = min((each for each in (bill.due, *bill.instalments) if each is not None), default=None)
    if due is None or bill.is_over:
        return False
    if bill.is_collected:
        return day + timedelta(days=debit_days) > due
    return bill.is_to_pay and calendar.days_after(day, DAYS_DUE_SOON) >= due
