"""Adds up the control totals of an archive's members: declared by the members (trailer, EDIFACT UNZ) and by the
manifest.

A member for which nothing is declared counts with what was read from it.
"""

from collections.abc import Iterator
from decimal import Decimal

from bill import ZERO, ControlTotals
from ingest.containers.archive_member import Member, read_member
from ingest.items import BillDraft, amount_of
from ingest.reader_interface import ReadContext


class ArchiveControlTotals:
    """Counts the bills and sums of members while they are read."""

    def __init__(self) -> None:
        self._found: list[ControlTotals] = []
        self._said: dict[str, dict[int, ControlTotals]] = {"members": {}, "manifest": {}}

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
        index = len(self._found)
        self._found.append(ControlTotals(count=count, sums=sums))
        for totals in read_context.declared:
            self._said["members"][index] = totals
        if listed is not None:
            self._said["manifest"][index] = listed
        read_context.declared[:] = before

    def declared(self) -> Iterator[ControlTotals]:
        """Yield the totals for the whole feed: one of all members' own declarations, one of all lines of the
        manifest."""
        for source, said in self._said.items():
            count, sums = None, dict[str, Decimal]()
            if any(totals.count is not None for totals in said.values()):
                count = sum(self._count(index, said.get(index)) for index in range(len(self._found)))
            if any(totals.sums for totals in said.values()):
                for index, found in enumerate(self._found):
                    totals = said.get(index)
                    for currency, amount in (totals.sums if totals and totals.sums else found.sums).items():
                        sums[currency] = sums.get(currency, ZERO) + amount
            if count is not None or sums:
                yield ControlTotals(count=count, sums=sums, source=source)

    def _count(self, index: int, said: ControlTotals | None) -> int:
        counted = self._found[index].count or 0
        return counted if said is None or said.count is None else said.count
