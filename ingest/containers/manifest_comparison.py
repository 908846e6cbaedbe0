"""What the members of a container were found to hold, and what is declared that they hold.

What members declare of themselves (a trailer, UNZ) and what a manifest's lines say of them are added up to what the
whole feed declares; a member of which nothing is declared counts as it was found.
"""

from collections.abc import Iterator
from decimal import Decimal

from bill import ZERO, ControlTotals
from ingest.containers.member import Member, read_member
from ingest.items import BillDraft, amount_of
from ingest.reader_interface import ReadContext


class ManifestComparison:
    """Counts members while they are read."""

    def __init__(self) -> None:
        self._found: list[ControlTotals] = []
        self._said: dict[str, dict[int, ControlTotals]] = {"members": {}, "manifest": {}}

    def member(self, member: Member, listed: ControlTotals | None, read_context: ReadContext) -> Iterator[BillDraft]:
        """The items of a member; what it declares goes no further than here, and *listed* is the manifest's word."""
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
        """What the members together, and the manifest's lines together, declare of the whole feed."""
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
