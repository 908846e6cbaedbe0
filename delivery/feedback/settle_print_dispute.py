"""A named person settles what a print house and we disagree about: a disputed batch, or an answer about no lot of ours.

Letters that were not printed are sent again first (`delivery.channels.paper.reprint`); the others count as printed.
"""

from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from bill import Reason
from delivery.feedback.print_acknowledgements import mark_printed
from store.db.event import record
from store.db.state_change import change_state
from store.print_answer import PrintAnswer
from store.print_batch import PrintBatch


def settle_dispute(session: Session, batch_id: int, by: str, reason: str, now: datetime) -> bool:
    """Take the letters of a disputed batch as printed, but for those that were sent again. Returns False when the batch
    is not disputed."""
    first = func.coalesce(PrintBatch.acknowledged_at, now)
    if not change_state(
        session, PrintBatch, batch_id, "disputed", "acknowledged", now, by=by, why=Reason.said(reason),
        acknowledged_at=first,
    ):  # fmt: skip
        return False
    mark_printed(session, session.get_one(PrintBatch, batch_id, populate_existing=True), (), now)
    return True


def settle_stray_answer(session: Session, answer_id: int, by: str, reason: str, now: datetime) -> bool:
    """Record that a person has looked into an answer about no lot of ours. Returns False when there is none, or
    somebody did before."""
    stray = (PrintAnswer.id == answer_id, PrintAnswer.batch_id.is_(None), PrintAnswer.settled_by == "")
    settled = session.execute(update(PrintAnswer).where(*stray).values(settled_by=by))
    if settled.rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, "print_answer", answer_id, "settled", now, by=by, why=Reason.said(reason))
    return True
