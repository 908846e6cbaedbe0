"""The first steps of a bill's fate: its feed came, was read, perhaps held, and released."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from delivery.fate.fate_step import FateStep, fate_reason, moment
from store.bills.bill import BillRow
from store.db.event import events_of
from store.feeds.feed import Feed
from store.feeds.item import FindingRow, Item

#: What is told of a feed's events; others, such as further readings, are of no bill in particular.
_TOLD: Final = {
    "held": "The feed was held for a person.",
    "release decided": "A person released the feed.",
    "released": "The feed was released: the number is taken.",
}
#: Events that a person decides; of others nobody is named.
_DECIDED: Final = ("release decided",)


def feed_steps(session: Session, bill: BillRow) -> Iterator[FateStep]:
    """Yield what happened to a bill's feed, with its place in it and the warnings that it was taken with."""
    feed = session.get_one(Feed, bill.feed_id)
    text = f"The feed {feed.name} came in ({feed.door})."
    yield FateStep(at=moment(feed.received_at), code="feed.received", text=text)
    if feed.read_at is not None:
        yield FateStep(at=moment(feed.read_at), code="feed.read", text=_place(session, bill))
    for event in events_of(session, "feed", feed.id):
        if event.what in _TOLD:
            yield FateStep(
                at=moment(event.at), code=f"feed.{event.what.replace(' ', '_')}", text=_TOLD[event.what],
                reason=fate_reason(event.reason), by=event.by if event.what in _DECIDED else None,
            )  # fmt: skip


def _place(session: Session, bill: BillRow) -> str:
    """Where the bill stands in its feed, and which rules it breaks."""
    item = session.get(Item, (bill.feed_id, bill.item_seq))
    place = f", {item.place}" if item is not None and item.place else ""
    broken = select(FindingRow.rule).where(FindingRow.feed_id == bill.feed_id, FindingRow.seq == bill.item_seq)
    rules = sorted(set(session.scalars(broken)))
    found = f" Warnings: {', '.join(rules)}." if rules else ""
    return f"The feed was read; the bill is its item {bill.item_seq}{place}.{found}"
