"""A named person's decision on a payment: the bills it is of, that it is of none, or that Facteur looks again."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from bill import ZERO, Reason
from bill.money import round_money
from payments.match_payments import match_payments
from store.bills.bill import BillRow
from store.bills.bill_lookup import bills_by_number
from store.db.bulk_insert import insert_rows
from store.db.event import record
from store.issuer import lock_issuer
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import PaymentAllocation, allocations_of
from untrusted.value_parsing import LARGEST_AMOUNT

#: `done`; `late`: somebody decided before, which is taken back first; `undecided`: there is nothing to take back;
#: `unknown_bill`; `other_currency`; `too_much`: the parts are more than came, or than a credit note gives; `nothing`:
#: no part was given, or one that is no amount of the currency.
DecisionOnPayment = Literal["done", "late", "undecided", "unknown_bill", "other_currency", "too_much", "nothing"]


def assign_payment(
    session: Session, payment_id: int, parts: Mapping[str, Decimal], by: str, reason: str, now: datetime
) -> DecisionOnPayment:
    """A person says of which bills a payment is: *parts* are amounts by bill number, of the payment's issuer. What is
    left of the payment is its account's, in favour."""
    row = _locked(session, payment_id)
    if row.decided_by:
        return "late"
    bills = bills_by_number(session, row.issuer_id, list(parts))
    wrong = _fault(row, parts, bills)
    if wrong is not None:
        return wrong
    touched = _end_parts(session, row, now)
    rows = [
        {"payment_id": row.id, "bill_id": bills[number].id, "amount": amount, "since": now, "until": None, "by": by}
        for number, amount in sorted(parts.items())
    ]
    insert_rows(session, PaymentAllocation, rows)
    rest = row.amount - sum(parts.values(), ZERO)
    return _decide(session, row, "part" if rest else "matched", by, reason, now, touched)


def ignore_payment(session: Session, payment_id: int, by: str, reason: str, now: datetime) -> DecisionOnPayment:
    """A person says that a payment is of no bill: the bank's interest, another business of the issuer."""
    row = _locked(session, payment_id)
    if row.decided_by:
        return "late"
    return _decide(session, row, "ignored", by, reason, now, _end_parts(session, row, now))


def undo_decision(session: Session, payment_id: int, by: str, reason: str, now: datetime) -> DecisionOnPayment:
    """Take a person's decision back: the payment is matched again as if nobody had decided."""
    row = _locked(session, payment_id)
    if not row.decided_by:
        return "undecided"
    touched = _end_parts(session, row, now)
    values = {"decided_by": "", "decided_at": None, "outcome": "waiting", "why": "", "reason": Reason()}
    session.execute(update(PaymentRow).where(PaymentRow.id == row.id).values(**values))
    record(session, "payment", row.id, "undone", now, by=by, why=reason)
    session.flush()
    session.expire(row)
    match_payments(session, row.issuer_id, now, payment_ids=[row.id], bill_ids=touched, touched=touched)
    return "done"


def _locked(session: Session, payment_id: int) -> PaymentRow:
    row = session.get_one(PaymentRow, payment_id)
    lock_issuer(session, row.issuer_id)
    session.refresh(row)
    return row


def _fault(row: PaymentRow, parts: Mapping[str, Decimal], bills: Mapping[str, BillRow]) -> DecisionOnPayment | None:
    if any(abs(amount) > LARGEST_AMOUNT for amount in parts.values()):
        return "too_much"
    if not parts or any(not amount or round_money(amount, row.currency) != amount for amount in parts.values()):
        return "nothing"
    if parts.keys() - bills.keys():
        return "unknown_bill"
    if any(bill.currency != row.currency for bill in bills.values()):
        return "other_currency"
    deducted = {number: -amount for number, amount in parts.items() if amount < 0}
    is_too_much = any(bills[number].demand.favour < amount for number, amount in deducted.items())
    return "too_much" if is_too_much or sum(parts.values(), ZERO) > row.amount else None


def _end_parts(session: Session, row: PaymentRow, now: datetime) -> list[int]:
    """End what the payment was of until now. Returns the bills."""
    held = allocations_of(session, [row.id]).get(row.id, [])
    if held:
        ended = update(PaymentAllocation).where(PaymentAllocation.id.in_([each.id for each in held]))
        session.execute(ended.values(until=now))
    return [each.bill_id for each in held]


def _decide(
    session: Session, row: PaymentRow, outcome: str, by: str, reason: str, now: datetime, ended: Collection[int]
) -> DecisionOnPayment:  # fmt: skip
    """*ended* are the bills of which the payment was until now."""
    values = {
        "outcome": outcome, "why": "decided", "decided_by": by, "decided_at": now, "reason": Reason.said(reason),
        "same_as_id": None,
    }  # fmt: skip
    session.execute(update(PaymentRow).where(PaymentRow.id == row.id).values(**values))
    record(session, "payment", row.id, "assigned" if outcome != "ignored" else "ignored", now, by=by, why=reason)
    session.flush()
    session.expire(row)
    parts = allocations_of(session, [row.id]).get(row.id, [])
    touched = {each.bill_id for each in parts}.union(ended)
    match_payments(session, row.issuer_id, now, payment_ids=[row.id], bill_ids=touched, touched=touched)
    return "done"
