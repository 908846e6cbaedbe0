"""Invariants of bill number conflicts: each is open for a person, or decided."""

from sqlalchemy import exists, select

from audit.invariant_violations import Question
from store.bills.bill import BillRow
from store.feeds.conflict import Conflict
from store.feeds.feed import OUT, Feed
from store.feeds.item import Item


def conflicts_adrift() -> Question:
    """Items in conflict of released feeds that have no open conflict or no content."""
    waits = exists().where(Conflict.feed_id == Item.feed_id, Conflict.seq == Item.seq, Conflict.state == "open")
    return (
        select(Item.feed_id, Item.seq).join(Feed, Feed.id == Item.feed_id).where(Feed.state.in_(OUT))
        .where(Item.outcome == "conflict", ~waits | Item.content.is_(None))
    )  # fmt: skip


def conflicts_of_nothing() -> Question:
    """Open conflicts whose item has another outcome, or whose first bill was superseded."""
    item = exists().where(Item.feed_id == Conflict.feed_id, Item.seq == Conflict.seq, Item.outcome == "conflict")
    first = exists().where(BillRow.id == Conflict.first_id, BillRow.state != "superseded")
    return select(Conflict.id).where(Conflict.state == "open", ~item | ~first)
