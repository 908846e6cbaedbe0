"""What waits because something outside is down, and since when: a full disk, the bucket, the relay, a print house.

Work that met an outage stands in its row with its setbacks and its next try; the searches read the few rows that are
under way, by their state. Deliveries keep no setbacks: the oldest that is due tells, a look-up an issuer and channel.
"""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from store.delivery import Delivery
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.job import Job
from store.print_batch import PrintBatch

#: A message that is due for so long is late: the pipeline sends what is due within seconds.
TIME_TO_SEND: Final = timedelta(minutes=5)
#: The channels whose messages somebody outside takes, apart from letters, which go by the lot.
CHANNELS: Final = ("email", "sms", "push")


class Outage(NamedTuple):
    """*kind* of work that waits: `feed`, `chunk`, `print_batch`, `errand` (a job), or a channel. How many rows, and
    since when the oldest message is due (None: not told)."""

    kind: str
    number: int
    since: datetime | None = None


def outages(session: Session, now: datetime) -> list[Outage]:
    """All that waits for something outside at *now* (business time), in the order of the pipeline."""
    waiting: tuple[tuple[Any, ColumnElement[bool]], ...] = (
        (Feed, Feed.state.in_(["received", "reading"]) | ((Feed.state == "held") & (Feed.decided_by != ""))),
        (Chunk, Chunk.state.in_(["todo", "leased"])),
        (PrintBatch, PrintBatch.state == "closed"),
        (Job, Job.state == "todo"),
    )
    found = [Outage(row.__tablename__, _with_setbacks(session, row, is_open)) for row, is_open in waiting]
    return [each for each in found if each.number] + late_messages(session, now)


def late_messages(session: Session, now: datetime) -> list[Outage]:
    """The channels of which a message is due for longer than TIME_TO_SEND."""
    oldest = ((channel, oldest_message(session, channel)) for channel in CHANNELS)
    late = now - TIME_TO_SEND
    return [Outage(channel, 1, since) for channel, since in oldest if since is not None and since < late]


def oldest_message(session: Session, channel: str) -> datetime | None:
    """Since when the oldest message of this channel is due, or is to be due; None if none is ready."""
    issuers = select(Issuer.id).where(Issuer.test_of.is_(None)).subquery()
    mine = (Delivery.state == "ready", Delivery.channel == channel, Delivery.batch_id.is_(None))
    first = select(func.min(Delivery.due_at)).where(*mine, Delivery.issuer_id == issuers.c.id).scalar_subquery()
    return session.scalar(select(func.min(first)).select_from(issuers))


def _with_setbacks(session: Session, row: Any, is_open: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(is_open, row.setbacks > 0)) or 0
