"""Items: each has one outcome, and nothing that was read is lost."""

from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from audit.violations import MOST_SHOWN, Question, Violations
from store.bill import BillRow
from store.feed import OUT, Feed
from store.item import Item
from store.outcome import halves, outcome_tallies, total

_PAGE: Final = 500


def items_without_outcome() -> Question:
    """Every item of a released feed has one outcome (the row itself is unique by feed and place)."""
    return (
        select(Item.feed_id, Item.seq).join(Feed, Feed.id == Item.feed_id).where(Feed.state.in_(OUT))
        .where(Item.outcome.is_(None))
    )  # fmt: skip


def items_missing() -> Question:
    """A released feed has as many items as were read."""
    counted = select(func.count()).where(Item.feed_id == Feed.id).scalar_subquery()
    return select(Feed.id, Feed.entries).where(Feed.state.in_(OUT), Feed.entries != counted)


def amounts_lost() -> Question:
    """What a feed's items of outcome `bill` amount to is what its bills amount to, to the cent."""
    pairs = zip(halves(Item.payable), halves(BillRow.payable), strict=True)
    differ = [
        select(func.coalesce(item, 0)).where(Item.feed_id == Feed.id, Item.outcome == "bill").scalar_subquery()
        != select(func.coalesce(bill, 0)).where(BillRow.feed_id == Feed.id).scalar_subquery()
        for item, bill in pairs
    ]
    return select(Feed.id).where(Feed.state.in_(OUT), or_(*differ))


def items_unaccounted(session: Session) -> Violations:
    """What the reader counted of a released feed is what its items' rows amount to: in number, and to the cent."""
    query = select(Feed).where(Feed.state.in_(OUT)).order_by(Feed.id).execution_options(yield_per=_PAGE)
    broken: list[tuple[Any, ...]] = []
    for feed in session.scalars(query):
        read, kept = feed.figures, total(outcome_tallies(session, feed.id).values())
        if feed.counted and (read.items, read.sums) != (kept.items, kept.sums):
            broken.append((feed.id, read.items, kept.items))
    return Violations(broken[:MOST_SHOWN], len(broken))
