"""Reads an entry of a statement (`Ntry`) as far as it stands before its details: amount, direction, state and day."""

from datetime import date
from typing import Final, NamedTuple

from bill import Money
from payments.files.account_statement import AccountStatement
from payments.files.iso20022.bank_transaction_code import BankTransactionCode, read_transaction_code
from payments.files.iso20022.charges import Charges, read_charges
from payments.files.iso20022.dates import read_day
from payments.files.iso20022.elements import Element, child, code_or_proprietary, text
from payments.files.iso20022.exact_amount import read_amount
from payments.files.iso20022.placeholder_identifiers import real_identifier
from untrusted.value_parsing import NotAValueError, truth

_BOOKED: Final = "BOOK"
_DIRECTIONS: Final = {"CRDT": True, "DBIT": False}


class Booking(NamedTuple):
    """An entry's amount as the account has it, in the account's currency. *is_booked* is False for what is no money yet
    (pending, for information, of an intraday report). *reference* is the bank's (`AcctSvcrRef`). *says_state* is False
    for an entry of a statement (camt.053) without `Sts`, which is taken as booked: a statement is of booked entries."""

    amount: Money
    is_credit: bool
    is_reversal: bool
    is_booked: bool
    booked_on: date
    reference: str
    code: BankTransactionCode
    charges: Charges
    instructed: Money | None = None  # what the payer ordered, where the entry itself says it
    says_state: bool = True


def read_booking(element: Element, statement: AccountStatement, created_on: date | None) -> Booking:
    """The entry of this element. Without a booking day it takes the value day, else the statement's day, else
    *created_on*. Raises NotAValueError for what cannot be booked."""
    amount = read_amount(element, "Amt", currency=statement.currency)
    if amount is None:
        raise NotAValueError("PAYMENT-AMOUNT-MISSING", "this entry has no amount")
    state = _state(element)
    if not state and statement.kind != "statement":
        raise NotAValueError("PAYMENT-STATUS", "this entry does not say whether it is booked (Sts)")
    return Booking(
        amount=amount,
        is_credit=read_direction(element),
        is_reversal=truth(text(element, "RvslInd")),
        is_booked=statement.kind != "report" and state in ("", _BOOKED),
        booked_on=_booking_day(element, statement, created_on),
        reference=real_identifier(text(element, "AcctSvcrRef")),
        code=read_transaction_code(element) or BankTransactionCode(),
        charges=read_charges(element, amount.currency),
        instructed=read_amount(element, "AmtDtls", "InstdAmt", "Amt", currency=amount.currency),
        says_state=bool(state),
    )


def read_direction(element: Element, otherwise: bool | None = None) -> bool:
    """Whether this is a credit (`CdtDbtInd`); raises NotAValueError where it says neither."""
    written = text(element, "CdtDbtInd")
    if not written and otherwise is not None:
        return otherwise
    if written not in _DIRECTIONS:
        sentence = "the direction is neither CRDT nor DBIT but '{code}'"
        raise NotAValueError("PAYMENT-DIRECTION", sentence, code=written[:40])
    return _DIRECTIONS[written]


def _state(element: Element) -> str:
    """The entry's state, "" where it says none: text until version 7, `Cd` from version 8 on."""
    status = child(element, "Sts")
    return text(status) or code_or_proprietary(status)


def _booking_day(element: Element, statement: AccountStatement, created_on: date | None) -> date:
    said = read_day(element, "BookgDt") or read_day(element, "ValDt") or statement.last_day
    if said is None and statement.created_at is not None:
        said = statement.created_at.date()
    if said is None and created_on is None:
        raise NotAValueError("PAYMENT-DATE-MISSING", "this entry has no booking date")
    return said or created_on  # type: ignore[return-value]
