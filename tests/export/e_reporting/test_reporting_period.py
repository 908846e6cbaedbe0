"""Décades and months: every day is in one, and they follow each other without a gap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.e_reporting.reporting_period import Every, period_named, period_of

DAYS = st.dates(date(2026, 1, 1), date(2099, 11, 30))


@pytest.mark.parametrize(
    ("day", "every", "name", "start", "end"),
    [
        (date(2026, 11, 1), "decade", "2026-11-1", date(2026, 11, 1), date(2026, 11, 10)),
        (date(2026, 11, 20), "decade", "2026-11-2", date(2026, 11, 11), date(2026, 11, 20)),
        (date(2026, 12, 31), "decade", "2026-12-3", date(2026, 12, 21), date(2026, 12, 31)),
        (date(2028, 2, 29), "decade", "2028-02-3", date(2028, 2, 21), date(2028, 2, 29)),
        (date(2027, 2, 28), "month", "2027-02", date(2027, 2, 1), date(2027, 2, 28)),
    ],
)
def test_a_period_has_its_days_and_its_name(day: date, every: Every, name: str, start: date, end: date):
    period = period_of(day, every)
    assert (period.name, period.start, period.end) == (name, start, end)
    assert period_named(name) == period


@given(DAYS, st.sampled_from(["decade", "month"]))
def test_periods_follow_each_other(day: date, every: Every):
    period = period_of(day, every)
    assert period.start <= day <= period.end
    assert period.end > period.start  # annexe 7, G6.25
    assert period.following == period_of(period.end + timedelta(days=1), every)


@pytest.mark.parametrize("name", ["2026-13", "2026-11-4", "2026-11-0", "1999-11", "november", "2026-11-1 "])
def test_what_names_no_period_is_refused(name: str):
    with pytest.raises(ValueError, match=r".*"):
        period_named(name)
