"""A consumer's report that a bill was paid, and its withdrawal."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.db.event import Event, record
from store.outbox.account_events import record_bill_event


class PaymentReport(NamedTuple):
    """What a holder said of a bill's payment, and when. *consumer_id* is None where that is not known."""

    at: datetime
    is_paid: bool
    consumer_id: int | None


def payment_reports(session: Session, bill_id: int) -> list[PaymentReport]:
    """What holders said of the bill's payment, oldest first."""
    query = (
        select(Event.what, Event.at, Event.by)
        .where(Event.subject == "bill", Event.subject_id == bill_id, Event.what.in_(["said_paid", "said_unpaid"]))
        .order_by(Event.id)
    )
    return [PaymentReport(at, what == "said_paid", _consumer_in(by)) for what, at, by in session.execute(query)]


def _consumer_in(by: str) -> int | None:
    kind, _, number = by.partition(" ")
    return int(number) if kind == "consumer" and number.isdecimal() else None


def say_paid(
    session: Session, row: BillRow, at: datetime | None, amount: Decimal | None = None, *, now: datetime, by: str,
    is_taken_back: bool = False,
) -> bool:  # fmt: skip
    """Record a consumer's report that a bill was paid: in full, or this *amount*; *at* None takes the report back.
    *is_taken_back*: what stood before the last report is put back. Returns False, and changes nothing, if somebody else
    has reported since *row* was read."""
    said = (
        update(BillRow)
        .where(BillRow.id == row.id, BillRow.said_paid_at.is_not_distinct_from(row.said_paid_at))
        .where(BillRow.said_paid.is_not_distinct_from(row.said_paid))
        .values(said_paid_at=at, said_paid=amount)
    )
    if session.execute(said).rowcount != 1:  # type: ignore[attr-defined]
        return False
    is_less = at is None or (is_taken_back and row.said_paid_at is not None)
    record(session, "bill", row.id, "said_unpaid" if is_less else "said_paid", now, by=by)
    if not is_less:
        record_bill_event(session, row, "bill.reported_paid", now)
    return True
