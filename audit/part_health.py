"""How each part of the service is, for whoever watches it: database, queue, blobs, disk, workers.

A part is *ok*, has a *warning* (nothing is lost, it is slower or will be full), or is *down*: then the service is.
"""

from datetime import UTC, datetime
from pathlib import Path
from shutil import disk_usage
from time import perf_counter
from typing import Any, Final, Literal

import msgspec
from sqlalchemy.orm import Session

from audit import open_work
from audit.worker_and_task_liveness import overdue_tasks, workers_silent_since
from store.blobs.blob_store import Blobs
from store.db.database_ping import ping_database
from store.db.heartbeat import seen_workers
from store.db.wake_up_signal import queue_answers
from store.outage_or_fault import is_outage

#: Shares of the disk that are left: less is a warning; less is down, before writes begin to fail.
LITTLE_DISK: Final = 0.10
NO_DISK: Final = 0.01
#: A digest that no blob has: asking for it is one round trip.
_NO_BLOB: Final = "0" * 64
PartState = Literal["ok", "warning", "down"]


class PartHealth(msgspec.Struct, frozen=True):
    """One part: its state, what is wrong ("" if nothing is), and its figures."""

    state: PartState
    said: str = ""
    figures: dict[str, Any] = {}


def database_health(session: Session) -> PartHealth:
    """Down where the database does not answer."""
    began = perf_counter()
    try:
        ping_database(session)
    except Exception as error:
        if not is_outage(error):
            raise
        return PartHealth("down", "the database does not answer")
    return PartHealth("ok", figures={"milliseconds": round((perf_counter() - began) * 1000, 1)})


def queue_health(redis_url: str) -> PartHealth:
    """A queue that is down is a warning: workers sweep the rows, some seconds later."""
    if queue_answers(redis_url):
        return PartHealth("ok")
    return PartHealth("warning", "the queue does not answer: workers sweep, and work begins some seconds later")


def blobs_health(blobs: Blobs) -> PartHealth:
    """Down where the folder is not mounted, or the bucket does not answer."""
    try:
        blobs.exists(_NO_BLOB)
    except Exception as error:
        if not is_outage(error):
            raise
        return PartHealth("down", "the blobs cannot be read: is their disk mounted, does the bucket answer?")
    return PartHealth("ok")


def disk_health(home: Path) -> PartHealth:
    """A warning below a tenth of the disk, down below a hundredth."""
    usage = disk_usage(home)
    figures = {"free_bytes": usage.free, "size_bytes": usage.total}
    share = usage.free / max(usage.total, 1)
    if share < NO_DISK:
        return PartHealth("down", "the disk is full", figures)
    return (
        PartHealth("warning", "the disk is nearly full", figures)
        if share < LITTLE_DISK
        else PartHealth("ok", figures=figures)
    )


def work_health(session: Session, now: datetime) -> PartHealth:
    """Down where something is due and no worker works; a warning where a periodic task is not done. *now* is business
    time."""
    states = [each.state for each in seen_workers(session)]
    figures: dict[str, Any] = {"serving": states.count("serving"), "silent": states.count("silent")}
    figures |= {"oldest": {name: _spelled(since) for name, since in _oldest(session)}}
    if (since := workers_silent_since(session, now)) is not None:
        return PartHealth("down", f"no worker has worked since {_spelled(since)}", figures)
    if overdue := [task.name for task in overdue_tasks(session)]:
        return PartHealth("warning", f"not done for an hour: {', '.join(overdue)}", figures)
    return PartHealth("ok", figures=figures)


def _oldest(session: Session) -> list[tuple[str, datetime]]:
    """The oldest work that waits for a worker, of each kind."""
    feeds = [("feed", row.since) for row in open_work.open_feeds(session) if row.state in {"received", "reading"}]
    jobs = [("job", row.since) for row in open_work.open_jobs(session)]
    found = [*feeds, *jobs, *open_work.oldest_messages(session)]
    oldest: dict[str, datetime] = {}
    for name, since in found:
        if since is not None:
            oldest[name] = min(since, oldest.get(name, since))
    return list(oldest.items())


def _spelled(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
