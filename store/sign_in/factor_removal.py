"""The removal of lost second factors: asked for by a link in a mail, done after some days unless somebody who is signed
in, or has the mails, cancels it. One waits at a time for a person."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.consumer import Consumer
from store.base import Base
from store.db.event import record
from store.db.row_locks import ROW_LOCK


class FactorRemoval(Base):
    """One removal: `waiting` until *ends_at*, then `done`; or `cancelled`."""

    __tablename__ = "factor_removal"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'cancelled', 'done')", name="state"),
        Index("ix_factor_removal_consumer_id", "consumer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="waiting")


def ask_removal(session: Session, consumer_id: int, ends_at: datetime, now: datetime) -> FactorRemoval | None:
    """Begin the wait. Returns None if one is under way, which goes on as it was."""
    session.get_one(Consumer, consumer_id, with_for_update=ROW_LOCK, populate_existing=True)
    if waiting_removal(session, consumer_id) is not None:
        return None
    removal = FactorRemoval(consumer_id=consumer_id, asked_at=now, ends_at=ends_at, state="waiting")
    session.add(removal)
    session.flush()
    record(session, "consumer", consumer_id, "factor removal asked", now, by=f"consumer {consumer_id}")
    return removal


def waiting_removal(session: Session, consumer_id: int) -> FactorRemoval | None:
    """The removal that waits for this person's factors."""
    query = select(FactorRemoval).where(FactorRemoval.consumer_id == consumer_id, FactorRemoval.state == "waiting")
    return session.scalar(query.order_by(FactorRemoval.id).limit(1))


def removals_of(session: Session, consumer_id: int) -> int:
    """How often the removal of this person's factors was asked for."""
    query = select(func.count()).select_from(FactorRemoval).where(FactorRemoval.consumer_id == consumer_id)
    return session.scalar(query) or 0


def due_removals(session: Session, now: datetime, most: int) -> Sequence[FactorRemoval]:
    """Removals whose wait is over, the oldest first."""
    query = select(FactorRemoval).where(FactorRemoval.state == "waiting", FactorRemoval.ends_at <= now)
    return session.scalars(query.order_by(FactorRemoval.id).limit(most)).all()


def cancel_removal(session: Session, removal_id: int, now: datetime) -> bool:
    """Cancel a removal. Returns False if it does not wait any more."""
    return _end(session, removal_id, "cancelled", now)


def finish_removal(session: Session, removal_id: int, now: datetime) -> bool:
    """Mark a removal as done. Returns False if it does not wait any more."""
    return _end(session, removal_id, "done", now)


def _end(session: Session, removal_id: int, state: str, now: datetime) -> bool:
    ended = session.execute(
        update(FactorRemoval)
        .where(FactorRemoval.id == removal_id, FactorRemoval.state == "waiting")
        .values(state=state)
        .returning(FactorRemoval.consumer_id)
    ).scalar()
    if ended is None:
        return False
    record(session, "consumer", ended, f"factor removal {state}", now, by=f"consumer {ended}")
    return True
