"""Invariants of deliveries: every chosen bill has one, none is sent twice, each has a recorded outcome."""

from sqlalchemy import ColumnElement, exists, func, select

from audit.invariant_violations import Question
from store.bills.bill import BillRow
from store.delivery import MESSAGE_CHANNELS, OPEN_STATES, Attempt, Delivery
from store.print_batch import PrintBatch


def bills_owing_nothing() -> Question:
    """Chosen bills without a delivery."""
    owed = exists().where(Delivery.bill_id == BillRow.id)
    return select(BillRow.id, BillRow.number).where(BillRow.state == "chosen", ~owed)


def deliveries_of_others() -> Question:
    """Deliveries queued for another issuer than their bill's."""
    whose = BillRow.issuer_id != Delivery.issuer_id
    return select(Delivery.id).join(BillRow, BillRow.id == Delivery.bill_id).where(whose)


def forgotten_bills() -> Question:
    """Chosen bills, not viewed and not posted, whose deliveries were all cancelled without a named person responsible.
    Whether a letter was really posted is checked by `posted_without_letter`."""
    reached = exists().where(
        Delivery.bill_id == BillRow.id,
        Delivery.state.in_([*OPEN_STATES, "failed", "sent", "delivered"]) | (Delivery.decided_by != ""),
    )
    return select(BillRow.id, BillRow.number).where(BillRow.state == "chosen", *_unreached(), ~reached)


def _unreached() -> tuple[ColumnElement[bool], ...]:
    """The terms of the partial index of bills that have reached nobody (`ix_bill_unreached`)."""
    return BillRow.viewed_at.is_(None), BillRow.posted_at.is_(None)


def letters_twice() -> Question:
    """Bills printed more than once for their addressee."""
    return (
        select(Delivery.bill_id).where(Delivery.channel == "paper", Delivery.batch_id.is_not(None))
        .group_by(Delivery.bill_id, Delivery.person_id, Delivery.purpose).having(func.count() > 1)
    )  # fmt: skip


def batches_miscounted() -> Question:
    """Closed print batches whose letter count is wrong."""
    letters = select(func.count()).where(Delivery.batch_id == PrintBatch.id).scalar_subquery()
    return select(PrintBatch.id).where(PrintBatch.state != "open", PrintBatch.letters != letters)


def sent_without_attempt() -> Question:
    """Messages marked as sent without an attempt that was sent."""
    tried = exists().where(Attempt.delivery_id == Delivery.id, Attempt.outcome == "sent")
    return select(Delivery.id).where(
        Delivery.channel.in_(MESSAGE_CHANNELS), Delivery.state.in_(["sent", "delivered"]), ~tried
    )


def failed_without_successor() -> Question:
    """Failed messages that were not replaced, of bills that reached their person in no other way."""
    other = Delivery.__table__.alias("other")
    replaced = exists().where(
        other.c.bill_id == Delivery.bill_id, other.c.id != Delivery.id,
        other.c.state.in_([*OPEN_STATES, "sent", "delivered", "failed"]), other.c.channel.in_(["paper", "portal"]),
    )  # fmt: skip
    return select(Delivery.id).where(Delivery.channel.in_(MESSAGE_CHANNELS), Delivery.state == "failed", ~replaced)


def posted_without_letter() -> Question:
    """Bills marked as posted without a posted letter."""
    letter = exists().where(Delivery.bill_id == BillRow.id, Delivery.channel == "paper", Delivery.sent_at.is_not(None))
    return select(BillRow.id, BillRow.number).where(BillRow.posted_at.is_not(None), ~letter)
