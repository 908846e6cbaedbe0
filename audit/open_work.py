"""How much work is open, by its state, and since when the oldest waits: for the metrics.

All of it is read from the few rows that are under way, by the indexes of their states; counts of messages and jobs stop
at `store.db.row_counting.MOST_COUNTED`, so that a million letters that wait for the cut-off cost no more. Test sides
are left out of feeds, deliveries and batches.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.outages import oldest_message
from store.db.row_counting import count_some
from store.delivery import CHANNELS, MESSAGE_CHANNELS, OPEN_STATES, Delivery
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed
from store.issuer import of_issuer
from store.job import Job, count_jobs
from store.outbox.webhook_delivery import WebhookDelivery
from store.print_batch import PrintBatch, is_of_print_house

#: The states in which a feed is not at its end.
OPEN_FEEDS: Final = ("received", "reading", "held", "released")
OPEN_BATCHES: Final = ("open", "closed", "handed_over", "disputed")
_OPEN_WEBHOOKS: Final = ("waiting", "attempting", "failed")


class OpenRows(NamedTuple):
    """So many rows in this state; *since* when the oldest waits (None: there is none)."""

    state: str
    number: int
    since: datetime | None = None


def open_feeds(session: Session) -> list[OpenRows]:
    """Feeds by state, and when the oldest of each was received."""
    query = select(Feed.state, func.count(), func.min(Feed.received_at)).group_by(Feed.state)
    found = session.execute(query.where(Feed.state.in_(OPEN_FEEDS), of_issuer(Feed.issuer_id, None)))
    return _in_order(OPEN_FEEDS, [OpenRows(*row) for row in found])


def open_chunks(session: Session) -> list[OpenRows]:
    """Chunks by what is to be done with their bills."""
    query = select(Chunk.work, func.count()).where(Chunk.state.in_(("todo", "leased"))).group_by(Chunk.work)
    return _in_order(("render", "choose"), [OpenRows(*row) for row in session.execute(query)])


def open_deliveries(session: Session) -> Iterator[tuple[str, OpenRows]]:
    """Deliveries by channel and state."""
    for channel in CHANNELS:
        for state in OPEN_STATES:
            mine = (Delivery.state == state, Delivery.channel == channel, of_issuer(Delivery.issuer_id, None))
            yield channel, OpenRows(state, count_some(session, select(Delivery.id).where(*mine)))


def oldest_messages(session: Session) -> Iterator[tuple[str, datetime]]:
    """Since when the oldest message of each channel is due."""
    for channel in MESSAGE_CHANNELS:
        if (since := oldest_message(session, channel)) is not None:
            yield channel, since


def open_jobs(session: Session) -> list[OpenRows]:
    """Jobs to be done, with when the first is due, and those that have failed."""
    first = session.scalar(select(func.min(Job.due_at)).where(Job.state == "todo"))
    return [OpenRows("todo", count_jobs(session, "todo"), first), OpenRows("failed", count_jobs(session, "failed"))]


def open_batches(session: Session) -> list[OpenRows]:
    """Print batches by state, and when the oldest of each was opened."""
    query = select(PrintBatch.state, func.count(), func.min(PrintBatch.opened_at)).group_by(PrintBatch.state)
    found = session.execute(query.where(PrintBatch.state.in_(OPEN_BATCHES), is_of_print_house()))
    return _in_order(OPEN_BATCHES, [OpenRows(*row) for row in found])


def open_webhooks(session: Session) -> list[OpenRows]:
    """Events for issuers' endpoints by state; *failed* are those that nobody tries again by itself."""
    states = {each: select(WebhookDelivery.id).where(WebhookDelivery.state == each) for each in _OPEN_WEBHOOKS}
    return [OpenRows(state, count_some(session, rows)) for state, rows in states.items()]


def _in_order(states: tuple[str, ...], found: list[OpenRows]) -> list[OpenRows]:
    """Every state, in this order: one that nothing is in is at 0."""
    by_state = {row.state: row for row in found}
    return [by_state.get(state) or OpenRows(state, 0) for state in states]
