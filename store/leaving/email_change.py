"""Changes of a consumer's e-mail address: asked for, confirmed by the new mailbox, stopped or taken back by the old
one. Addresses are deleted when neither link works any more."""

from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    case,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.event import record

#: `pending`: the new mailbox is to confirm. `confirmed`: the old one may take it back for a while. It ends `stopped` by
#: the old mailbox while pending, `taken_back` after, or `replaced` by another that was asked for later.
EMAIL_CHANGE_STATES: Final = ("pending", "confirmed", "stopped", "taken_back", "replaced")
#: How long the new mailbox has to confirm, and the old one to take it back.
TIME_TO_CONFIRM: Final = timedelta(hours=72)
TIME_TO_TAKE_BACK: Final = timedelta(hours=72)
_PENDING: Final = text("state = 'pending'")


class EmailChange(Base):
    """One change. What is known of the old mailbox (*old_failed_at*, *old_failure*) goes back with it."""

    __tablename__ = "email_change"
    __table_args__ = (
        CheckConstraint(f"state IN {EMAIL_CHANGE_STATES}", name="state"),
        Index("ix_email_change_consumer_id", "consumer_id"),
        Index(
            "uq_email_change_pending", "consumer_id", unique=True, sqlite_where=_PENDING, postgresql_where=_PENDING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    old_email: Mapped[str] = mapped_column(String(254))
    new_email: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(10), default="pending")
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    old_failed_at: Mapped[datetime | None]
    old_failure: Mapped[str] = mapped_column(String(500), default="")

    def may_be_confirmed(self, now: datetime) -> bool:
        """Whether the new mailbox may still confirm it."""
        return self.state == "pending" and now < self.asked_at + TIME_TO_CONFIRM

    def may_be_taken_back(self, now: datetime) -> bool:
        """Whether the old mailbox may still have its space again."""
        return (
            self.state == "confirmed" and self.confirmed_at is not None and now < self.confirmed_at + TIME_TO_TAKE_BACK
        )


def pending_change(session: Session, consumer_id: int) -> EmailChange | None:
    """The consumer's change that waits for its new mailbox; None if none does."""
    mine = (EmailChange.consumer_id == consumer_id, EmailChange.state == "pending")
    return session.scalar(select(EmailChange).where(*mine).execution_options(populate_existing=True))


def stop_pending(session: Session, consumer_id: int, now: datetime, to: Literal["stopped", "replaced"]) -> bool:
    """End the change that waits for its new mailbox. Returns False if none does."""
    pending = pending_change(session, consumer_id)
    if pending is None:
        return False
    pending.state = to
    session.flush()
    record(session, "consumer", consumer_id, f"email change {to}", now, by=f"consumer {consumer_id}")
    return True


def taken_back_until(session: Session, consumer_id: int) -> datetime | None:
    """Until when an old mailbox may take this consumer's space back; None where none may."""
    mine = (EmailChange.consumer_id == consumer_id, EmailChange.state == "confirmed")
    last = session.scalar(select(func.max(EmailChange.confirmed_at)).where(*mine))
    return None if last is None else last + TIME_TO_TAKE_BACK


def old_changes(session: Session, now: datetime) -> list[EmailChange]:
    """The changes whose links do nothing any more."""
    return list(session.scalars(select(EmailChange).where(_is_old(now)).order_by(EmailChange.id)))


def forget_old_changes(session: Session, now: datetime) -> int:
    """Delete the changes whose links do nothing any more, with their addresses. Returns how many."""
    gone = session.execute(delete(EmailChange).where(_is_old(now)))
    return gone.rowcount  # type: ignore[attr-defined,no-any-return]


def _is_old(now: datetime) -> ColumnElement[bool]:
    return case(
        (EmailChange.state == "confirmed", EmailChange.confirmed_at <= now - TIME_TO_TAKE_BACK),
        else_=EmailChange.asked_at <= now - TIME_TO_CONFIRM,
    )
