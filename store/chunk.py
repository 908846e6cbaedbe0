"""Chunks: some hundreds of a released feed's bills, the unit that is claimed, leased and tried again."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, db_now
from store.claims import Leased, claim, free, lease_index

CHUNK_SIZE: Final = 250
#: What is held in memory of what is large, in bytes.
CHUNK_WEIGHT: Final = 32_000_000
#: After so many attempts that ended in a dead worker, the chunk is worked bill by bill.
MOST_ATTEMPTS: Final = 3
#: Seconds until a chunk that was put back is tried again.
PATIENCE: Final = 60


T = TypeVar("T")


class Chunk(Leased, Base):
    """The bills of a feed from one item to another. Its *work* is what is to be done next: render, then choose."""

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
    not_before: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")  # in the database's clock


def claim_chunk(session: Session, feed_id: int | None = None) -> Chunk | None:
    """The next chunk that has something to do, now leased by this process; None when there is none."""
    waits = (Chunk.state != "done", Chunk.not_before <= db_now())
    query = select(Chunk.id).where(*waits, free(Chunk)).order_by(Chunk.id).limit(8)
    if feed_id is not None:
        query = query.where(Chunk.feed_id == feed_id)
    for chunk_id in session.scalars(query).all():
        if claim(session, Chunk, chunk_id, Chunk.state != "done"):
            session.execute(
                update(Chunk).where(Chunk.id == chunk_id).values(state="leased", attempts=Chunk.attempts + 1)
            )
            return session.get(Chunk, chunk_id, populate_existing=True)
    return None


def pass_on(session: Session, chunk: Chunk, to: str | None) -> None:
    """The chunk's work is done: on to the next, or (None) done for good."""
    values = {"state": "done"} if to is None else {"state": "todo", "work": to, "attempts": 0}
    session.execute(update(Chunk).where(Chunk.id == chunk.id).values(lease_owner=None, lease_until=0.0, **values))


def put_back(session: Session, chunk: Chunk) -> None:
    """The work could not be done, by no fault of its own: again in a minute, and the try does not count."""
    session.execute(
        update(Chunk).where(Chunk.id == chunk.id).values(
            state="todo", lease_owner=None, lease_until=0.0, attempts=Chunk.attempts - 1,
            not_before=db_now() + PATIENCE,
        )
    )  # fmt: skip


def in_chunks(things: Iterable[T], weigh: Callable[[T], int]) -> Iterator[list[T]]:
    """These things some at a time: at most CHUNK_SIZE, and no more once they weigh CHUNK_WEIGHT bytes."""
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
