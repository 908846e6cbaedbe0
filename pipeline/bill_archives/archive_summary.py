"""What an archive amounts to: its bills and sums, whole and by contract and year. Found in one pass over its entries;
it stays as small as there are contracts and years."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bill import ZERO
from pipeline.bill_archives.archive_entry import ArchiveEntry


@dataclass(slots=True)
class SummedBills:
    """How many bills, and their amounts by currency (credit notes are deducted)."""

    bills: int = 0
    totals: dict[str, Decimal] = field(default_factory=dict)

    def add(self, bill: ArchiveEntry) -> None:
        self.bills += 1
        self.totals[bill.currency] = self.totals.get(bill.currency, ZERO) + bill.amount


@dataclass(slots=True)
class ArchiveSummary:
    """The whole archive. *accounts* in the archive's order; *left_out*: files that could not be read, each with its
    bill."""

    whole: SummedBills = field(default_factory=SummedBills)
    accounts: dict[int, SummedBills] = field(default_factory=dict)
    names: dict[int, tuple[str, str]] = field(default_factory=dict)
    years: dict[tuple[int, int], SummedBills] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    left_out: list[tuple[ArchiveEntry, str]] = field(default_factory=list)


def summary_of(bills: Iterable[ArchiveEntry]) -> ArchiveSummary:
    """Add up all bills of the archive."""
    found = ArchiveSummary()
    for bill in bills:
        found.whole.add(bill)
        found.names[bill.account_id] = (bill.issuer, bill.account)
        found.accounts.setdefault(bill.account_id, SummedBills()).add(bill)
        found.years.setdefault((bill.account_id, bill.issue_date.year), SummedBills()).add(bill)
        found.first = min(found.first or bill.issue_date, bill.issue_date)
        found.last = max(found.last or bill.issue_date, bill.issue_date)
        found.left_out += [(bill, what) for what in bill.left_out]
    return found
