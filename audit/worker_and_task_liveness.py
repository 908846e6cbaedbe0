"""Check that workers are alive and that the periodic tasks are done.

Heartbeats and tasks are measured by the database's clock. Business time only decides whether there is work to do. A
site on which no worker has ever served (a demo, a store worked by hand) is not reported.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

import delivery
from store.base import db_now
from store.db.heartbeat import SILENT_SECONDS, serving_since, silent_since
from store.db.periodic_task import OVERDUE_SECONDS, periodic_tasks
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed
from store.issuer import is_suspended
from store.job import Job
from store.outbox.webhook_delivery import awaits_webhooks


class OverdueTask(NamedTuple):
    """A periodic task that was not done for an hour though a worker serves. *failure*: the error of its last run, or
    ""."""

    name: str
    done_at: datetime | None
    failure: str


def workers_silent_since(session: Session, now: datetime) -> datetime | None:
    """When a worker last worked, if that is more than ten minutes ago and something is due at *now* (business time);
    else None."""
    since = silent_since(session)
    return since if since is not None and _is_any_due(session, now) else None


def overdue_tasks(session: Session) -> list[OverdueTask]:
    """Tasks not done in the last hour while a worker serves. If none serves, `workers_silent_since` reports it."""
    serving = serving_since(session)
    if serving is None or serving < SILENT_SECONDS:
        return []
    oldest = session.scalars(select(db_now() - OVERDUE_SECONDS)).one()
    late = [row for row in periodic_tasks(session) if row.done_at < oldest]
    return [OverdueTask(row.id, _moment(row.done_at), row.failure) for row in late]


def _moment(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _is_any_due(session: Session, now: datetime) -> bool:
    """Whether there is any work for a worker."""
    is_to_read = Feed.state.in_(["received", "reading"]) | ((Feed.state == "held") & (Feed.decided_by != ""))
    kinds = (
        select(Feed.id).where(is_to_read, ~is_suspended(Feed.issuer_id)).exists(),
        select(Chunk.id).where(Chunk.state != "done").exists(),
        select(Job.id).where(Job.state == "todo", Job.due_at <= now).exists(),
        delivery.awaits_sending(now),
        delivery.awaits_sms(now),
        delivery.awaits_pushes(now),
        delivery.awaits_printing(now),
        awaits_webhooks(now),
    )
    return any(session.scalar(select(1).where(kind).limit(1)) is not None for kind in kinds)
