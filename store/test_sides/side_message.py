"""The outbox of a test side: the mails, text messages and notifications that its customers would have been sent."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ForeignKey, Index, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base

LONGEST_SUBJECT: Final = 300
#: For so long a message is kept.
KEPT: Final = timedelta(days=30)


class SideMessage(Base):
    """One message that went to nobody. *content* is all of it, as it would have left; *answer* is what its provider
    would have answered."""

    __tablename__ = "test_message"
    __table_args__ = (Index("ix_test_message_issuer_id_id", "issuer_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    channel: Mapped[str] = mapped_column(String(10))  # email | sms | push
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    reference: Mapped[str] = mapped_column(String(200))  # the Message-ID
    content: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]


def latest_messages(session: Session, issuer_id: int, limit: int, before: int | None = None) -> list[SideMessage]:
    """The messages of this test side, newest first, by keyset."""
    query = select(SideMessage).where(SideMessage.issuer_id == issuer_id)
    if before is not None:
        query = query.where(SideMessage.id < before)
    return list(session.scalars(query.order_by(SideMessage.id.desc()).limit(limit)))


def forget_messages(session: Session, now: datetime, most: int = 500) -> int:
    """Delete messages that were kept for long enough, among the *most* oldest of all sides. Returns how many were: call
    again until it is none."""
    oldest = session.execute(select(SideMessage.id, SideMessage.at).order_by(SideMessage.id).limit(most)).all()
    old = [each.id for each in oldest if each.at < now - KEPT]
    session.execute(delete(SideMessage).where(SideMessage.id.in_(old)))
    return len(old)


def message_of_side(session: Session, issuer_id: int, message_id: int) -> SideMessage | None:
    """The message of this id, if it is this test side's; else None."""
    mine = (SideMessage.id == message_id, SideMessage.issuer_id == issuer_id)
    return session.scalar(select(SideMessage).where(*mine))
