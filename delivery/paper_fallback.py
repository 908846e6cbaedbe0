"""Sends a bill on paper when a message about it failed: creates or brings forward the letter."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bill import Reason
from delivery.delivery_articles import article_of
from store.accounts.consumer import Consumer
from store.accounts.phone import Phone
from store.bills.bill import BillRow
from store.db.state_change import change_state
from store.delivery import OPEN_STATES, THE_ADDRESSEE, Delivery, create_deliveries


def replace_by_letter(session: Session, failed: Delivery, why: Reason, now: datetime) -> bool:
    """Make the bill's letter due now, in place of the failed message.

    Returns False when no letter is needed: the bill was viewed, somebody was or may still be notified otherwise, or a
    letter is already on its way.
    """
    seen = session.scalar(select(BillRow.viewed_at).where(BillRow.id == failed.bill_id))
    if seen is not None or is_told_otherwise(session, failed):
        return False
    letter = session.scalar(
        select(Delivery.id).where(
            Delivery.bill_id == failed.bill_id, Delivery.channel == "paper", Delivery.person_id == THE_ADDRESSEE,
            Delivery.purpose == "print",
        )
    )  # fmt: skip
    article = article_of(session, failed.issuer_id, why)
    if letter is not None:
        return change_state(
            session, Delivery, letter, "waiting", "ready", now, why=why, due_at=now, reason=why,
            article=article, replaces_id=failed.id,
        )  # fmt: skip
    row: dict[str, object] = {
        "bill_id": failed.bill_id, "issuer_id": failed.issuer_id, "channel": "paper", "purpose": "print",
        "state": "ready", "reason": why, "due_at": now, "made_at": now, "replaces_id": failed.id,
        "article": article,
    }  # fmt: skip
    return create_deliveries(session, [row]) == 1


def is_told_otherwise(session: Session, failed: Delivery) -> bool:
    """Whether another holder, or this one by another channel, was or may still be notified at an address that works."""
    works = or_(
        and_(Delivery.channel == "email", Consumer.mail_failed_at.is_(None)),
        and_(Delivery.channel == "sms", Phone.confirmed_at.is_not(None), Phone.failed_at.is_(None)),
        Delivery.channel == "push",
    )
    told = (
        select(Delivery.id)
        .join(Consumer, Consumer.id == Delivery.person_id)
        .outerjoin(Phone, Phone.consumer_id == Consumer.id)
        .where(Delivery.bill_id == failed.bill_id, Delivery.purpose == "notify")
        .where(or_(Delivery.person_id != failed.person_id, Delivery.channel != failed.channel))
        .where(Delivery.state.in_([*OPEN_STATES, "sent", "delivered"]), works)
        .limit(1)
    )
    return session.scalar(told) is not None
