"""Reads one transaction of an entry (`TxDtls`), and makes the payment entry of it."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

from bill import ZERO, Money, is_iban, looks_like_iban
from bill.payment.payment_entry import MovementKind, PaymentEntry
from payments.files.camt.booking import Booking, read_direction
from payments.files.iso20022.bank_transaction_code import BankTransactionCode, movement_kind, read_transaction_code
from payments.files.iso20022.charges import Charges, paid_amount, read_charges
from payments.files.iso20022.elements import Element, child, code_or_proprietary, text
from payments.files.iso20022.exact_amount import read_amount
from payments.files.iso20022.labelled_remittance_text import labelled_parts
from payments.files.iso20022.parties import PaymentParty, read_party
from payments.files.iso20022.placeholder_identifiers import real_identifier
from payments.files.iso20022.remittance_information import Remittance, read_remittance

#: Where a transaction may say its amount, best first.
_AMOUNTS: Final = (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "CntrValAmt", "Amt"))
_INSTRUCTED: Final = ("AmtDtls", "InstdAmt", "Amt")
#: What tells a transaction from all others: the bank's own references, then those of the whole chain of banks.
_IDS: Final = ("AcctSvcrRef", "AcctSvcrTxId", "TxId", "UETR")
#: External return reason codes in free text.
_reason: Final = re.compile(r"\b(?:A[CGM]|BE|CNOR|DNOR|DT|ED|FF|FOCR|MD|MS|RC|RR|SL)[0-9]{2}\b").search


class BookedTransaction(NamedTuple):
    """What a transaction says of itself. *amounts* are those in the account's currency, best first; *instructed* is
    what the payer ordered, in whichever currency."""

    is_credit: bool
    amounts: tuple[Decimal, ...] = ()
    instructed: Money | None = None
    charges: Charges = Charges()
    code: BankTransactionCode | None = None
    original_code: BankTransactionCode | None = None  # of the payment that goes back
    is_return: bool = False
    reason: str = ""
    entry_id: str = ""
    transaction_id: str = ""
    end_to_end_id: str = ""
    mandate_id: str = ""
    debtor: PaymentParty = PaymentParty()
    creditor: PaymentParty = PaymentParty()
    remittance: Remittance = Remittance()
    more_text: str = ""
    order_id: str = ""  # `PmtInfId`

    @property
    def tells_its_order_alone(self) -> bool:
        """Whether it names an order of several payments, and neither a payer nor a bill."""
        said = (self.end_to_end_id, self.mandate_id, self.debtor.name, self.debtor.account, self.remittance.text)
        return bool(self.order_id) and not any(said) and not self.remittance.references


def read_transaction(element: Element, booking: Booking) -> BookedTransaction:
    """The transaction of this element; raises NotAValueError for an amount that is none."""
    currency = booking.amount.currency
    stated = [read_amount(element, *path, currency=currency) for path in _AMOUNTS]
    instructed = read_amount(element, *_INSTRUCTED, currency=currency)
    references, parties, back = child(element, "Refs"), child(element, "RltdPties"), child(element, "RtrInf")
    ids = [real_identifier(text(references, name)) for name in _IDS]
    return BookedTransaction(
        is_credit=read_direction(element, otherwise=booking.is_credit),
        amounts=_told_amounts([each.amount for each in (*stated, instructed) if each and each.currency == currency]),
        instructed=instructed,
        charges=read_charges(element, currency),
        code=read_transaction_code(element),
        original_code=read_transaction_code(back, "OrgnlBkTxCd"),
        is_return=back is not None,
        reason=code_or_proprietary(child(back, "Rsn")) or code_or_proprietary(child(back, "RtrRsn")),
        entry_id=next((each for each in ids if each not in ("", booking.reference)), ""),
        transaction_id=real_identifier(text(references, "TxId")),
        order_id=real_identifier(text(references, "PmtInfId")),
        end_to_end_id=real_identifier(text(references, "EndToEndId")),
        mandate_id=real_identifier(text(references, "MndtId")),
        debtor=read_party(parties, "Dbtr"),
        creditor=read_party(parties, "Cdtr"),
        remittance=read_remittance(child(element, "RmtInf"), currency),
        more_text=" ".join(filter(None, (text(element, "AddtlTxInf"), *_return_texts(back)))),
    )


def _told_amounts(amounts: list[Decimal]) -> tuple[Decimal, ...]:
    """The amounts that are not 0, which some banks write into an element that must be there; else all."""
    return tuple(amount for amount in amounts if amount) or tuple(amounts)


def _return_texts(back: Element | None) -> list[str]:
    return [text(line) for line in back.iterchildren("{*}AddtlInf")] if back is not None else []


def kind_of(booking: Booking, transaction: BookedTransaction) -> MovementKind | None:
    """What the transaction is for a customer; None for the issuer's own business."""
    code = transaction.code or booking.code
    if code.is_unknown and transaction.original_code is not None:
        code = transaction.original_code
    return movement_kind(
        code, is_credit=transaction.is_credit, is_reversal=booking.is_reversal,
        is_return=transaction.is_return,
    )  # fmt: skip


class EntryIdentity(NamedTuple):
    """Which payment it is: its id, that of the booking and of the order that it is part of, the issuer's account, the
    place in the file."""

    entry_id: str
    batch_id: str
    account: str
    place: str
    order_id: str = ""


def payment_entry(
    booking: Booking, transaction: BookedTransaction, kind: MovementKind, booked: Decimal, identity: EntryIdentity,
    text_of_entry: str = "",
) -> PaymentEntry:  # fmt: skip
    """The payment entry of a transaction that the account got or gave *booked* of."""
    currency = booking.amount.currency
    instructed = transaction.instructed or (None if identity.batch_id else booking.instructed)
    stated = [*([instructed.amount] if instructed and instructed.currency == currency else ()), *transaction.amounts]
    charges = transaction.charges if transaction.charges.amount else booking.charges
    paid, kept = paid_amount(booked, charges, stated, is_credit=transaction.is_credit)
    original = min((amount for amount in stated if amount > ZERO), default=paid)
    if kind == "returned" and original < paid:  # no more goes back than was paid: the bank took the rest for itself
        paid, kept = original, booked - original
    is_other = (
        instructed is not None and instructed != Money(amount=paid, currency=currency) and instructed.amount > ZERO
    )
    said = _Said.of(transaction, text_of_entry)
    customer = _customer(transaction, kind, identity.account)
    goes_back = kind in ("returned", "refund_returned")
    return PaymentEntry(
        kind=kind,
        amount=paid,
        currency=currency,
        booked_on=booking.booked_on,
        entry_id=identity.entry_id,
        creditor_iban=_paid_account(transaction, kind, identity.account),
        debtor_iban=customer.account or said.account,
        debtor_name=customer.name or said.name,
        references=transaction.remittance.references,
        remittance=said.text,
        end_to_end_id=said.end_to_end_id,
        mandate_id=said.mandate_id,
        original_id=(said.end_to_end_id or transaction.transaction_id) if goes_back else "",
        reason=said.reason if goes_back else "",
        place=identity.place,
        is_booked=booking.is_booked,
        shares=transaction.remittance.shares,
        charges=kept,
        instructed_amount=instructed.amount if instructed and is_other else None,
        instructed_currency=instructed.currency if instructed and is_other else "",
        bank_code=(transaction.code or booking.code).written,
        batch_id=identity.batch_id,
        order_id=transaction.order_id or identity.order_id,
    )


class _Said(NamedTuple):
    """What the elements say, else what the bank labelled in the free text."""

    text: str
    end_to_end_id: str
    mandate_id: str
    reason: str
    account: str
    name: str

    @classmethod
    def of(cls, transaction: BookedTransaction, text_of_entry: str) -> "_Said":
        written = transaction.remittance.text
        if not written and not transaction.remittance.references:
            written = transaction.more_text or text_of_entry
        parts = labelled_parts(written) or labelled_parts(transaction.more_text) or labelled_parts(text_of_entry)
        found = _reason(" ".join((transaction.more_text, written, text_of_entry)))
        iban = parts.get("IBAN", "")
        return cls(
            text=parts.get("SVWZ", written) if labelled_parts(written) else written,
            end_to_end_id=transaction.end_to_end_id or real_identifier(parts.get("EREF", "")),
            mandate_id=transaction.mandate_id or real_identifier(parts.get("MREF", "")),
            reason=transaction.reason or parts.get("RTRN", "") or (found[0] if found else ""),
            account=iban if looks_like_iban(iban) else "",
            name=parts.get("NAME", ""),
        )


def _paid_account(transaction: BookedTransaction, kind: MovementKind, account: str) -> str:
    """The issuer's account that was paid to: one of its virtual IBANs where the transaction names one."""
    named = transaction.creditor.account
    is_named = kind in ("received", "collected") and transaction.debtor.account != account and is_iban(named)
    return named if is_named else account


def _customer(transaction: BookedTransaction, kind: MovementKind, account: str) -> PaymentParty:
    """The customer among the two parties: the one whose account is not the issuer's, else the one in the customer's
    role. What goes back keeps the roles of the original."""
    debtor, creditor = transaction.debtor, transaction.creditor
    if account and debtor.account == account:
        return creditor
    if account and creditor.account == account:
        return debtor
    first, second = (creditor, debtor) if kind in ("refunded", "refund_returned") else (debtor, creditor)
    return first if first.account or first.name else second
