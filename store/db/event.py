"""The event table: one row for each change of state, never changed afterwards."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Index, String, Text, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import Reason
from bill.reason import WORDS
from store.base import Base, Blanks
from store.db.bulk_insert import insert_rows
from store.reason_columns import CODE_LENGTH, reason_columns

#: What the pipeline itself and print houses bring about is no act of anybody's; millions of events are.
IS_ACT: Final = text("by <> 'road' AND by <> 'print house'")
#: The number of rows inserted at a time.
_GROUP: Final = 1000


class Event(Base):
    """What happened to a row (*subject* is its table's name, *subject_id* its id): what, when, by whom, and why: a
    reason's code and values, or *why* in the words of a person, a file or a server."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_subject_subject_id", "subject", "subject_id"),
        Index("ix_event_acts", "at", "id", sqlite_where=IS_ACT, postgresql_where=IS_ACT),
        Index("ix_event_acts_of", "by", "at", "id", sqlite_where=IS_ACT, postgresql_where=IS_ACT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    what: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200), default="road")
    why: Mapped[str] = mapped_column(Text, default="")
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)

    @property
    def reason(self) -> Reason:
        """Why, to be spelled in the reader's language."""
        if self.reason_code:
            return Reason(self.reason_code, self.reason_values)
        return Reason.said(self.why) if self.why else Reason()


def record(
    session: Session, subject: str, subject_id: int, what: str, at: datetime, *, by: str = "road",
    why: Reason | str = "",
) -> None:  # fmt: skip
    """Insert one event. *why* is a reason, or the words of a person, a file or a server."""
    record_all(session, subject, [subject_id], what, at, by=by, why=why)


def record_all(
    session: Session, subject: str, ids: Iterable[int], what: str, at: datetime, *, by: str = "road",
    why: Reason | str = "",
) -> None:  # fmt: skip
    """Insert the same event for many rows."""
    said = {"why": why} if isinstance(why, str) else _columns(why)
    rest = iter(ids)
    while group := list(islice(rest, _GROUP)):
        rows = [{"subject": subject, "subject_id": each, "what": what, "at": at, "by": by, **said} for each in group]
        insert_rows(session, Event, rows)


def _columns(reason: Reason) -> dict[str, object]:
    return {"why": reason.values["words"]} if reason.code == WORDS else reason_columns(reason)


def events_of(session: Session, subject: str, subject_id: int) -> list[Event]:
    """The events of a row, oldest first."""
    query = select(Event).where(Event.subject == subject, Event.subject_id == subject_id).order_by(Event.id)
    return list(session.scalars(query))
