"""Chunks: some hundreds of a released feed's bills, the unit that a worker leases and retries."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final, NamedTuple, TypeVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.leases import PausableLease, acquire_lease, is_past_pause, lease_index
from store.feeds.feed import Feed

CHUNK_SIZE: Final = 250
#: The most bytes of attachments held in memory at a time.
CHUNK_WEIGHT: Final = 32_000_000
#: Failed attempts after which a chunk is worked bill by bill.
MOST_ATTEMPTS: Final = 3

T = TypeVar("T")


class Chunk(PausableLease, Base):
    """The bills of a feed from one item to another. *work* is its next step: render, then choose."""

    __tablename__ = "chunk"
    __table_args__ = (
        UniqueConstraint("feed_id", "first_seq"),
        CheckConstraint("state IN ('todo', 'leased', 'done')", name="state"),
        CheckConstraint("work IN ('render', 'choose')", name="work"),
        Index("ix_chunk_state_work", "state", "work"),
        lease_index("chunk"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"))
    first_seq: Mapped[int]
    last_seq: Mapped[int]
    work: Mapped[str] = mapped_column(String(10), default="render")
    state: Mapped[str] = mapped_column(String(10), default="todo")
    attempts: Mapped[int] = mapped_column(default=0)


def claim_chunk(session: Session, feed_id: int | None = None, after: int = 0) -> Chunk | None:
    """Lease the next chunk that has work to do; None if there is none. Issuers take turns: *after* had the last turn,
    the next id comes first."""
    query = _NEXT if feed_id is None else _NEXT_OF_FEED
    for chunk_id in session.scalars(query, {"after": after, "feed_id": feed_id}).all():
        if acquire_lease(session, Chunk, chunk_id, Chunk.state != "done", state="leased", attempts=Chunk.attempts + 1):
            return session.get(Chunk, chunk_id, populate_existing=True)
    return None


_NEXT: Final = (
    select(Chunk.id)
    .join(Feed, Feed.id == Chunk.feed_id)
    .where(Chunk.state != "done", is_past_pause(Chunk))
    .order_by(Feed.issuer_id <= bindparam("after"), Feed.issuer_id, Chunk.attempts, Chunk.id)
    .limit(8)
)
_NEXT_OF_FEED: Final = _NEXT.where(Chunk.feed_id == bindparam("feed_id"))


def pass_on(session: Session, chunk: Chunk, to: str | None) -> None:
    """End the chunk's step and release it: *to* is the next step, None if all are done."""
    values = {"state": "done"} if to is None else {"state": "todo", "work": to, "attempts": 0, "setbacks": 0}
    session.execute(update(Chunk).where(Chunk.id == chunk.id).values(lease_owner=None, lease_until=0.0, **values))


def shares_done(session: Session, feed_ids: Collection[int]) -> dict[int, float]:
    """Which share of each feed's chunks is done, 0 to 1, by feed id. A feed without chunks is left out."""
    is_done = func.sum(case((Chunk.state == "done", 1), else_=0))
    query = select(Chunk.feed_id, is_done, func.count()).where(Chunk.feed_id.in_(feed_ids)).group_by(Chunk.feed_id)
    return {feed_id: done / every for feed_id, done, every in session.execute(query)} if feed_ids else {}


class ChunkShares(NamedTuple):
    """Which share of a feed's chunks has its PDFs, and which has its channels chosen too: 0 to 1."""

    rendered: float
    chosen: float


def shares_by_step(session: Session, feed_ids: Collection[int]) -> dict[int, ChunkShares]:
    """How far each feed's chunks have come, by feed id. A feed without chunks is left out."""
    chosen = func.sum(case((Chunk.state == "done", 1), else_=0))
    rendered = func.sum(case((or_(Chunk.state == "done", Chunk.work == "choose"), 1), else_=0))
    query = select(Chunk.feed_id, rendered, chosen, func.count()).where(Chunk.feed_id.in_(feed_ids))
    found = session.execute(query.group_by(Chunk.feed_id)) if feed_ids else ()
    return {feed_id: ChunkShares(drawn / every, done / every) for feed_id, drawn, done, every in found}


def in_chunks(things: Iterable[T], weigh: Callable[[T], int]) -> Iterator[list[T]]:
    """Split things into lists of at most CHUNK_SIZE, and of about CHUNK_WEIGHT bytes (*weigh* gives a thing's
    bytes)."""
    chunk: list[T] = []
    weight = 0
    for thing in things:
        chunk.append(thing)
        weight += weigh(thing)
        if len(chunk) == CHUNK_SIZE or weight >= CHUNK_WEIGHT:
            yield chunk
            chunk, weight = [], 0
    if chunk:
        yield chunk
