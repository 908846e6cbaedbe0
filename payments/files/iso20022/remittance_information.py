"""Reads what a payer says of a payment (`RmtInf`): references, the documents that are paid and with how much each,
free text."""

from decimal import Decimal
from typing import Final, NamedTuple

from bill.payment.payment_entry import PaymentShare
from payments.files.iso20022.amount import read_amount
from payments.files.iso20022.elements import Element, child, children, text
from payments.files.iso20022.identifiers import told

#: The most characters of an unstructured line: one that is full goes on in the next without a blank.
_FULL_LINE: Final = 140
#: UNTDID-like types of documents of which an amount is deducted.
_CREDIT_NOTE: Final = "CREN"


class Remittance(NamedTuple):
    """*references* best first: creditor references, then numbers of documents. *shares*: what each document gets."""

    references: tuple[str, ...] = ()
    shares: tuple[PaymentShare, ...] = ()
    text: str = ""


def read_remittance(information: Element | None, currency: str) -> Remittance:
    """The remittance information of a transaction in *currency*; raises NotAValueError for an amount that is none."""
    structured = list(children(information, "Strd"))
    creditor_references = [text(each, "CdtrRefInf", "Ref") for each in structured]
    numbers = [text(document, "Nb") for each in structured for document in children(each, "RfrdDocInf")]
    references = dict.fromkeys(filter(None, map(told, (*creditor_references, *numbers))))
    shares = tuple(share for each in structured if (share := _share(each, currency)) is not None)
    more = [text(line) for each in structured for line in children(each, "AddtlRmtInf")]
    written = _joined([line.text or "" for line in children(information, "Ustrd")])
    return Remittance(tuple(references), shares, " ".join(filter(None, (written, *more))))


def _share(structured: Element, currency: str) -> PaymentShare | None:
    """What one `Strd` pays of which document; None where it does not say both."""
    documents = list(children(structured, "RfrdDocInf"))
    number = text(documents[0], "Nb") if len(documents) == 1 else ""
    reference = told(text(structured, "CdtrRefInf", "Ref")) or told(number)
    amount = _share_amount(child(structured, "RfrdDocAmt"), currency)
    if not reference or amount is None:
        return None
    is_credit_note = bool(documents) and text(documents[0], "Tp", "CdOrPrtry", "Cd") == _CREDIT_NOTE
    return PaymentShare(reference=reference, amount=-abs(amount) if is_credit_note else amount)


def _share_amount(amounts: Element | None, currency: str) -> Decimal | None:
    """The amount remitted, else minus that of the credit note, else that due less its discount."""
    remitted = read_amount(amounts, "RmtdAmt", currency=currency)
    if remitted is not None:
        return remitted.amount if remitted.currency == currency else None
    credited = read_amount(amounts, "CdtNoteAmt", currency=currency)
    if credited is not None:
        return -credited.amount if credited.currency == currency else None
    due = read_amount(amounts, "DuePyblAmt", currency=currency)
    if due is None or due.currency != currency:
        return None
    discount = read_amount(amounts, "DscntApldAmt", "Amt", currency=currency)
    if discount is None and child(amounts, "DscntApldAmt", "Amt") is None:
        discount = read_amount(amounts, "DscntApldAmt", currency=currency)
    return due.amount - (discount.amount if discount is not None and discount.currency == currency else 0)


def _joined(lines: list[str]) -> str:
    written = "".join(line if len(line) == _FULL_LINE else f"{line} " for line in lines)
    return " ".join(written.split())
