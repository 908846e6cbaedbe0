"""Sums up the payments of a period by day and VAT rate, as flux 10.4 declares them. Pure.

Payments are declared of services whose VAT falls due when they are paid (CGI art. 269-2-c), unless the issuer opted for
the debits.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from bill.money import CENT, ZERO
from export.e_reporting.declared_rows import DeclaredRow


class RatePaid(NamedTuple):
    """What was received for one VAT rate, VAT included."""

    rate: Decimal
    amount: Decimal


class DayOfPayments(NamedTuple):
    """The payments of one day: annexe 7, TG-37."""

    day: date
    rates: tuple[RatePaid, ...]


class DailyPayments:
    """Adds payments up. A payment that went back is deducted from its own day: a declared amount is never negative
    (annexe 7, G1.16), so that an earlier period is declared anew."""

    def __init__(self) -> None:
        self._sums: dict[tuple[date, Decimal], Decimal] = {}

    def add(self, day: date, amount: Decimal, rows: Sequence[DeclaredRow], gross: Decimal) -> None:
        """Count a payment (negative: what went back of one of this day) of a bill with these rows and this total with
        VAT."""
        for rate, share in payment_shares(amount, rows, gross):
            self._sums[day, rate] = self._sums.get((day, rate), ZERO) + share

    def days(self) -> list[DayOfPayments]:
        """What was received, by day."""
        return self._days(lambda amount: amount > 0)

    def gone_back(self) -> list[DayOfPayments]:
        """The days and rates of which more went back than came; they cannot be declared, and are for a person."""
        return self._days(lambda amount: amount < 0)

    def _days(self, counts: Callable[[Decimal], bool]) -> list[DayOfPayments]:
        days: dict[date, list[RatePaid]] = {}
        for (day, rate), amount in sorted(self._sums.items()):
            if counts(amount):
                days.setdefault(day, []).append(RatePaid(rate, amount))
        return [DayOfPayments(day, tuple(rates)) for day, rates in days.items()]


def payment_shares(amount: Decimal, rows: Sequence[DeclaredRow], gross: Decimal) -> list[RatePaid]:
    """The shares of a payment by VAT rate, in proportion to what the bill has of each.

    *gross* is the bill's whole total: what of it is not declared takes its share too, and is left out. Shares are in
    cents; those that are rounded off go to the largest remainders, so that a payment of all is declared in full.
    """
    if not gross:
        return []
    weights: list[tuple[Decimal | None, Decimal]] = [(row.rate, row.gross) for row in rows if row.category == "TPS1"]
    weights.append((None, gross - sum((weight for _, weight in weights), ZERO)))
    exact = [amount * weight / gross for _, weight in weights]
    shares = [each.quantize(CENT, ROUND_FLOOR) for each in exact]
    lacking = int((amount - sum(shares, ZERO)) / CENT)
    by_remainder = sorted(range(len(shares)), key=lambda at: (shares[at] - exact[at], at))
    for at in by_remainder[:lacking]:
        shares[at] += CENT
    return [
        RatePaid(rate, share) for (rate, _), share in zip(weights, shares, strict=True) if rate is not None and share
    ]
