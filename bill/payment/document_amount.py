"""What one document by itself asks the buyer to pay, or gives back."""

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from bill.bill import CREDIT_NOTE_TYPES, Bill, Instalment
from bill.money import ZERO
from bill.payment.payment_instructions import is_collected

#: UNTDID 1001 codes of an invoice that replaces the one it refers to (BG-3).
CORRECTIVE_TYPES: Final = frozenset({"384", "471", "472", "473"})


class DocumentAmount(NamedTuple):
    """The terms of a bill that say how much goes which way. Amounts are as sent. *names* are the numbers of the bills
    it refers to (BG-3); *account* is "" for the customer in question, else tells other customers apart."""

    number: str
    type_code: str
    issue_date: date
    currency: str
    payable: Decimal
    gross: Decimal | None = None
    is_collected: bool = False
    due: date | None = None
    instalments: tuple[Instalment, ...] = ()
    names: tuple[str, ...] = ()
    account: str = ""

    @property
    def is_credit_note(self) -> bool:
        return self.type_code in CREDIT_NOTE_TYPES

    @property
    def asks(self) -> Decimal:
        """What the buyer owes by this document alone, exact. A negative credit note takes a credit back: it asks for
        money, as a positive invoice does."""
        return max(-self.payable if self.is_credit_note else self.payable, ZERO)

    @property
    def favour(self) -> Decimal:
        """What the seller owes by this document alone: a credit note's amount, or a negative invoice's without its
        sign."""
        return max(self.payable if self.is_credit_note else -self.payable, ZERO)

    @property
    def gives(self) -> Decimal:
        """What it deducts from the bills it refers to: all that it credits, even if paid back already (BT-113). An
        invoice with lines to pay whose payments leave a sum in the buyer's favour deducts nothing."""
        billed = self.payable if self.gross is None else self.gross
        if self.is_credit_note:
            return max(self.payable, billed) if self.payable >= 0 else ZERO
        return max(-self.payable, -billed) if billed < 0 else ZERO

    @property
    def replaces(self) -> bool:
        """Whether it replaces the bills it refers to; a wholly negative corrective deducts instead."""
        return self.type_code in CORRECTIVE_TYPES and not self.gives


def document_amount_of(bill: Bill) -> DocumentAmount:
    """The document amount of this bill."""
    return DocumentAmount(
        number=bill.number, type_code=bill.type_code, issue_date=bill.issue_date, currency=bill.currency,
        payable=bill.totals.payable, gross=bill.totals.gross, is_collected=is_collected(bill), due=bill.due_date,
        instalments=bill.instalments, names=tuple(each.number for each in bill.preceding),
    )  # fmt: skip
