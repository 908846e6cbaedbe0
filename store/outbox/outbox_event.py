"""The outbox table: one row for each event that an issuer is told of, recorded in the transaction of the change itself.

A row gets its *sequence* after its transaction has ended (`store.outbox.number_events`): transactions end in another
order than they begin, and who reads `after` a sequence must miss nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.bulk_insert import insert_rows
from store.outbox.event_types import check_event_data

_UNNUMBERED = text("sequence IS NULL")


class OutboxEvent(Base):
    """An event: its type (`store.outbox.event_types`), moment and data. Rows that the data names are numbers here, and
    public ids outside. *sequence* counts an issuer's events without a gap."""

    __tablename__ = "outbox_event"
    __table_args__ = (
        UniqueConstraint("issuer_id", "sequence"),
        Index(
            "ix_outbox_event_unnumbered", "issuer_id", "id", sqlite_where=_UNNUMBERED, postgresql_where=_UNNUMBERED
        ),
        Index("ix_outbox_event_at", "at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    sequence: Mapped[int | None]
    type: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class OutboxSequence(Base):
    """The last sequence of an issuer's events."""

    __tablename__ = "outbox_sequence"

    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), primary_key=True)
    last: Mapped[int]


def record_outbox_event(
    session: Session, issuer_id: int, event_type: str, data: Mapping[str, Any], at: datetime
) -> None:
    """Record one event, in the transaction of the change itself.

    *data* has the fields of its type in `store.outbox.event_types`; amounts may be Decimal, days date, rows are
    numbers. Raises ValueError for an undocumented type or field.
    """
    record_outbox_events(session, issuer_id, event_type, [data], at)


def record_outbox_events(
    session: Session, issuer_id: int, event_type: str, data: Iterable[Mapping[str, Any]], at: datetime
) -> None:
    """Record events of one type for several changes in one transaction."""
    rows = []
    for each in data:
        check_event_data(event_type, each)
        plain = msgspec.to_builtins(dict(each), str_keys=True)
        rows.append({"issuer_id": issuer_id, "sequence": None, "type": event_type, "at": at, "data": plain})
    if rows:
        insert_rows(session, OutboxEvent, rows)


def outbox_events(
    session: Session, issuer_id: int, after: int = 0, limit: int = 100, of_type: str | None = None
) -> list[OutboxEvent]:  # fmt: skip
    """An issuer's numbered events with a sequence greater than *after*, in order, at most *limit*; of all types, or of
    one."""
    query = select(OutboxEvent).where(OutboxEvent.issuer_id == issuer_id, OutboxEvent.sequence > after)
    if of_type is not None:
        query = query.where(OutboxEvent.type == of_type)
    return list(session.scalars(query.order_by(OutboxEvent.sequence).limit(limit)))


def newest_cursor(session: Session, issuer_id: int) -> int:
    """The sequence of an issuer's newest event that is kept; 0 without any."""
    newest = select(func.max(OutboxEvent.sequence)).where(OutboxEvent.issuer_id == issuer_id)
    return session.scalar(newest) or 0


def oldest_cursor(session: Session, issuer_id: int) -> int:
    """The sequence after which all of an issuer's events are kept; 0 while none was deleted."""
    first = session.scalar(select(func.min(OutboxEvent.sequence)).where(OutboxEvent.issuer_id == issuer_id))
    if first is not None:
        return first - 1
    last = session.scalar(select(OutboxSequence.last).where(OutboxSequence.issuer_id == issuer_id))
    return last or 0
