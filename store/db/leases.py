"""Leases on rows: acquire, renew, heartbeat, assert and reclaim.

Acquiring is one conditional update; losing the race is normal. Leases are in the database's clock and are renewed while
the work goes on. A lease is taken over at once only where its process has certainly died, else when it runs out.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from threading import Event, Thread
from typing import Any, Final, Protocol

from sqlalchemy import (
    ColumnElement,
    Float,
    Index,
    String,
    Update,
    and_,
    bindparam,
    exists,
    literal,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import db_now
from store.db.process_identity import is_dead, this_process

log = logging.getLogger(__name__)

LEASE_SECONDS: Final = 30.0
#: Seconds until released work is retried: after the first outage, the second …; the last value repeats.
RETRY_PAUSES: Final = (5, 10, 20, 40, 80, 160, 300, 600)
_IS_LEASED: Final = text("lease_owner IS NOT NULL")


class Leased:
    """Columns of a row that one process at a time works on."""

    lease_owner: Mapped[str | None] = mapped_column(String(120))
    lease_until: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")


class PausableLease(Leased):
    """Columns of a row whose work pauses while something outside is down (`pipeline.leased_work`)."""

    setbacks: Mapped[int] = mapped_column(default=0, server_default="0")  # outages in a row; the pause grows with them
    not_before: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")  # by the database's clock


def lease_index(table: str) -> Index:
    """A partial index of the few leased rows among millions."""
    return Index(f"ix_{table}_lease_owner", "lease_owner", sqlite_where=_IS_LEASED, postgresql_where=_IS_LEASED)


def is_unleased(row: Any) -> Any:
    """SQL condition: nobody holds the row's lease."""
    return or_(row.lease_owner.is_(None), row.lease_until < db_now())


def acquire_lease(session: Session, row: Any, row_id: Any, *conditions: Any, **also: Any) -> bool:
    """Take the lease of one row if it is free and the conditions hold, and set the columns in *also*. Returns False if
    another process was first or has the row locked; never waits."""
    here = select(row.id).where(row.id == row_id, is_unleased(row), *conditions)
    taken = session.execute(
        update(row)
        .where(row.id.in_(here.with_for_update(skip_locked=True, key_share=True)))
        .values(lease_owner=this_process(), lease_until=db_now() + LEASE_SECONDS, **also)
    )
    return taken.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def acquire_leases(session: Session, row: Any, ids: Iterable[Any], **also: Any) -> dict[Any, str | None]:
    """Take the leases of those of these rows that are free, and set the columns in *also*. Returns the rows' ids, and
    who held each until its lease ran out (None: nobody); never waits."""
    here = select(row.id, row.lease_owner).where(row.id.in_(list(ids)), is_unleased(row))
    free: dict[Any, str | None] = dict(
        session.execute(here.with_for_update(skip_locked=True, key_share=True)).tuples().all()
    )
    session.execute(
        update(row)
        .where(row.id.in_(list(free)))
        .values(lease_owner=this_process(), lease_until=db_now() + LEASE_SECONDS, **also)
    )
    return free


def renew_lease(session: Session, row: Any, row_id: Any, seconds: float = LEASE_SECONDS) -> bool:
    """Renew our lease for *seconds*. Returns False if it was taken over; the work must then stop."""
    values = {"of": row_id, "us": this_process(), "seconds": seconds}
    return session.connection().execute(_renewal(row), values).rowcount == 1


@cache
def _renewal(row: Any) -> Update:
    """Built once a table: each chunk asks for it a few times."""
    ours = update(row).where(row.id == bindparam("of"), row.lease_owner == bindparam("us"))
    return ours.values(lease_until=db_now() + bindparam("seconds", type_=Float()))


class LeaseLost(Exception):  # noqa: N818
    """Another process has taken the work over: stop without writing."""


def assert_lease(session: Session, row: Any, row_id: Any) -> None:
    """Renew our lease or raise LeaseLost, before writing results."""
    if not renew_lease(session, row, row_id):
        raise LeaseLost


@contextmanager
def lease_heartbeat(
    store: "HasWriting", row: Any, *ids: Any, is_moving: Callable[[], bool] = lambda: True
) -> Iterator[None]:
    """Renew our leases from a thread while long work goes on. A lost lease shows at the next `renew_lease`.

    The thread retries while the database is down. When *is_moving* returns False the leases run out. A row that the
    work has locked is skipped until the next beat: two transactions of one process that lock the same rows in different
    order would deadlock.
    """
    done = Event()
    ours = select(row.id).where(row.id.in_(ids), row.lease_owner == this_process())

    def beat() -> None:
        while not done.wait(LEASE_SECONDS / 3):
            if not is_moving():
                log.error("%s %s: no progress, its lease is left to run out", row.__tablename__, ids)
                return
            try:
                with store.writing() as session:
                    renewed = row.id.in_(ours.with_for_update(skip_locked=True, key_share=True))
                    session.execute(update(row).where(renewed).values(lease_until=db_now() + LEASE_SECONDS))
            except Exception:
                log.warning("leases of %s could not be renewed", row.__tablename__, exc_info=True)

    heart = Thread(target=beat, name=f"leases of {row.__tablename__}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        done.set()
        heart.join()


class HasWriting(Protocol):
    """The part of a store that leases need."""

    def writing(self) -> AbstractContextManager[Session]:
        """A session in one transaction."""


def is_past_pause(row: Any) -> Any:
    """SQL condition: the row is free and its pause is over."""
    return and_(is_unleased(row), row.not_before <= db_now())


def end_pauses(session: Session, rows: Iterable[Any]) -> None:
    """End all pauses in these tables, to retry the work now."""
    for row in rows:
        put_back = select(row.id).where(row.not_before > 0).with_for_update(skip_locked=True, key_share=True)
        session.execute(update(row).where(row.id.in_(put_back)).values(not_before=0.0))


def dead_owners(session: Session, rows: Iterable[Any]) -> list[tuple[Any, str]]:
    """Processes that have certainly died and still hold rows of these tables: (table, owner)."""
    tables = list(rows)
    owners = (
        select(literal(n), row.lease_owner).where(row.lease_owner.is_not(None)).distinct()
        for n, row in enumerate(tables)
    )
    return [(tables[n], owner) for n, owner in session.execute(union_all(*owners)) if is_dead(owner)]


def reclaim_dead(session: Session, rows: Iterable[Any]) -> int:
    """Free the leases of processes that have certainly died; returns the number of rows freed. Several workers may run
    it at once: each skips rows that another has locked."""
    freed = 0
    for row, owner in dead_owners(session, rows):
        held = select(row.id).where(row.lease_owner == owner).with_for_update(skip_locked=True, key_share=True)
        done = session.execute(update(row).where(row.id.in_(held)).values(lease_owner=None, lease_until=0.0))
        freed += done.rowcount  # type: ignore[attr-defined]
    return freed


def is_any_held(rows: Iterable[Any]) -> ColumnElement[bool]:
    """SQL condition: a process, living or dead, has the lease of a row of one of these tables."""
    return or_(*(exists().where(row.lease_owner.is_not(None)) for row in rows))


def is_any_leased(rows: Iterable[Any]) -> ColumnElement[bool]:
    """SQL condition: one of these leases has not run out."""
    return or_(*(exists().where(row.lease_owner.is_not(None), row.lease_until >= db_now()) for row in rows))
