"""Periodic tasks: work that one worker does for all (settle, measure, sweep). One row a task.

The worker that holds a task's lease is its leader; the others skip the task. Times are seconds since 1970 by the
database's clock.
"""

import logging
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Float, String, Text, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, db_now, insert_new
from store.db.leases import Leased, acquire_lease, acquire_leases, is_unleased
from store.db.process_identity import this_process

log = logging.getLogger(__name__)

#: The tasks that workers do (`pipeline.periodic_tasks`).
TASKS: Final = (
    "follow_moves", "settle", "households", "mandates", "suitability", "default_notices", "sweep", "invite",
    "forward_bills", "lost_factors", "erase_people", "print_answers", "measure", "forecast", "access_grants",
)  # fmt: skip
#: Seconds after which a task that failed may be tried again.
RETRY_SECONDS: Final = 60.0
#: Seconds after which a task that was not done is reported; workers do each one every five minutes.
OVERDUE_SECONDS: Final = 3600.0


class PeriodicTask(Leased, Base):
    """One task: when its last run began, when a run last ended, and why the last run failed ("" if it did not)."""

    __tablename__ = "periodic_task"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)  # its name
    begun_at: Mapped[float] = mapped_column(Float, default=0.0)
    done_at: Mapped[float] = mapped_column(Float, default=0.0)
    failure: Mapped[str] = mapped_column(Text, default="")


def is_task_due(session: Session, name: str, every: float) -> bool:
    """Whether the task was not done for *every* seconds and nobody leads it. Changes nothing; `begin_task` decides."""
    if session.scalar(select(PeriodicTask.id).where(PeriodicTask.id == name)) is None:
        return True
    due = (PeriodicTask.id == name, _due(every), is_unleased(PeriodicTask))
    return session.scalar(select(PeriodicTask.id).where(*due)) is not None


def due_tasks(session: Session, pauses: Mapping[str, float]) -> set[str]:
    """Those of these tasks that were not done for so many seconds, and that nobody leads; asked in one statement.
    Changes nothing; `begin_task` decides."""
    rows = {row.id: row for row in session.connection().execute(_SINCE)}
    return {
        name
        for name, every in pauses.items()
        if (row := rows.get(name)) is None or (row.is_free and row.since_done >= every)
    }


def begin_task(session: Session, name: str, every: float) -> bool:
    """Acquire the lease of a task, if it was not done for *every* seconds. Returns False if another worker leads it or
    it is not due. Logs whose lease ran out."""
    if session.scalar(select(PeriodicTask.id).where(PeriodicTask.id == name)) is None:
        insert_new(session, PeriodicTask, [{"id": name}])
    here = select(PeriodicTask.lease_owner).where(PeriodicTask.id == name)
    before = session.scalar(here.with_for_update(skip_locked=True, key_share=True))
    if not acquire_lease(session, PeriodicTask, name, _due(every), begun_at=db_now()):
        return False
    _log_takeover(name, before)
    return True


def begin_tasks(session: Session, names: Collection[str]) -> set[str]:
    """Acquire the leases of these tasks, due or not. Returns those that no other worker leads; logs whose leases ran
    out."""
    free = acquire_leases(session, PeriodicTask, names, begun_at=db_now())
    if len(free) < len(names) and insert_new(session, PeriodicTask, [{"id": name} for name in names]):
        free |= acquire_leases(session, PeriodicTask, names, begun_at=db_now())
    for name, before in free.items():
        _log_takeover(name, before)
    return set(free)


def _log_takeover(name: str, before: str | None) -> None:
    if before is not None:
        log.warning("%s: taken over from %s, whose lease ran out", name, before)


def end_tasks(session: Session, names: Collection[str], failure: str | None = None) -> None:
    """Release our leases of these tasks, and record the end of their run, or its failure; with "" neither: they had no
    run. Does nothing to a lease that is another's now."""
    ends: dict[str, Any] = {"done_at": db_now(), "failure": ""} if failure is None else {"failure": failure[:1000]}
    ends = {} if failure == "" else ends
    ours = (PeriodicTask.id.in_(names), PeriodicTask.lease_owner == this_process())
    session.execute(update(PeriodicTask).where(*ours).values(lease_owner=None, lease_until=0.0, **ends))


def _may_be_tried() -> ColumnElement[bool]:
    return or_(PeriodicTask.failure == "", PeriodicTask.begun_at <= db_now() - RETRY_SECONDS)


def _due(every: float) -> ColumnElement[bool]:
    return and_(PeriodicTask.done_at <= db_now() - every, _may_be_tried())


_SINCE: Final = select(
    PeriodicTask.id, (db_now() - PeriodicTask.done_at).label("since_done"),
    and_(_may_be_tried(), is_unleased(PeriodicTask)).label("is_free"),
)  # fmt: skip


def periodic_tasks(session: Session) -> list[PeriodicTask]:
    """All tasks in their order; one that was never begun stands there with its times at 0."""
    rows = {row.id: row for row in session.scalars(select(PeriodicTask).execution_options(populate_existing=True))}
    return [rows.get(name) or PeriodicTask(id=name, begun_at=0.0, done_at=0.0, failure="") for name in TASKS]
