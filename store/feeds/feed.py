"""The feed table: one file or request from an issuer, from `received` to `settled`."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import (
    JSON,
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

from bill import ControlTotals, Reason
from store.base import Base, Blanks, insert_new
from store.db.event import record
from store.db.leases import PausableLease, lease_index
from store.db.row_counting import count_some
from store.feeds.feed_counts_as_read import FeedCounts
from store.issuer import of_issuer
from store.reason_columns import CODE_LENGTH

#: `private`: a document that a person brought in, and nobody else's (`store.imports`). It stays so.
FEED_STATES: Final = ("received", "reading", "released", "held", "rejected", "settled", "private")
#: What a feed may hold (`pipeline/steps/feed_contents.py`); found out from its first bytes when it is read.
FeedContent = Literal["bills", "payments", "customers"]
#: States of a feed whose bills are released: issuers, operators, facts and checks know these alone.
OUT: Final = ("released", "settled")


class Feed(PausableLease, Base):
    """One file or request from an issuer. *reading* counts its readings: a rejected feed dropped again is read
    again."""

    __tablename__ = "feed"
    __table_args__ = (
        UniqueConstraint("issuer_id", "sha256"),
        CheckConstraint(f"state IN {FEED_STATES}", name="state"),
        Index("ix_feed_state", "state"),
        lease_index("feed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))  # the sender's file name: data, never a path
    size: Mapped[int]
    door: Mapped[str] = mapped_column(String(10))  # sftp | api | console | folder | cli; of a private one upload | mail
    state: Mapped[str] = mapped_column(String(10), default="received")
    content: Mapped[FeedContent] = mapped_column(String(10), default="bills", server_default="bills")
    format: Mapped[str] = mapped_column(String(40), default="")
    reading: Mapped[int] = mapped_column(default=1)
    profile_version: Mapped[int | None]  # of its issuer's, by which it was read last; None: not read, or long ago
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")  # attempts to read it that did not end
    received_at: Mapped[datetime]
    read_at: Mapped[datetime | None]  # when it was read to its end; then numbers are claimed
    released_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    entries: Mapped[int] = mapped_column(default=0)  # items that were read
    released_upto: Mapped[int] = mapped_column(default=0)  # the release's cursor, an item's position
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")  # why it is held, released or rejected
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    announced: Mapped[list[Any]] = mapped_column(JSON, default=list)  # control totals given at the door
    declared: Mapped[list[Any]] = mapped_column(JSON, default=list)  # control totals found in the file
    counted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the counts from reading: `figures`
    tallies: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # `store.feeds.feed_outcome_counts`

    @property
    def control_totals(self) -> list[ControlTotals]:
        """All control totals that the sender declared, at the door and in the file."""
        return [*self.announced_totals, *msgspec.convert(self.declared, list[ControlTotals])]

    @property
    def announced_totals(self) -> list[ControlTotals]:
        """The control totals declared at the door."""
        return msgspec.convert(self.announced, list[ControlTotals])

    @property
    def figures(self) -> FeedCounts:
        """The counts from reading it to its end; empty before."""
        return msgspec.convert(self.counted, FeedCounts)


def receive_feed(
    session: Session, issuer_id: int, sha256: str, size: int, name: str, door: str, at: datetime,
    announced: ControlTotals | None = None, by: str = "",
) -> tuple[Feed, bool]:  # fmt: skip
    """Find or create the feed of these bytes; returns it and whether it is to be read. *by* is the person who brought
    it, where the door knows one.

    The same bytes are the same feed. A rejected feed dropped again is received again for its next reading (a corrected
    profile can be tried), and so is a held one that comes with other control totals while nobody has decided.
    """
    totals = [] if announced is None else [msgspec.to_builtins(announced)]
    values = {
        "issuer_id": issuer_id, "sha256": sha256, "size": size, "name": name[:255], "door": door, "state": "received",
        "received_at": at, "reading": 1, "entries": 0, "released_upto": 0, "format": "",
        "decided_by": "", "lease_until": 0.0, "announced": totals, "declared": [], "counted": {},
    }  # fmt: skip
    is_new = insert_new(session, Feed, [values]) == 1
    feed = session.scalars(select(Feed).where(Feed.issuer_id == issuer_id, Feed.sha256 == sha256)).one()
    if is_new:
        record(session, "feed", feed.id, "received", at, by=by or door, why=feed.name)
        return feed, True
    states = ["rejected", "held"] if totals and totals != feed.announced else ["rejected"]
    again = read_again(session, feed, at, by or door, states=states)
    if again and totals:
        feed.announced = totals
        session.flush()
    return feed, again


def read_again(
    session: Session, feed: Feed, at: datetime, by: str, why: str = "", states: Iterable[str] = ("rejected",)
) -> bool:
    """Receive a feed in one of these *states* again, for its next reading. Returns False if it is in another state, was
    released, or has claimed numbers already."""
    again = session.execute(
        update(Feed)
        .where(Feed.id == feed.id, Feed.state.in_(list(states)), Feed.released_upto == 0)
        .where((Feed.state != "held") | (Feed.decided_by == ""))
        .values(
            state="received",
            reading=Feed.reading + 1,
            attempts=0,
            setbacks=0,
            not_before=0.0,
            received_at=at,
            reason=Reason(),
            decided_by="",
            read_at=None,
            entries=0,
            released_upto=0,
            declared=[],
            counted={},
            tallies=None,
        )
    )
    if again.rowcount != 1:  # type: ignore[attr-defined]
        return False
    session.refresh(feed)
    record(session, "feed", feed.id, "received", at, by=by, why=why or Reason.of("reading", reading=feed.reading))
    return True


def earlier_feed_counts(session: Session, feed: Feed, most: int) -> list[FeedCounts]:
    """The counts of the issuer's latest released feeds of the same content before this one, *most* at most."""
    query = (
        select(Feed.counted)
        .where(Feed.issuer_id == feed.issuer_id, Feed.id != feed.id, Feed.content == feed.content)
        .where(Feed.state.in_(OUT))
        .order_by(Feed.released_at.desc(), Feed.id.desc())
        .limit(most)
    )
    return [msgspec.convert(counted, FeedCounts) for counted in session.scalars(query) if counted]


def latest_feeds(
    session: Session, issuer_id: int | None = None, limit: int = 50, before: int | None = None
) -> list[Feed]:
    """Feeds of one issuer or of all, newest first, by keyset (*before* is the last id of the page before)."""
    query = select(Feed).where(Feed.state != "private").order_by(Feed.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Feed.id < before)
    query = query.where(of_issuer(Feed.issuer_id, issuer_id))
    return list(session.scalars(query))


def count_unfinished_feeds(session: Session, issuer_id: int | None = None) -> dict[int, int]:
    """How many feeds of each issuer are not released or refused yet, by its id; of those alone that have any."""
    query = select(Feed.issuer_id, func.count()).where(Feed.state.in_(["received", "reading", "held"]))
    query = query.where(of_issuer(Feed.issuer_id, issuer_id)).group_by(Feed.issuer_id)
    return dict(session.execute(query).tuples().all())


def feed_of_issuer(session: Session, issuer_id: int, feed_id: int) -> Feed | None:
    """The feed of this id, if it is this issuer's; else None."""
    return session.scalar(select(Feed).where(Feed.id == feed_id, Feed.issuer_id == issuer_id))


def states_and_readings(session: Session, feed_ids: Iterable[int]) -> dict[int, tuple[str, int]]:
    """The state of each of these feeds, and how often it was begun to be read; of one that is no more, none."""
    query = select(Feed.id, Feed.state, Feed.reading).where(Feed.id.in_(feed_ids))
    return {row.id: (row.state, row.reading) for row in session.execute(query)}


def released_feeds_since(session: Session, issuer_id: int, since: date, limit: int = 1000) -> list[Feed]:
    """An issuer's feeds of bills that are out, held at least one item and were received since this day: the latest
    *limit* of them, oldest first."""
    query = select(Feed).where(Feed.issuer_id == issuer_id, Feed.state.in_(OUT), Feed.entries > 0)
    query = query.where(Feed.content == "bills", Feed.received_at >= datetime.combine(since, time.min, UTC))
    return list(reversed(session.scalars(query.order_by(Feed.id.desc()).limit(limit)).all()))


def recent_and_unfinished_feeds(
    session: Session, received_since: datetime, rejected_since: datetime, issuer_id: int | None = None, limit: int = 50
) -> list[Feed]:
    """Feeds received since the first moment, feeds not finished or held however old, and feeds rejected that were
    received since the second moment. Newest first, of one issuer or (None) of all."""
    is_new = Feed.received_at >= received_since
    is_unfinished = Feed.state.in_(["received", "reading", "held"])
    is_refused = (Feed.state == "rejected") & (Feed.received_at >= rejected_since)
    query = select(Feed).where(is_new | is_unfinished | is_refused, Feed.state != "private")
    query = query.order_by(Feed.id.desc()).limit(limit)
    query = query.where(of_issuer(Feed.issuer_id, issuer_id))
    return list(session.scalars(query))


def held_feeds(session: Session, issuer_id: int | None = None) -> list[Feed]:
    """Feeds held and undecided, of one issuer or (None) of all, oldest first."""
    return list(session.scalars(_held(select(Feed), issuer_id).order_by(Feed.id)))


def count_held_feeds(session: Session, issuer_id: int | None = None) -> int:
    """How many feeds are held and undecided, up to `MOST_COUNTED`."""
    return count_some(session, _held(select(Feed.id), issuer_id))


def _held(query: Select[Any], issuer_id: int | None) -> Select[Any]:
    query = query.where(Feed.state == "held", Feed.decided_by == "")
    return query.where(of_issuer(Feed.issuer_id, issuer_id))
