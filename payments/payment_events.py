"""Tells what payments have done: the issuer of bills paid, in groups, and of a payment that waits; the issuer and the
bill's holders of one that was refused or came back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill.decimal_text import amount_text
from bill.payment.payment_entry import PaymentEntry
from payments.matching.movement import Match
from store.accounts.consumer import holders_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_lookup import bills_by_id
from store.job import request_job
from store.outbox.account_events import record_bill_event
from store.outbox.outbox_event import record_outbox_event
from store.payments.payment import PaymentRow


def record_bills_paid(session: Session, rows: Sequence[BillRow], at: datetime) -> None:
    """Record that these bills of one issuer are paid in full now: one event for all of them."""
    if not rows:
        return
    query = select(CustomerAccount).where(CustomerAccount.id.in_({row.account_id for row in rows}))
    numbers = {account.id: account.number for account in session.scalars(query)}
    by_number = sorted(rows, key=lambda row: row.number)
    bills = [{"bill_number": row.number, "account_number": numbers[row.account_id]} for row in by_number]
    record_outbox_event(session, rows[0].issuer_id, "bills.paid", {"bills": bills}, at)


def record_waiting_payment(session: Session, row: PaymentRow, entry: PaymentEntry, at: datetime) -> None:
    """Record that a payment matches no bill and waits for a person."""
    data = {
        "payment": row.id, "amount": amount_text(row.amount, row.currency), "currency": row.currency,
        "booked_on": row.booked_on,
        "reference": entry.references[0] if entry.references else entry.remittance or None,
    }  # fmt: skip
    record_outbox_event(session, row.issuer_id, "payment.waiting", data, at)


def record_failed_payment(session: Session, match: Match, entry: PaymentEntry, at: datetime) -> None:
    """Record for each bill of a return or refusal that it is due again, and mail its holders (wake the workers)."""
    amounts = dict(match.shares)
    for bill in sorted(bills_by_id(session, amounts), key=lambda each: each.id):
        record_bill_event(
            session, bill, "bill.payment_returned", at, amount=amount_text(amounts[bill.id], bill.currency),
            currency=bill.currency, reason=entry.reason or None,
        )  # fmt: skip
        if entry.kind in {"returned", "refused"}:
            for holder in holders_of(session, [bill.account_id]).get(bill.account_id, []):
                request_job(session, "payment_failed", {"bill_id": bill.id, "consumer_id": holder.id}, at)
