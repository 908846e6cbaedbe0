"""What a batch within an entry declares (`Btch`): how many transactions, their sum, and of which order they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bill import ZERO, Finding, Money, warning
from payments.files.iso20022.elements import Element, child, text
from payments.files.iso20022.exact_amount import read_amount
from payments.files.iso20022.placeholder_identifiers import real_identifier
from untrusted.value_parsing import NotAValueError, decimal


@dataclass(slots=True)
class DeclaredBatch:
    """*count* and *total* as declared, None where they are not; *seen* and *seen_total* of the transactions read, the
    latter None when one of them does not say its amount. *order_id* is the `PmtInfId` of the order."""

    is_there: bool = False
    count: int | None = None
    total: Money | None = None
    seen: int = 0
    seen_total: Decimal | None = ZERO
    order_id: str = ""

    def add(self, amount: Decimal | None) -> None:
        """Count a transaction of the batch, with its amount in the entry's direction."""
        self.seen += 1
        self.seen_total = None if amount is None or self.seen_total is None else self.seen_total + amount

    def findings(self, currency: str, place: str) -> Iterator[Finding]:
        """Yield what is declared otherwise than it was read. A batch without any transactions is no fault: its details
        come in another message."""
        if not self.seen:
            return
        if self.count is not None and self.count != self.seen:
            sentence = "the batch declares {declared} transactions, and {count} are told"
            yield warning("PAYMENT-BATCH-COUNT", sentence, place, declared=self.count, count=self.seen)
        elif (
            self.total
            and self.seen_total is not None
            and self.total != Money(amount=abs(self.seen_total), currency=currency)
        ):
            sentence = "the batch declares a sum of {declared}, and its transactions add up to {sum}"
            yield warning(
                "PAYMENT-BATCH-SUM", sentence, place, declared=self.total.amount, sum=abs(self.seen_total)
            )  # fmt: skip


def read_batch(details: Element | None, currency: str) -> DeclaredBatch:
    """The batch of an entry's details (`NtryDtls`)."""
    batch = child(details, "Btch")
    if batch is None:
        return DeclaredBatch()
    try:
        written = text(batch, "NbOfTxs")
        count = int(decimal(written)) if written else None
        total = read_amount(batch, "TtlAmt", currency=currency)
    except NotAValueError:
        count = total = None
    return DeclaredBatch(True, count, total, order_id=real_identifier(text(batch, "PmtInfId")))
