"""When a bill is announced: Alice wants one mail on Saturdays, Bob reads in La Réunion, Charlie sleeps by day."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bill import Reason
from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.print_deadline import BillFacts, last_cut_off
from delivery.notices.notice_moment import NoticeMoment, notice_moment, reminder_moment
from delivery.notices.notice_preference import NoticePreference
from delivery.notices.quiet_hours import after_quiet_hours
from issuers.profile import Policy

PARIS, CALENDAR = "Europe/Paris", Calendar()
TUESDAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
SATURDAYS = NoticePreference(digest="weekly")
NIGHT = NoticePreference(quiet_from=time(22), quiet_until=time(7))
DAY = NoticePreference(quiet_from=time(8), quiet_until=time(20))

AT_ONCE = (TUESDAY, Reason("announced_by_email"))
TOO_SOON = (TUESDAY, Reason("too_soon_for_digest"))
IN_DIGEST = Reason.of("announced_in_digest", day="2026-03-07")
SATURDAY = (datetime(2026, 3, 7, 8, tzinfo=UTC), IN_DIGEST)


def bill(due: date | None = date(2026, 4, 7), **also: object) -> BillFacts:
    return BillFacts(issued=date(2026, 3, 3), received=date(2026, 3, 3), due=due, **also)  # type: ignore[arg-type]


def moment(preference: NoticePreference, facts: BillFacts, now: datetime = TUESDAY) -> NoticeMoment:
    return notice_moment(preference, now, facts, CALENDAR, last_cut_off(facts, Policy(), CALENDAR, now))


def local(year: int, month: int, day: int, hour: int, minute: int = 0, zone: str = PARIS, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def test_who_chose_nothing_is_told_at_once() -> None:
    assert moment(NoticePreference(), bill()) == AT_ONCE


def test_alice_is_told_on_saturday_morning() -> None:
    assert moment(SATURDAYS, bill()) == SATURDAY


def test_what_comes_early_on_saturday_goes_that_morning_and_what_comes_later_a_week_after() -> None:
    far = bill(date(2026, 6, 1))
    assert moment(SATURDAYS, far, local(2026, 3, 7, 9)).at == local(2026, 3, 7, 9)
    assert moment(SATURDAYS, far, local(2026, 3, 7, 9, 1)).at == local(2026, 3, 14, 9)


@pytest.mark.parametrize("day", range(7))
def test_an_ordinary_bill_waits_for_any_day_of_the_week(day: int) -> None:
    chosen = NoticePreference(digest="weekly", digest_day=day)
    told = moment(chosen, bill())
    at = told.at
    assert told.is_in_digest
    assert at.astimezone(ZoneInfo(PARIS)).weekday() == day
    assert at.astimezone(ZoneInfo(PARIS)).time() == time(9)


@pytest.mark.parametrize(
    "facts",
    [
        bill(date(2026, 3, 13)),  # within five working days after Saturday
        bill(date(2026, 3, 1)),  # past
        bill(date(2026, 3, 20), is_to_pay=False, is_collected=True),  # a debit is announced two weeks before
        bill(date(2026, 5, 7), instalments=(date(2026, 3, 12), date(2026, 5, 7))),  # its first part
    ],
)
def test_what_is_due_soon_after_saturday_is_told_at_once(facts: BillFacts) -> None:
    assert moment(SATURDAYS, facts) == TOO_SOON


def test_a_debit_that_is_two_weeks_off_waits_for_saturday() -> None:
    facts = bill(date(2026, 3, 21), is_to_pay=False, is_collected=True)
    assert moment(SATURDAYS, facts) == SATURDAY


def test_a_mandate_that_agreed_on_fewer_days_leaves_time_for_saturday() -> None:
    facts = bill(date(2026, 3, 20), is_to_pay=False, is_collected=True)
    cut_off = last_cut_off(facts, Policy(), CALENDAR, TUESDAY, debit_days=5)
    assert notice_moment(SATURDAYS, TUESDAY, facts, CALENDAR, cut_off, debit_days=5) == SATURDAY


def test_what_would_be_printed_before_it_is_read_is_told_at_once() -> None:
    facts = bill(None, is_to_pay=False)
    friday = local(2026, 3, 6, 17, 30)
    assert notice_moment(SATURDAYS, TUESDAY, facts, CALENDAR, friday) == TOO_SOON
    assert notice_moment(SATURDAYS, TUESDAY, facts, CALENDAR, local(2026, 3, 9, 17, 30)) == TOO_SOON
    assert notice_moment(SATURDAYS, TUESDAY, facts, CALENDAR, local(2026, 3, 10, 17, 30)).is_in_digest


def test_bobs_saturday_begins_three_hours_before_that_of_paris() -> None:
    facts = bill(region="974", time_zone="Indian/Reunion")
    assert moment(SATURDAYS, facts).at == local(2026, 3, 7, 9, zone="Indian/Reunion") == local(2026, 3, 7, 6)


def test_bobs_night_is_that_of_la_reunion() -> None:
    at = local(2026, 3, 3, 19, 30)  # 22:30 there
    assert moment(NIGHT, bill(region="974", time_zone="Indian/Reunion"), at).at == local(
        2026, 3, 4, 7, zone="Indian/Reunion"
    )
    assert moment(NIGHT, bill(), at).at == at


def test_charlie_sleeps_by_day() -> None:
    assert moment(DAY, bill()).at == local(2026, 3, 3, 20)
    assert moment(DAY, bill(), local(2026, 3, 3, 20)).at == local(2026, 3, 3, 20)
    assert reminder_moment(DAY, local(2026, 3, 10, 9), bill(), CALENDAR) == local(2026, 3, 10, 20)


def test_a_digest_that_falls_into_quiet_hours_comes_after_them() -> None:
    both = NoticePreference(digest="weekly", quiet_from=time(20), quiet_until=time(10, 30))
    assert moment(both, bill()) == (local(2026, 3, 7, 10, 30), IN_DIGEST)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (local(2026, 3, 3, 21, 59), local(2026, 3, 3, 21, 59)),
        (local(2026, 3, 3, 22), local(2026, 3, 4, 7)),
        (local(2026, 3, 4, 0), local(2026, 3, 4, 7)),
        (local(2026, 3, 4, 6, 59), local(2026, 3, 4, 7)),
        (local(2026, 3, 4, 7), local(2026, 3, 4, 7)),
        (local(2026, 3, 28, 23), local(2026, 3, 29, 7)),  # a night of eight hours
        (local(2026, 3, 29, 6, 59), local(2026, 3, 29, 7)),
        (local(2026, 10, 24, 23), local(2026, 10, 25, 7)),  # of ten
        (local(2026, 10, 25, 2, 30, fold=1), local(2026, 10, 25, 7)),
    ],
)
def test_a_night_over_midnight(at: datetime, until: datetime) -> None:
    assert after_quiet_hours(NIGHT, PARIS, at) == until


def test_an_end_that_the_clock_skips_or_repeats() -> None:
    until_half_past_two = NoticePreference(quiet_from=time(22), quiet_until=time(2, 30))
    assert after_quiet_hours(until_half_past_two, PARIS, local(2026, 3, 29, 1, 30)) == local(2026, 3, 29, 3, 30)
    autumn = local(2026, 10, 25, 2, 30, fold=1)
    assert after_quiet_hours(until_half_past_two, PARIS, local(2026, 10, 25, 2, 45)) == autumn
    assert after_quiet_hours(until_half_past_two, PARIS, autumn) == autumn


def test_equal_hours_are_no_quiet_hours() -> None:
    assert after_quiet_hours(NoticePreference(quiet_from=time(7), quiet_until=time(7)), PARIS, TUESDAY) == TUESDAY
