"""How a feed's items ended, counted from the items themselves; the house keeps counts (`feed_outcome_counts`)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.feeds.item import OUTCOMES, Item


def outcome_counts(session: Session, feed_id: int) -> dict[str, int]:
    """The number of items of a feed by outcome, 0 included."""
    query = select(Item.outcome, func.count()).where(Item.feed_id == feed_id).group_by(Item.outcome)
    counts = {outcome: number for outcome, number in session.execute(query) if outcome is not None}
    return {outcome: counts.get(outcome, 0) for outcome in OUTCOMES}
