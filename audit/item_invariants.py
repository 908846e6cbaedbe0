"""Invariants of feed items: each has one outcome, and counts and sums of a feed add up."""

from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from audit.invariant_violations import Question, Violations, told_apart
from store.bills.bill import BillRow
from store.feeds.feed import OUT, Feed
from store.feeds.item import Item
from store.feeds.items_by_outcome import halves, outcome_totals, total

_PAGE: Final = 500


def items_without_outcome() -> Question:
    """Items of released feeds without an outcome. (The primary key allows one row for each feed and position.)"""
    return (
        select(Item.feed_id, Item.seq).join(Feed, Feed.id == Item.feed_id).where(Feed.state.in_(OUT))
        .where(Item.outcome.is_(None))
    )  # fmt: skip


def items_missing() -> Question:
    """Released feeds with another number of items than were read."""
    counted = select(func.count()).where(Item.feed_id == Feed.id).scalar_subquery()
    return select(Feed.id, Feed.entries).where(Feed.state.in_(OUT), Feed.entries != counted)


def amounts_lost() -> Question:
    """Feeds whose items of outcome `bill` and whose bills differ in sum, to the cent."""
    items = _sums(Item.feed_id, Item.payable).where(Item.outcome == "bill").subquery()
    bills = _sums(BillRow.feed_id, BillRow.payable).subquery()
    differ = or_(*(func.coalesce(items.c[half], 0) != func.coalesce(bills.c[half], 0) for half in ("large", "small")))
    return (
        select(Feed.id)
        .outerjoin(items, items.c.feed_id == Feed.id)
        .outerjoin(bills, bills.c.feed_id == Feed.id)
        .where(Feed.state.in_(OUT), differ)
    )


def _sums(feed_id: InstrumentedAttribute[int], payable: Any) -> Question:
    """Sums of amounts by feed, in a high and a low half."""
    large, small = halves(payable)
    return select(feed_id, large.label("large"), small.label("small")).group_by(feed_id)


def items_unaccounted(session: Session) -> Violations:
    """Released feeds whose item rows differ, in number or in sum, from what the reader counted."""
    query = select(Feed).where(Feed.state.in_(OUT)).order_by(Feed.id).execution_options(yield_per=_PAGE)
    broken: list[tuple[Any, ...]] = []
    for feed in session.scalars(query):
        read, kept = feed.figures, total(outcome_totals(session, feed.id).values())
        if feed.counted and (read.items, read.sums) != (kept.items, kept.sums):
            broken.append((feed.id, read.items, kept.items))
    return told_apart(session, broken, Feed.id)
