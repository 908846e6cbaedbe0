"""The days on which letters are printed and posted."""

from datetime import UTC, date, datetime

import pytest

from delivery.calendar import Calendar, easter, holidays, is_working

CALENDAR = Calendar()


@pytest.mark.parametrize(
    "sunday", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25)]
)
def test_easter(sunday):
    assert easter(sunday.year) == sunday


@pytest.mark.parametrize(
    "day",
    [date(2026, 7, 14), date(2026, 4, 6), date(2026, 12, 25), date(2026, 5, 14), date(2026, 5, 25), date(2026, 11, 11)],
)
def test_nobody_prints_on_a_public_holiday(day):
    assert not is_working(day)


def test_there_are_eleven():
    assert len(holidays(2026)) == 11


def test_good_friday_and_saturday():
    assert is_working(date(2026, 4, 3))  # a holiday in Alsace-Moselle only
    assert not is_working(date(2026, 4, 4))


def test_working_days_pass_over_easter_and_christmas():
    assert CALENDAR.days_after(date(2026, 4, 2), 2) == date(2026, 4, 7)
    assert CALENDAR.days_before(date(2026, 4, 7), 2) == date(2026, 4, 2)
    assert CALENDAR.days_after(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert CALENDAR.days_before(date(2027, 1, 1), 0) == date(2026, 12, 31)


def test_the_cut_off_is_half_past_five_in_summer_and_in_winter():
    assert CALENDAR.cut_off_of(date(2026, 7, 15)) == datetime(2026, 7, 15, 15, 30, tzinfo=UTC)
    assert CALENDAR.cut_off_of(date(2026, 1, 15)) == datetime(2026, 1, 15, 16, 30, tzinfo=UTC)


def test_after_the_cut_off_comes_the_next_working_day():
    before = datetime(2026, 7, 13, 15, 29, tzinfo=UTC)
    assert CALENDAR.next_cut_off(before) == CALENDAR.cut_off_of(date(2026, 7, 13))
    after = datetime(2026, 7, 13, 15, 30, tzinfo=UTC)
    assert CALENDAR.next_cut_off(after) == CALENDAR.cut_off_of(date(2026, 7, 15))


def test_the_day_is_the_local_one():
    assert CALENDAR.day_of(datetime(2026, 7, 13, 22, 30, tzinfo=UTC)) == date(2026, 7, 14)
