"""Records that an SMS, or a push notification, can never be delivered: its reader is told otherwise."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bill import Reason
from delivery.replace_failed import replace_failed
from store.accounts.phone import Phone
from store.db.event import record_all
from store.db.state_change import change_state
from store.delivery import OPEN_STATES, Attempt, Delivery, record_receipt


def sms_undelivered(session: Session, delivery_id: int, words: str, now: datetime) -> bool:
    """Record that an SMS was refused for good. Returns False when that was known.

    The number is suppressed, whoever has given it, unless its reader has confirmed another since, and the reader is
    told by the next channel, else by post. *words* is the provider's answer.
    """
    if not record_receipt(session, delivery_id, "bounced", now, words):
        return False
    if (number := number_of_sms(session, delivery_id)) is not None:
        suppress_number(session, number, words, now)
    _fail(session, delivery_id, Reason.of("sms_undelivered", answer=words), now)
    return True


def number_of_sms(session: Session, delivery_id: int) -> str | None:
    """The number that an SMS went to; None if its reader has it no more."""
    sent = select(func.max(Attempt.started_at)).where(Attempt.delivery_id == delivery_id).scalar_subquery()
    return session.scalar(
        select(Phone.number)
        .join(Delivery, Delivery.person_id == Phone.consumer_id)
        .where(Delivery.id == delivery_id, Phone.confirmed_at <= sent)
    )


def push_undelivered(session: Session, delivery_id: int, words: str, now: datetime) -> bool:
    """Record that none of the reader's devices receives notifications any more, and tell them by the next channel, else
    by post. Returns False when that was known. *words* are the push services'."""
    if not record_receipt(session, delivery_id, "bounced", now, words):
        return False
    _fail(session, delivery_id, Reason("no_device"), now)
    return True


def suppress_number(session: Session, number: str, words: str, now: datetime) -> None:
    """Send nothing more to this number until it is confirmed anew."""
    works = (Phone.number == number, Phone.failed_at.is_(None))
    ids = list(session.scalars(select(Phone.consumer_id).where(*works)))
    session.execute(update(Phone).where(Phone.consumer_id.in_(ids), *works).values(failed_at=now, failure=words[:500]))
    record_all(session, "consumer", ids, "phone suppressed", now, why=Reason.of("phone_suspended", answer=words[:500]))


def _fail(session: Session, delivery_id: int, why: Reason, now: datetime) -> None:
    failed = session.get_one(Delivery, delivery_id)
    change_state(
        session, Delivery, delivery_id, [*OPEN_STATES, "sent"], "failed", now, why=why, lease_owner=None,
        lease_until=0.0,
    )  # fmt: skip
    replace_failed(session, failed, why, now)
