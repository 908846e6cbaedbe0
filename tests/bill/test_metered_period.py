"""Consumption spread over the days of its bills: parts add up, and only what bills cover is compared."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from bill.metered_period import MeteredPeriod, days_missing, is_covered, used_between, used_by_month


def period(start: str, end: str, used: str = "100") -> MeteredPeriod:
    return MeteredPeriod(date.fromisoformat(start), date.fromisoformat(end), Decimal(used))


def test_a_bill_of_two_months_is_shared_out_by_its_days() -> None:
    """590 kWh from 10 January to 9 March are 10 a day: 220 in January, 280 in February, 90 in March."""
    bill = [period("2026-01-10", "2026-03-09", "590")]
    used = [used_between(bill, date(2026, n, 1), date(2026, n, monthrange(2026, n)[1])) for n in (1, 2, 3, 4)]
    assert used == [Decimal(220), Decimal(280), Decimal(90), Decimal(0)]
    assert used_by_month(bill, 2026)[:4] == [None, Decimal(280), None, None]


def test_months_add_up_to_the_bills_and_each_is_the_sum_of_its_days() -> None:
    chance = Random(17)
    periods, day = [], date(2024, 11, 7)
    while day < date(2027, 2, 1):
        end = day + timedelta(days=chance.randrange(20, 95))
        periods.append(MeteredPeriod(day, end, Decimal(chance.randrange(-20, 900_000)) / 1000))
        day = end + timedelta(days=1)
    months = [date(year, n, 1) for year in range(2024, 2028) for n in range(1, 13)]
    total = Decimal(0)
    for first in months:
        last = first.replace(day=monthrange(first.year, first.month)[1])
        used = used_between(periods, first, last)
        days = [first + timedelta(days=n) for n in range(last.day)]
        by_day = sum(each.used / each.days for each in periods for day in days if each.start <= day <= each.end)
        assert used == pytest.approx(by_day, abs=Decimal("0.01"))
        total += used
    assert total == sum(each.used for each in periods), "exactly"


@pytest.mark.parametrize(
    ("periods", "missing"),
    [
        ([], 31),
        ([period("2026-01-01", "2026-01-31")], 0),
        ([period("2025-06-01", "2026-12-31")], 0),
        ([period("2026-01-03", "2026-01-30")], 3),
        ([period("2026-01-01", "2026-01-10"), period("2026-01-05", "2026-01-20")], 11),
        ([period("2026-01-01", "2026-01-10"), period("2026-01-12", "2026-01-31")], 1),
        ([period("2025-01-01", "2025-12-31"), period("2026-02-01", "2026-02-28")], 31),
    ],
)
def test_days_that_no_bill_covers(periods: list[MeteredPeriod], missing: int) -> None:
    january = date(2026, 1, 1), date(2026, 1, 31)
    assert days_missing(periods, *january) == missing
    assert is_covered(periods, *january) is (missing <= 2)


def test_a_leak_that_was_credited_is_deducted() -> None:
    bills = [period("2026-01-01", "2026-01-31", "62"), period("2026-01-01", "2026-01-31", "-31")]
    assert used_between(bills, date(2026, 1, 1), date(2026, 1, 15)) == Decimal(15)


def test_a_year_that_nobody_lived_is_no_harm() -> None:
    """A sender may write the years 1 and 9999."""
    assert used_by_month([period("0001-01-01", "9999-12-31", "5")], 2026)[0] is not None
