"""Adds up the control totals of an archive's members: declared by the members (trailer, EDIFACT UNZ) and by the
manifest.

A member for which nothing is declared counts with what was read from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from bill import ZERO, ControlTotals
from ingest.containers.archive_member import read_member
from ingest.items import BillDraft, amount_of
from ingest.reader_interface import ReadContext
from untrusted.archives.archive_member import Member


@dataclass(slots=True)
class _Declared:
    """What one source declares: its own count and sums, and, for members of which it says nothing, what was read."""

    count: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    has_count: bool = False
    has_sums: bool = False

    def add(self, said: ControlTotals | None, found: ControlTotals) -> None:
        """Add a member."""
        count, sums = (said.count, said.sums) if said is not None else (None, None)
        self.has_count |= count is not None
        self.has_sums |= bool(sums)
        self.count += (count if count is not None else found.count) or 0
        for currency, amount in (sums or found.sums).items():
            self.sums[currency] = self.sums.get(currency, ZERO) + amount


class ArchiveControlTotals:
    """Counts the bills and sums of members while they are read."""

    def __init__(self) -> None:
        self._declared = {"members": _Declared(), "manifest": _Declared()}

    def member(self, member: Member, listed: ControlTotals | None, read_context: ReadContext) -> Iterator[BillDraft]:
        """Yield the items of a member. Control totals that the member declares are kept here; *listed* are those of the
        manifest."""
        before, read_context.declared[:] = [*read_context.declared], []
        count, sums = 0, dict[str, Decimal]()
        for draft in read_member(member, read_context):
            count += 1
            amount = None if draft.bill is None else amount_of(draft.bill)
            if amount is not None:
                sums[amount.currency] = sums.get(amount.currency, ZERO) + amount.amount
            yield draft
        found = ControlTotals(count=count, sums=sums)
        said = read_context.declared[-1] if read_context.declared else None
        self._declared["members"].add(said, found)
        self._declared["manifest"].add(listed, found)
        read_context.declared[:] = before

    def declared(self) -> Iterator[ControlTotals]:
        """Yield the totals for the whole feed: one of all members' own declarations, one of all lines of the
        manifest."""
        for source, declared in self._declared.items():
            if declared.has_count or declared.has_sums:
                count = declared.count if declared.has_count else None
                yield ControlTotals(count=count, sums=declared.sums if declared.has_sums else {}, source=source)
