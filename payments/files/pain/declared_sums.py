"""Compares what a message of orders declares (`NbOfTxs`, `CtrlSum`) with what was read."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bill import ZERO, Finding, warning
from payments.files.iso20022.elements import Element, text
from untrusted.value_parsing import decimal


@dataclass(slots=True)
class DeclaredSums:
    """*count* and *total* as declared, None where they are not; *seen* and *seen_total* of the orders
    there, the latter of those that could be read."""

    count: int | None = None
    total: Decimal | None = None
    seen: int = 0
    seen_total: Decimal = ZERO

    def findings(self, place: str) -> Iterator[Finding]:
        """Yield what is declared otherwise than it was read."""
        if self.count is not None and self.count != self.seen:
            sentence = "{declared} orders are declared (NbOfTxs), and {count} are there"
            yield warning("PAYMENT-COUNT", sentence, place, declared=self.count, count=self.seen)
        if self.total is not None and self.total != self.seen_total:
            sentence = "a sum of {declared} is declared (CtrlSum), and the orders add up to {sum}"
            yield warning("PAYMENT-SUM", sentence, place, declared=self.total, sum=self.seen_total)


def read_declared_sums(element: Element) -> DeclaredSums:
    """What a header (`GrpHdr`, `PmtInf`) declares; raises NotAValueError."""
    count, total = text(element, "NbOfTxs"), text(element, "CtrlSum")
    return DeclaredSums(int(decimal(count)) if count else None, decimal(total) if total else None)
