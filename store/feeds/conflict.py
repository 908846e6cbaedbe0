"""Conflicts: an item with other content under a bill number that is taken. Each waits for a named person's decision."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import Reason
from store.base import Base, Blanks
from store.db.bulk_insert import insert_rows
from store.db.row_counting import count_some
from store.feeds.feed import OUT, Feed
from store.issuer import of_issuer
from store.reason_columns import CODE_LENGTH

AnySelect = Select[*tuple[Any, ...]]
CONFLICT_STATES: Final = ("open", "kept", "replaced", "known")


class Conflict(Base):
    """An item of a feed against the bill that has its number, the *first*. Open until the first bill is `kept` (the
    item is refused) or `replaced` by the item's bill; `known` if another decision made the same content the bill."""

    __tablename__ = "conflict"
    __table_args__ = (
        UniqueConstraint("feed_id", "seq"),
        CheckConstraint(f"state IN {CONFLICT_STATES}", name="state"),
        CheckConstraint("state = 'open' OR decided_by <> ''", name="decided"),
        Index("ix_conflict_state_issuer_id", "state", "issuer_id"),
        Index("ix_conflict_first_id", "first_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"))
    seq: Mapped[int]
    number: Mapped[str] = mapped_column(String(200))
    first_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    found_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")
    settled_at: Mapped[datetime | None]


class FeedConflicts(NamedTuple):
    """How many conflicts of a feed are open, and when the first of them was found."""

    feed: Feed
    number: int
    since: datetime


def open_conflicts(
    session: Session, issuer_id: int, feed_id: int, items: Iterable[tuple[int, str, int]], at: datetime
) -> None:
    """Open a conflict for each of these items of a feed: (position, number, id of the bill that has the number)."""
    rows = [
        {
            "issuer_id": issuer_id, "feed_id": feed_id, "seq": seq, "number": number, "first_id": first_id,
            "found_at": at, "settled_at": None,
        }
        for seq, number, first_id in items
    ]  # fmt: skip
    insert_rows(session, Conflict, rows)


def waiting_conflicts(
    session: Session, issuer_id: int | None = None, feed_id: int | None = None, after: int = 0, limit: int = 50,
    number: str | None = None,
) -> list[Conflict]:  # fmt: skip
    """Open conflicts of released feeds, oldest first, by keyset (*after* is the last id of the page before)."""
    query = _waiting(select(Conflict), issuer_id, feed_id).where(Conflict.id > after)
    if number is not None:
        query = query.where(Conflict.number == number)
    return list(session.scalars(query.order_by(Conflict.id).limit(limit)))


def count_waiting(session: Session, issuer_id: int | None = None, feed_id: int | None = None) -> int:
    """Count the conflicts that wait for a person, `MOST_COUNTED` at most."""
    return count_some(session, _waiting(select(Conflict.id), issuer_id, feed_id))


def waiting_by_feed(session: Session, issuer_id: int | None = None, limit: int = 20) -> list[FeedConflicts]:
    """Open conflicts counted by feed, of one issuer or (None) of all; the feed whose first conflict is oldest first."""
    since = func.min(Conflict.found_at)
    counted = select(Feed, func.count(), since).select_from(Conflict)
    query = _waiting(counted, issuer_id, None).group_by(Feed.id).order_by(since, Feed.id).limit(limit)
    return [FeedConflicts(feed, number, first) for feed, number, first in session.execute(query)]


def overdue_conflicts(session: Session, found_before: datetime, limit: int) -> list[Conflict]:
    """Open conflicts found before this moment, oldest first."""
    query = _waiting(select(Conflict), None, None).where(Conflict.found_at < found_before)
    return list(session.scalars(query.order_by(Conflict.id).limit(limit)))


def conflicts_at(session: Session, feed_id: int, seqs: Sequence[int]) -> dict[int, Conflict]:
    """The conflicts of these items of a feed, decided or not, by position."""
    query = select(Conflict).where(Conflict.feed_id == feed_id, Conflict.seq.in_(seqs))
    return {conflict.seq: conflict for conflict in session.scalars(query)} if seqs else {}


def conflicts_about(session: Session, first_id: int) -> list[Conflict]:
    """The open conflicts with this first bill."""
    query = select(Conflict).where(Conflict.first_id == first_id, Conflict.state == "open").order_by(Conflict.id)
    return list(session.scalars(query))


def point_to(session: Session, conflicts: Iterable[Conflict], first_id: int) -> None:
    """Set the first bill of these conflicts to another one, which has their number now."""
    ids = [conflict.id for conflict in conflicts]
    session.execute(update(Conflict).where(Conflict.id.in_(ids), Conflict.state == "open").values(first_id=first_id))


def _waiting(query: AnySelect, issuer_id: int | None, feed_id: int | None) -> AnySelect:
    query = query.join(Feed, Feed.id == Conflict.feed_id).where(Conflict.state == "open", Feed.state.in_(OUT))
    query = query.where(of_issuer(Conflict.issuer_id, issuer_id))
    return query if feed_id is None else query.where(Conflict.feed_id == feed_id)
