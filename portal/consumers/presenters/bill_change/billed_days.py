"""What a bill's page says of how its consumption was counted: read or estimated, days missing or billed twice, and the
same meter in another contract of the same reader. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bill import ZERO, Bill
from bill.change import CoveredDays, ReadingKind, days_between, days_shared, metered_objects, reading_of
from store.bills.bill import BillRow
from store.issuer import Issuer


class SameMeter(NamedTuple):
    """Another bill of the same reader for the same meter and days, of another contract."""

    row: BillRow
    issuer: Issuer
    days: CoveredDays


class BilledDays(NamedTuple):
    """*reading* says how the consumption was known, *is_corrected* that the bill before was estimated and this one was
    not; *missing* are days that no bill covers, *twice* those that an earlier one covers too."""

    reading: ReadingKind = ""
    is_corrected: bool = False
    missing: CoveredDays | None = None
    twice: CoveredDays | None = None

    @property
    def says_something(self) -> bool:
        return bool(self.reading or self.missing or self.twice)


def billed_days(row: BillRow, last: BillRow | None, earlier: Sequence[BillRow]) -> BilledDays:
    """*last* is the bill before (whole), *earlier* are the account's bills before this one. Days are compared only for
    bills that say them, and those billed twice only for the same meter."""
    bill, before = row.bill, last.bill if last is not None else None
    reading = reading_of(bill)
    is_corrected = reading == "actual" and before is not None and reading_of(before) == "estimated"
    days = covered_by(row) if _says_days(bill) else None
    if days is None:
        return BilledDays(reading, is_corrected)
    covered = [each for each in map(covered_by, earlier) if each is not None]
    twice = None
    if last is not None and before is not None and _is_same_meter(bill, before) and not _takes_back(bill):
        twice = days_shared(days, [each for each in [covered_by(last)] if each is not None])
    return BilledDays(reading, is_corrected, days_between(days, covered), twice)


def same_meter(row: BillRow, others: Iterable[tuple[BillRow, Issuer]]) -> list[SameMeter]:
    """Returns those of *others* (whole bills) that are for a meter of this one, with the days that both cover."""
    days, meters = covered_by(row), metered_objects(row.bill)
    found = []
    for other, issuer in others:
        theirs = covered_by(other)
        if days is not None and theirs is not None and not meters.isdisjoint(metered_objects(other.bill)):
            shared = days_shared(days, [theirs])
            if shared is not None:
                found.append(SameMeter(other, issuer, shared))
    return found


def covered_by(row: BillRow) -> CoveredDays | None:
    """Returns the days that a bill is for, where it says them."""
    if row.used_from is None or row.used_to is None or row.used_from > row.used_to:
        return None
    return CoveredDays(row.used_from, row.used_to)


def _says_days(bill: Bill) -> bool:
    """Whether the bill says its days as a whole or by the meter; those of subscriptions alone may lie ahead."""
    return bill.period is not None or bool(metered_objects(bill))


def _is_same_meter(one: Bill, other: Bill) -> bool:
    return metered_objects(one) == metered_objects(other) and one.object_id == other.object_id


def _takes_back(bill: Bill) -> bool:
    """Whether the bill takes earlier amounts back, as one does that settles a year."""
    return any(line.counts and (line.quantity or ZERO) < 0 and line.unit for line in bill.lines)
