"""Leader election for a periodic task: hold its lease while the work goes on, and release it at the end.

A leader that was killed is replaced when its lease runs out, or at once where its death is certain. A leader that is
alive but stuck is replaced too: without progress its lease is renewed for a bounded time only.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from store.db.leases import LeaseLost, lease_heartbeat
from store.db.periodic_task import PeriodicTask, begin_task, begin_tasks, end_tasks, is_task_due
from store.outage_or_fault import is_outage
from store.store import Store

log = logging.getLogger(__name__)

#: Seconds without progress for which the lease of a leader is renewed. Then it runs out.
LONGEST_SILENCE: Final = 600.0
#: Seconds between two checks of a lease that is waited for.
_POLL_SECONDS: Final = 0.2


class Leadership:
    """This process leads a task, or some at once. Long work calls `progress` between its parts."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def progress(self) -> None:
        """Report progress: the lease may be renewed for another LONGEST_SILENCE seconds."""
        self._last = time.monotonic()

    @property
    def is_moving(self) -> bool:
        """Whether progress was reported lately."""
        return time.monotonic() - self._last < LONGEST_SILENCE


@contextmanager
def leading(store: Store, name: str, every: float) -> Iterator[Leadership | None]:
    """Lead a task that was not done for *every* seconds. Yields None when it is not due or another process leads it.

    An error of the work is written to the task's row and raised again; an outage and a lost lease are only logged.
    """
    with store.reading() as session:
        due = is_task_due(session, name, every)
    if due:
        with store.writing() as session:
            due = begin_task(session, name, every)
    if not due:
        yield None
        return
    with _held(store, name) as leadership:
        yield leadership


@contextmanager
def leading_at_once(store: Store, name: str) -> Iterator[Leadership]:
    """Lead a task, due or not; waits while another process leads it."""
    while True:
        with store.writing() as session:
            if begin_tasks(session, [name]):
                break
        time.sleep(_POLL_SECONDS)
    with _held(store, name, swallow=False) as leadership:
        yield leadership


def lead_all(store: Store, tasks: Mapping[str, Callable[[Leadership], None]]) -> None:
    """Do these tasks in their order, due or not, with one acquiring and one release of their leases. Those that other
    processes lead are waited for and done last. An outage is logged, and keeps no other task waiting; another error is
    raised, and leaves what is not yet done as it was."""
    waiting = dict(tasks)
    while waiting:
        with store.writing() as session:
            begun = begin_tasks(session, list(waiting))
        if begun:
            _do_all(store, {name: waiting.pop(name) for name in list(waiting) if name in begun})
        else:
            time.sleep(_POLL_SECONDS)


def _do_all(store: Store, tasks: Mapping[str, Callable[[Leadership], None]]) -> None:
    """Do tasks whose leases are ours, and release them."""
    leadership, done, failures = Leadership(), list[str](), dict[str, str]()
    try:
        with lease_heartbeat(store, PeriodicTask, *tasks, is_moving=lambda: leadership.is_moving):
            for name, do in tasks.items():
                failures[name] = "interrupted"
                leadership.progress()
                try:
                    do(leadership)
                except Exception as error:
                    failures[name] = _told(error)
                    if not is_outage(error):
                        raise
                    log.warning("%s waits, something outside is down: %s", name, error)
                else:
                    del failures[name]
                    done.append(name)
    finally:
        _release(store, done, None)
        for name, failure in failures.items():
            _release(store, [name], failure)
        _release(store, tasks.keys() - done - failures.keys(), "")


@contextmanager
def _held(store: Store, name: str, *, swallow: bool = True) -> Iterator[Leadership]:
    """Renew the lease while the work makes progress, and release it at the end. *swallow* logs an outage and a lost
    lease instead of raising them."""
    leadership = Leadership()
    failure: str | None = "interrupted"
    try:
        with lease_heartbeat(store, PeriodicTask, name, is_moving=lambda: leadership.is_moving):
            yield leadership
        failure = None
    except LeaseLost:
        log.warning("%s: another worker leads it now", name)
        if not swallow:
            raise
    except Exception as error:
        failure = _told(error)
        if not (swallow and is_outage(error)):
            raise
        log.warning("%s waits, something outside is down: %s", name, error)
    finally:
        _release(store, [name], failure)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _release(store: Store, names: Collection[str], failure: str | None) -> None:
    """Release leases. While the database is down this fails silently and they run out."""
    if not names:
        return
    try:
        with store.writing() as session:
            end_tasks(session, names, failure)
    except Exception as error:
        if not is_outage(error):
            raise
        log.warning("%s: leases run out, the database is down: %s", ", ".join(names), error)
