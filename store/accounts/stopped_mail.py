"""Kinds of e-mail that a person has stopped (RFC 8058). Those that bring a bill cannot be stopped."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new
from store.db.event import record

#: The kinds that may be stopped, by the job that sends them: the yearly question whether bills without paper suit.
StoppableMail = Literal["suitability_check"]
YEARLY_QUESTION: Final[StoppableMail] = "suitability_check"


class StoppedMail(Base):
    """A person gets no e-mails of this kind any more."""

    __tablename__ = "stopped_mail"

    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]


def stop_mails(session: Session, consumer_id: int, kind: StoppableMail, now: datetime) -> bool:
    """Send this person no e-mails of this kind any more. Returns False if they had stopped them already."""
    if not insert_new(session, StoppedMail, [{"consumer_id": consumer_id, "kind": kind, "at": now}]):
        return False
    record(session, "consumer", consumer_id, f"mails stopped: {kind}", now, by="the link of a mail")
    return True


def resume_mails(session: Session, consumer_id: int, kind: StoppableMail, now: datetime) -> bool:
    """Send this person e-mails of this kind again. Returns False if they had not stopped them."""
    mine = (StoppedMail.consumer_id == consumer_id, StoppedMail.kind == kind)
    if session.execute(delete(StoppedMail).where(*mine).returning(StoppedMail.kind)).first() is None:
        return False
    record(session, "consumer", consumer_id, f"mails resumed: {kind}", now, by="the link of a mail")
    return True


def who_stopped(session: Session, consumer_ids: Collection[int], kind: StoppableMail) -> set[int]:
    """Those of these people who get no e-mails of this kind any more."""
    query = select(StoppedMail.consumer_id).where(StoppedMail.consumer_id.in_(consumer_ids), StoppedMail.kind == kind)
    return set(session.scalars(query))
