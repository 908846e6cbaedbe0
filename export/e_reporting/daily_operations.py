"""Sums up the operations of a period by day and category, as flux 10.3 declares them. Pure."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bill.money import ZERO, round_money
from export.e_reporting.declared_rows import Category, DeclaredRow


class RateSum(NamedTuple):
    """The sums of one VAT rate, without VAT and of VAT."""

    rate: Decimal
    taxable: Decimal
    vat: Decimal


class DayOfOperations(NamedTuple):
    """The operations of one day and category: annexe 7, TG-31. *bills* is how many they are of."""

    day: date
    category: Category
    bills: int
    rates: tuple[RateSum, ...]

    @property
    def taxable(self) -> Decimal:
        return sum((each.taxable for each in self.rates), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((each.vat for each in self.rates), ZERO)


class DailyOperations:
    """Adds bills up. What it holds grows with the days and rates, not with the bills."""

    def __init__(self) -> None:
        self._sums: dict[tuple[date, Category, Decimal], list[Decimal]] = {}
        self._counts: dict[tuple[date, Category], int] = {}

    def add(self, day: date, rows: Iterable[DeclaredRow]) -> None:
        """Count one bill of this day."""
        categories = set()
        for row in rows:
            self._move(day, row, 1)
            categories.add(row.category)
        for category in categories:
            self._counts[day, category] = self._counts.get((day, category), 0) + 1

    def take_back(self, day: date, rows: Iterable[DeclaredRow]) -> None:
        """Deduct, on this day, a bill that another of this day replaces. It counts no bill."""
        for row in rows:
            self._move(day, row, -1)
            self._counts.setdefault((day, row.category), 0)

    def days(self) -> list[DayOfOperations]:
        """The sums by day and category."""
        return [
            DayOfOperations(
                day, category, bills,
                tuple(RateSum(rate, *map(round_money, sums)) for (when, what, rate), sums in sorted(self._sums.items())
                      if (when, what) == (day, category)),
            )
            for (day, category), bills in sorted(self._counts.items())
        ]  # fmt: skip

    def _move(self, day: date, row: DeclaredRow, sign: int) -> None:
        sums = self._sums.setdefault((day, row.category, row.rate), [ZERO, ZERO])
        sums[0] += sign * row.taxable
        sums[1] += sign * row.vat
