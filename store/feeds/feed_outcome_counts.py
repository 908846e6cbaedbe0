"""Counts of a feed's items by outcome, stored in the feed's row for pages to show.

An item's outcome is final, except for a conflict, which a person decides. So items without a conflict are counted once,
and those with one, which are few, are counted live.
"""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import exists, select, tuple_, update
from sqlalchemy.orm import Session

from store.feeds.conflict import Conflict
from store.feeds.feed import Feed
from store.feeds.item import Item
from store.feeds.items_by_outcome import WAITING, OutcomeTotals, outcome_totals, tallies_of_items, total

Tallies = dict[str, OutcomeTotals]

_HAS_CONFLICT = exists().where(Conflict.feed_id == Item.feed_id, Conflict.seq == Item.seq)


def keep_tallies(session: Session, feed_id: int) -> None:
    """Count a feed's items and store the result in its row: after reading, and when outcomes are final."""
    session.flush()
    kept = tallies_of_items(session, Item.feed_id == feed_id, ~_HAS_CONFLICT).get(feed_id, {})
    session.execute(update(Feed).where(Feed.id == feed_id).values(tallies=msgspec.to_builtins(kept)))


def feed_tallies(session: Session, feeds: Sequence[Feed]) -> dict[int, Tallies]:
    """The items of these feeds by outcome (`WAITING`: none yet), by feed id. For a feed being read, the number read so
    far."""
    kept = [feed.id for feed in feeds if feed.tallies is not None]
    conflicts = select(Conflict.feed_id, Conflict.seq).where(Conflict.feed_id.in_(kept))
    decided = tallies_of_items(session, tuple_(Item.feed_id, Item.seq).in_(conflicts)) if kept else {}
    return {feed.id: _tallies_of(session, feed, decided.get(feed.id, {})) for feed in feeds}


def _tallies_of(session: Session, feed: Feed, decided: Mapping[str, OutcomeTotals]) -> Tallies:
    if feed.tallies is not None:
        kept = msgspec.convert(feed.tallies, Tallies)
        return {
            outcome: total(each[outcome] for each in (kept, decided) if outcome in each)
            for outcome in {**kept, **decided}
        }
    if feed.state in {"received", "reading"} and feed.read_at is None:
        return {WAITING: OutcomeTotals(feed.entries, {}, feed.entries)} if feed.entries else {}
    return outcome_totals(session, feed.id)  # rows that the pipeline did not write
