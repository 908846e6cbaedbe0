"""Tells the issuer what became of a feed: released, held, rejected or settled, in counts and never a bill at a time."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.feeds.feed_outcome_counts import feed_tallies
from store.feeds.item import OUTCOMES
from store.outbox.outbox_event import record_outbox_event


def record_feed_event(
    session: Session, feed_id: int, what: Literal["released", "held", "rejected", "settled"], now: datetime
) -> None:  # fmt: skip
    """Record that a feed is in this state now, in the transaction that has changed it."""
    feed = session.get_one(Feed, feed_id, populate_existing=True)
    data = _told(session, feed)
    if what in {"held", "rejected"}:
        data |= {"reason": feed.reason.code, "words": feed.reason.values}  # spelled when it is told
    if what == "settled":
        data |= _delivered(session, feed_id)
    record_outbox_event(session, feed.issuer_id, f"feed.{what}", data, now)


def _told(session: Session, feed: Feed) -> dict[str, Any]:
    tallies = feed_tallies(session, [feed])[feed.id]
    counts = {outcome: tallies[outcome].items if outcome in tallies else 0 for outcome in OUTCOMES}
    return {
        "feed": feed.id, "file": feed.name, "sha256": feed.sha256, "content": feed.content, "counts": counts,
    }  # fmt: skip


def _delivered(session: Session, feed_id: int) -> dict[str, int]:
    """How the deliveries of the feed's bills have ended, by channel."""
    ours = select(Delivery.channel, Delivery.state, func.count()).join(BillRow, BillRow.id == Delivery.bill_id)
    ended = ours.where(BillRow.feed_id == feed_id).group_by(Delivery.channel, Delivery.state)
    numbers = {(channel, state): number for channel, state, number in session.execute(ended)}

    def done(channel: str) -> int:
        return numbers.get((channel, "sent"), 0) + numbers.get((channel, "delivered"), 0)

    failed = sum(number for (_, state), number in numbers.items() if state == "failed")
    return {"presented": done("portal"), "emailed": done("email"), "printed": done("paper"), "failed": failed}
