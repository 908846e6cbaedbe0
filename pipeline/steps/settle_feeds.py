"""Settle released feeds that have nothing left to do."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, select

from feeds.conflicts.resolve_conflicts import reject_overdue_conflicts
from feeds.feed_events import record_feed_event
from pipeline.pipeline_context import PipelineContext
from store.bills.bill import BillRow
from store.db.state_change import change_state
from store.delivery import OPEN_STATES, Delivery
from store.feeds.chunk import Chunk
from store.feeds.conflict import Conflict
from store.feeds.feed import Feed


def is_ready_to_settle() -> ColumnElement[bool]:
    """SQL condition: a released feed has no chunk to work, no open delivery and no open conflict. Reminders of
    instalments, due months later, do not count."""
    working = exists().where(Chunk.feed_id == Feed.id, Chunk.state != "done")
    owing = exists().where(
        BillRow.feed_id == Feed.id, Delivery.bill_id == BillRow.id, Delivery.state.in_(OPEN_STATES),
        Delivery.purpose.not_like("due-%"),
    )  # fmt: skip
    waiting = exists().where(Conflict.feed_id == Feed.id, Conflict.state == "open")
    return and_(Feed.state == "released", ~working, ~owing, ~waiting)


_READY: Final = select(Feed.id).where(is_ready_to_settle())


def settle_feeds(context: PipelineContext, now: datetime) -> int:
    """Reject conflicts that nobody decided in time; then settle each feed that has nothing left to do. Returns the
    number of feeds settled."""
    reject_overdue_conflicts(context.store, context.config.conflict_days, now)
    with context.store.writing() as session:
        ready = session.scalars(_READY).all()
        for feed_id in ready:
            if change_state(session, Feed, feed_id, "released", "settled", now, settled_at=now):
                record_feed_event(session, feed_id, "settled", now)
    return len(ready)
