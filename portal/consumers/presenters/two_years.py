"""A year beside the year before, month by month, of what was billed or used: the figures of a chart, of the table
behind it and of the sentence beside it. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from bill import ZERO
from bill.metered_period import MeteredPeriod, is_covered, used_between, used_by_month
from payments.billed_by_month import MonthlySum

Months = Sequence[Decimal | None]  # January to December; None: not known

#: Fewer months are said in a sentence, and fewer years.
_LEAST_MONTHS: Final = 3
_LEAST_YEARS: Final = 3


class TwoYears(NamedTuple):
    """*unit* is a currency or a unit of quantity. *total* is that of the year, up to *until* (None: the whole year).
    *difference* is how much more that is than the same days of the year before; None where those are not all known.
    *sums* are the totals of years by year, oldest first."""

    unit: str
    year: int
    months: Months
    before: Months
    total: Decimal
    until: date | None
    difference: Decimal | None
    sums: Sequence[tuple[int, Decimal]]

    @property
    def has_chart(self) -> bool:
        return sum(value is not None for value in (*self.months, *self.before)) >= _LEAST_MONTHS

    @property
    def has_years(self) -> bool:
        return len(self.sums) >= _LEAST_YEARS

    @property
    def has_before(self) -> bool:
        return any(value is not None for value in self.before)

    @property
    def latest_pair(self) -> tuple[int, Decimal] | None:
        """The latest month (1 to 12) that is over and known in both years, and how much more it was this year."""
        over = 12 if self.until is None else self.until.month - 1
        if self.until is not None and (self.until + timedelta(days=1)).day == 1:
            over += 1
        for n in range(over, 0, -1):
            this, before = self.months[n - 1], self.before[n - 1]
            if this is not None and before is not None:
                return n, this - before
        return None


def spending(
    sums: Sequence[MonthlySum], so_far_before: Sequence[MonthlySum], currency: str, year: int, today: date
) -> TwoYears:
    """What was billed in *currency*. *so_far_before* are the sums of the year before; only up to the day a year ago if
    *year* is not over."""
    ours = [each for each in sums if each.currency == currency]
    since = min(each.month for each in ours)
    until = today if year == today.year else None
    total = _sum(each.amount for each in ours if each.month.year == year)
    before = _sum(each.amount for each in so_far_before if each.currency == currency)
    by_year = {n: _sum(each.amount for each in ours if each.month.year == n) for n in range(since.year, today.year + 1)}
    return TwoYears(
        unit=currency, year=year, months=_filled(ours, year, since, until or date(year, 12, 31)),
        before=_filled(ours, year - 1, since, date(year - 1, 12, 31)), total=total, until=until,
        difference=total - before if since <= date(year - 1, 1, 1) else None,
        sums=list(by_year.items()),
    )  # fmt: skip


def consumption(periods: Sequence[MeteredPeriod], unit: str, year: int, first_year: int) -> TwoYears:
    """What was used, by what bills say: the year's last bill may be some weeks old. Only years that bills cover have a
    sum, of *first_year* at the earliest."""
    last = min(max(each.end for each in periods), date(year, 12, 31))
    until = last if date(year, 1, 1) <= last < date(year, 12, 31) else None
    these = date(year, 1, 1), until or date(year, 12, 31)
    those = date(year - 1, 1, 1), a_year_before(these[1])
    is_known = is_covered(periods, *these) and is_covered(periods, *those)
    total = used_between(periods, *these)
    years = [(n, (date(n, 1, 1), date(n, 12, 31))) for n in range(first_year, year + 1)]
    return TwoYears(
        unit=unit, year=year, months=used_by_month(periods, year), before=used_by_month(periods, year - 1), total=total,
        until=until, difference=total - used_between(periods, *those) if is_known else None,
        sums=[(n, used_between(periods, *days)) for n, days in years if is_covered(periods, *days)],
    )  # fmt: skip


def a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for 29 February."""
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _filled(sums: Sequence[MonthlySum], year: int, since: date, until: date) -> Months:
    """Twelve months: 0 where nothing was billed, None before the first bill and after *until*."""
    by_month = {n: [each.amount for each in sums if each.month == date(year, n, 1)] for n in range(1, 13)}
    return [sum(amounts, ZERO) if since <= date(year, n, 1) <= until else None for n, amounts in by_month.items()]


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
