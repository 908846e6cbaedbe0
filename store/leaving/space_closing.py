"""Spaces that their owners closed: until when each can be restored, and whether its person was erased."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, exists, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.state_change import change_state

#: `closed`: its person may come back until it is erased. It ends `restored` by signing in, or `erased`.
CLOSING_STATES: Final = ("closed", "restored", "erased")
_CLOSED: Final = text("state = 'closed'")


class SpaceClosing(Base):
    """One closing of a consumer's space; at most one is in force. *erase_at* is when its person is to be erased, *by*
    who closed it."""

    __tablename__ = "space_closing"
    __table_args__ = (
        CheckConstraint(f"state IN {CLOSING_STATES}", name="state"),
        Index("ix_space_closing_state_erase_at", "state", "erase_at"),
        Index("ix_space_closing_consumer_id", "consumer_id"),
        Index(
            "uq_space_closing_closed", "consumer_id", unique=True, sqlite_where=_CLOSED, postgresql_where=_CLOSED,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    state: Mapped[str] = mapped_column(String(10), default="closed")
    closed_at: Mapped[datetime]
    erase_at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]


def closing_of(session: Session, consumer_id: int) -> SpaceClosing | None:
    """The closing in force of this consumer's space; None while it is open, and once its person is erased."""
    mine = (SpaceClosing.consumer_id == consumer_id, SpaceClosing.state == "closed")
    return session.scalar(select(SpaceClosing).where(*mine).execution_options(populate_existing=True))


def has_left(session: Session, consumer_id: int) -> bool:
    """Whether this consumer's space is closed, or its person was erased."""
    left = exists().where(SpaceClosing.consumer_id == consumer_id, SpaceClosing.state != "restored")
    return bool(session.scalar(select(left)))


def end_closing(
    session: Session, closing: SpaceClosing, to: Literal["restored", "erased"], now: datetime, by: str
) -> bool:
    """End a closing that is in force. Returns False if it has ended."""
    return change_state(session, SpaceClosing, closing.id, "closed", to, now, by=by, ended_at=now)


def erase_sooner(session: Session, closing: SpaceClosing, at: datetime) -> None:
    """Bring the erasure forward to this moment."""
    mine = (SpaceClosing.id == closing.id, SpaceClosing.state == "closed", SpaceClosing.erase_at > at)
    session.execute(update(SpaceClosing).where(*mine).values(erase_at=at))


def due_for_erasure(session: Session, now: datetime, besides: Collection[int] = (), most: int = 100) -> list[int]:
    """The consumers to be erased by now, those who wait longest first, *besides* whom it was tried for."""
    due = (SpaceClosing.state == "closed", SpaceClosing.erase_at <= now, SpaceClosing.consumer_id.not_in(besides))
    query = select(SpaceClosing.consumer_id).where(*due).order_by(SpaceClosing.erase_at, SpaceClosing.id)
    return list(session.scalars(query.limit(most)))
