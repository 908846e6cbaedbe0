"""Find late print batches: not handed over in time, or not acknowledged by the print house."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from store.delivery import Delivery
from store.print_batch import PrintBatch, is_of_print_house

#: The longest time from a batch's cut-off to its handover, and from handover to acknowledgement.
TIME_TO_HAND_OVER: Final = timedelta(hours=1)
TIME_TO_ACKNOWLEDGE: Final = timedelta(days=3)


def late_batches(now: datetime) -> Select[PrintBatch]:
    """Batches with letters that were not handed over an hour after their cut-off."""
    has_letters = exists().where(Delivery.batch_id == PrintBatch.id)
    return (
        select(PrintBatch)
        .where(PrintBatch.state.in_(["open", "closed"]), PrintBatch.cut_off_at < now - TIME_TO_HAND_OVER)
        .where(or_(PrintBatch.state == "closed", has_letters), is_of_print_house())
        .order_by(PrintBatch.id)
    )


def unacknowledged_batches(now: datetime) -> Select[PrintBatch]:
    """Batches that the print house has not acknowledged in time."""
    return (
        select(PrintBatch)
        .where(PrintBatch.state == "handed_over", PrintBatch.handed_over_at < now - TIME_TO_ACKNOWLEDGE)
        .where(is_of_print_house())
        .order_by(PrintBatch.id)
    )


def read_late_batches(session: Session, now: datetime, issuer_id: int | None = None) -> list[PrintBatch]:
    """The late batches; with *issuer_id* those that hold letters of this issuer."""
    return list(session.scalars(_with_letters_of(late_batches(now), issuer_id)))


def read_unacknowledged_batches(session: Session, now: datetime, issuer_id: int | None = None) -> list[PrintBatch]:
    """The batches not acknowledged in time; with *issuer_id* those that hold letters of this issuer."""
    return list(session.scalars(_with_letters_of(unacknowledged_batches(now), issuer_id)))


def _with_letters_of(batches: Select[PrintBatch], issuer_id: int | None) -> Select[PrintBatch]:
    if issuer_id is None:
        return batches
    return batches.where(exists().where(Delivery.batch_id == PrintBatch.id, Delivery.issuer_id == issuer_id))
