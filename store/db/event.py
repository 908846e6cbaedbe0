"""The event table: one row for each change of state, never changed afterwards."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.bulk_insert import insert_rows

#: The number of rows inserted at a time.
_GROUP: Final = 1000


class Event(Base):
    """What happened to a row (*subject* is its table's name, *subject_id* its id): what, when, by whom, and why in
    words."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject_subject_id", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    what: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200), default="road")
    why: Mapped[str] = mapped_column(Text, default="")


def record(
    session: Session, subject: str, subject_id: int, what: str, at: datetime, *, by: str = "road", why: str = ""
) -> None:
    """Insert one event."""
    record_all(session, subject, [subject_id], what, at, by=by, why=why)


def record_all(
    session: Session, subject: str, ids: Iterable[int], what: str, at: datetime, *, by: str = "road", why: str = ""
) -> None:
    """Insert the same event for many rows."""
    rest = iter(ids)
    while group := list(islice(rest, _GROUP)):
        rows = [
            {"subject": subject, "subject_id": each, "what": what, "at": at, "by": by, "why": why} for each in group
        ]
        insert_rows(session, Event, rows)


def events_of(session: Session, subject: str, subject_id: int) -> list[Event]:
    """The events of a row, oldest first."""
    query = select(Event).where(Event.subject == subject, Event.subject_id == subject_id).order_by(Event.id)
    return list(session.scalars(query))
