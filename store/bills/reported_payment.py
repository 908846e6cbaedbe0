"""A consumer's report that a bill was paid, and its withdrawal."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    update,
)  # fmt: skip
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.db.event import record
from store.outbox.account_events import record_bill_event


def say_paid(
    session: Session, row: BillRow, at: datetime | None, amount: Decimal | None = None, *, now: datetime, by: str
) -> bool:
    """Record a consumer's report that a bill was paid: in full, or this *amount*; *at* None takes the report back.
    Returns False, and changes nothing, if somebody else has reported since *row* was read."""
    said = (
        update(BillRow)
        .where(BillRow.id == row.id, BillRow.said_paid_at.is_not_distinct_from(row.said_paid_at))
        .where(BillRow.said_paid.is_not_distinct_from(row.said_paid))
        .values(said_paid_at=at, said_paid=amount)
    )
    if session.execute(said).rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, "bill", row.id, "said_unpaid" if at is None else "said_paid", now, by=by)
    if at is not None:
        record_bill_event(session, row, "bill.reported_paid", now)
    return True
