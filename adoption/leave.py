"""Giving an account up: the consumer no longer holds it, and nobody is left without bills."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from adoption.consent import BACK_TO_PAPER
from store.account import CustomerAccount
from store.consent import give
from store.consumer import Consumer, Enrolment, holders_of
from store.event import record
from store.row_lock import ROW_LOCK


def leave(session: Session, account: CustomerAccount, consumer: Consumer, now: datetime) -> bool:
    """The consumer gives the account up; the last to leave brings it back to paper, since nobody would see its
    bills. False when the consumer did not hold it."""
    # Of two who leave at once, the second is the last.
    session.get_one(CustomerAccount, account.id, with_for_update=ROW_LOCK, populate_existing=True)
    ended = session.execute(
        update(Enrolment)
        .where(Enrolment.consumer_id == consumer.id, Enrolment.account_id == account.id, Enrolment.ended_at.is_(None))
        .values(ended_at=now)
    )
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, "account", account.id, "left", now, by=f"consumer {consumer.id}")
    if not holders_of(session, [account.id]):
        give(session, account, consumer.id, "paper", now, BACK_TO_PAPER.version)
    return True
