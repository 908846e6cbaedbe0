"""Days that are billed twice, or by no bill."""

from datetime import date

from bill.change import CoveredDays, days_between, days_shared

FEBRUARY = CoveredDays(date(2026, 2, 1), date(2026, 2, 28))


def test_days_that_two_bills_share() -> None:
    assert days_shared(FEBRUARY, [CoveredDays(date(2026, 1, 1), date(2026, 2, 3))]) == (
        date(2026, 2, 1),
        date(2026, 2, 3),
    )
    assert days_shared(FEBRUARY, [CoveredDays(date(2026, 1, 1), date(2026, 1, 31))]) is None


def test_one_shared_day_is_a_way_of_writing() -> None:
    assert days_shared(FEBRUARY, [CoveredDays(date(2026, 1, 1), date(2026, 2, 1))]) is None


def test_days_that_no_bill_covers() -> None:
    january = CoveredDays(date(2026, 1, 1), date(2026, 1, 25))
    assert days_between(FEBRUARY, [january]) == (date(2026, 1, 26), date(2026, 1, 31))
    assert days_between(FEBRUARY, [january, CoveredDays(date(2026, 1, 26), date(2026, 1, 31))]) is None
    assert days_between(FEBRUARY, []) is None
