"""Worker heartbeats: each worker that serves writes a row after every turn of its loop.

A worker that hangs ends no turn, so its heartbeat stops though its process lives. Times are seconds since 1970 by the
database's clock, never business time.
"""

from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple

from sqlalchemy import Float, String, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, db_now
from store.db.process_identity import this_process

#: Seconds without a heartbeat after which a worker counts as silent. One turn of the loop is bounded well below it.
SILENT_SECONDS: Final = 600.0
#: Seconds after which the row of a worker that died is deleted, if another one serves.
FORGOTTEN_SECONDS: Final = 86400.0


class Heartbeat(Base):
    """The heartbeat of one worker process: *worker* is `store.db.process_identity.this_process`."""

    __tablename__ = "worker_heartbeat"

    worker: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[float] = mapped_column(Float)
    beat_at: Mapped[float] = mapped_column(Float)
    stopped_at: Mapped[float | None] = mapped_column(Float)  # it was told to stop, and did


def beat(session: Session) -> None:
    """Record that this worker has finished a turn. Deletes the rows of workers that are long gone."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    row = {"worker": this_process(), "started_at": db_now(), "beat_at": db_now(), "stopped_at": None}
    session.execute(
        dialect.insert(Heartbeat)
        .values(row)
        .on_conflict_do_update(index_elements=["worker"], set_={"beat_at": db_now(), "stopped_at": None})
    )
    old = select(Heartbeat.worker).where(Heartbeat.beat_at < db_now() - FORGOTTEN_SECONDS)
    session.execute(delete(Heartbeat).where(Heartbeat.worker.in_(old.with_for_update(skip_locked=True))))


def stopped(session: Session) -> None:
    """Record that this worker stops because it was told to."""
    session.execute(update(Heartbeat).where(Heartbeat.worker == this_process()).values(stopped_at=db_now()))


def serving_since(session: Session) -> float | None:
    """Seconds for which the longest-serving live worker has served; None if no worker is alive."""
    alive = (Heartbeat.beat_at >= db_now() - SILENT_SECONDS, Heartbeat.stopped_at.is_(None))
    return session.scalar(select(db_now() - func.min(Heartbeat.started_at)).where(*alive))


def silent_since(session: Session) -> datetime | None:
    """When a worker last finished a turn, if that was more than SILENT_SECONDS ago. None while one works, and None if
    none has ever served: work done by hand has no heartbeat."""
    last = session.scalar(
        select(func.max(Heartbeat.beat_at)).having(func.max(Heartbeat.beat_at) < db_now() - SILENT_SECONDS)
    )
    return None if last is None else datetime.fromtimestamp(last, UTC)


class SeenWorker(NamedTuple):
    """A worker of the last day: serving, silent (no turn ended for SILENT_SECONDS, and nobody told it to stop), or
    stopped. *name* is its `this_process`; *seen_at* when it ended its last turn."""

    name: str
    state: Literal["serving", "silent", "stopped"]
    started_at: datetime
    seen_at: datetime

    @property
    def host(self) -> str:
        return self.name.partition("/")[0].partition(".")[0]

    @property
    def pid(self) -> str:
        return self.name.partition("/")[2].partition("/")[0]


def seen_workers(session: Session) -> list[SeenWorker]:
    """The workers of the last day, those that serve first, then the latest heard of."""
    query = select(Heartbeat, db_now()).execution_options(populate_existing=True)
    found = [_seen(row, now) for row, now in session.execute(query)]
    order = ("serving", "silent", "stopped")
    return sorted(found, key=lambda each: (order.index(each.state), -each.seen_at.timestamp()))


def _seen(row: Heartbeat, now: float) -> SeenWorker:
    is_alive = row.beat_at >= now - SILENT_SECONDS
    state: Literal["serving", "silent", "stopped"] = (
        "stopped" if row.stopped_at is not None else "serving" if is_alive else "silent"
    )
    started, seen = (datetime.fromtimestamp(moment, UTC) for moment in (row.started_at, row.stopped_at or row.beat_at))
    return SeenWorker(row.worker, state, started, seen)
