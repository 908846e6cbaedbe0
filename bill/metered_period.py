"""Consumption of a period spread evenly over its days, so that months and years can be compared. Pure."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from bill.money import ZERO

#: The places to which a part of a consumption is rounded. Parts add up to the whole exactly.
_PLACES: Final = 3
#: So many days a month may be missing (a meter read late, periods that begin a day after the one before ended).
_DAYS_FORGIVEN: Final = 2
_MONTH: Final = 30  # days


class MeteredPeriod(NamedTuple):
    """What was used from the first to the last day, both included, in some unit; negative where it was credited."""

    start: date
    end: date
    used: Decimal

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def used_until(self, day: date) -> Decimal:
        """What was used up to and including this day."""
        passed = min(max((day - self.start).days + 1, 0), self.days)
        return self.used if passed == self.days else round(self.used * passed / self.days, _PLACES)


def used_between(periods: Iterable[MeteredPeriod], first: date, last: date) -> Decimal:
    """What was used from *first* to *last*, both included."""
    before = date.fromordinal(first.toordinal() - 1)
    return sum((each.used_until(last) - each.used_until(before) for each in periods), ZERO)


def days_missing(periods: Sequence[MeteredPeriod], first: date, last: date) -> int:
    """How many days from *first* to *last* no period covers."""
    missing, next_day = 0, first.toordinal()
    for each in sorted(periods):
        start, end = max(each.start.toordinal(), first.toordinal()), min(each.end.toordinal(), last.toordinal())
        missing += max(min(start, last.toordinal() + 1) - next_day, 0)
        next_day = max(next_day, end + 1)
    return missing + max(last.toordinal() + 1 - next_day, 0)


def is_covered(periods: Sequence[MeteredPeriod], first: date, last: date) -> bool:
    """Whether enough of these days is covered for their sum to be compared with another."""
    months = max(((last - first).days + 1) // _MONTH, 1)
    return days_missing(periods, first, last) <= _DAYS_FORGIVEN * months


def used_by_month(periods: Sequence[MeteredPeriod], year: int) -> list[Decimal | None]:
    """What was used in each of the year's twelve months; None where a month is not covered."""
    of_year = _touching(periods, date(year, 1, 1), date(year, 12, 31))
    months: list[Decimal | None] = []
    for n in range(1, 13):
        days = date(year, n, 1), date(year, n, monthrange(year, n)[1])
        of_month = _touching(of_year, *days)
        months.append(used_between(of_month, *days) if is_covered(of_month, *days) else None)
    return months


def _touching(periods: Iterable[MeteredPeriod], first: date, last: date) -> list[MeteredPeriod]:
    return [each for each in periods if each.start <= last and each.end >= first]
