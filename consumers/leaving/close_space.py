"""A person closes their space: what works for them ends, and they are erased 30 days later, or at once where they ask
so. Until then signing in restores the space; what ended is linked and chosen anew."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from consumers.leaving.leaving_steps import STEPS
from store.accounts.consumer import Consumer
from store.base import insert_new
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.job import request_job
from store.leaving.email_change import taken_back_until
from store.leaving.space_closing import SpaceClosing, closing_of, end_closing, erase_sooner

#: How long a closed space can be restored.
TIME_TO_COME_BACK: Final = timedelta(days=30)
#: The job that mails what was closed, and what is erased when.
JOB: Final = "space_closed"


def close_space(session: Session, consumer_id: int, now: datetime, by: str = "", *, at_once: bool = False) -> bool:
    """Close a consumer's space. *at_once*: its person is erased as soon as the mail that says so has gone, and nobody
    can take back an address that has changed: it may not be its owner who closes the space. *by* is who
    closes it, where it is not the consumer. Returns False if it is closed already. Wake the workers, and post the bills
    that nobody has seen of accounts that go back to paper."""
    consumer = session.get_one(Consumer, consumer_id, with_for_update=ROW_LOCK, populate_existing=True)
    who, erase_at = by or f"consumer {consumer_id}", now if at_once else now + TIME_TO_COME_BACK
    erase_at = max(erase_at, taken_back_until(session, consumer_id) or now)
    if consumer.is_erased:
        return False
    if (closing := closing_of(session, consumer_id)) is not None:
        erase_sooner(session, closing, erase_at)
        return False
    row = {
        "consumer_id": consumer_id, "state": "closed", "closed_at": now, "erase_at": erase_at, "by": who[:200],
        "ended_at": None,
    }  # fmt: skip
    insert_new(session, SpaceClosing, [row])
    for step in STEPS:
        step.close(session, consumer_id, now)
    consumer.session_epoch += 1  # sessions and links end
    record(session, "consumer", consumer_id, "space closed", now, by=who)
    if consumer.can_be_mailed:
        request_job(session, JOB, {"consumer_id": consumer_id}, now)
    return True


def restore_space(session: Session, consumer_id: int, now: datetime) -> bool:
    """Open a closed space again, since its person has come back. Returns False if it is not closed."""
    session.get_one(Consumer, consumer_id, with_for_update=ROW_LOCK, populate_existing=True)
    closing, by = closing_of(session, consumer_id), f"consumer {consumer_id}"
    if closing is None or not end_closing(session, closing, "restored", now, by):
        return False
    record(session, "consumer", consumer_id, "space restored", now, by=by)
    return True
