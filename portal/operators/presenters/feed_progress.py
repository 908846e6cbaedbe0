"""How far feeds have come: what was read of them, and how many of their bills have found their way."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.operators.presenters.hold_reason_text import hold_reason_text
from store.bills.bill import BillRow, is_set_apart
from store.feeds.chunk import Chunk
from store.feeds.feed import OUT, Feed
from store.feeds.feed_outcome_counts import feed_tallies
from store.feeds.item_outcome import WAITING, OutcomeTotals

#: Of bills that were set apart, so many of a page's feeds are counted.
MOST_SET_APART: Final = 10_000


class FeedProgress(NamedTuple):
    """A feed and its figures; *done* of *all* is what its bar shows."""

    feed: Feed
    outcomes: dict[str, int]  # items by outcome; those without one are not counted
    done: int
    all: int
    set_apart: int  # bills that could not be rendered
    why: list[str]  # it is held or rejected, a sentence each

    @property
    def refused(self) -> int:
        return self.outcomes.get("rejected", 0)

    @property
    def conflicts(self) -> int:
        return self.outcomes.get("conflict", 0)

    @property
    def is_moving(self) -> bool:
        """Whether the pipeline still has something to do: read it, release it, render and choose for its bills."""
        return self.feed.state in {"received", "reading"} or (self.feed.state == "released" and self.done < self.all)


def feed_progress(session: Session, feeds: Sequence[Feed]) -> list[FeedProgress]:
    """The feeds with their figures, in the same order."""
    tallies, shares, apart = feed_tallies(session, feeds), _shares_done(session, feeds), _set_apart(session, feeds)
    return [
        _headway(
            feed, tallies[feed.id], shares.get(feed.id, 1.0), apart.get(feed.id, 0), hold_reason_text(session, feed)
        )
        for feed in feeds
    ]


def _headway(
    feed: Feed, tallies: Mapping[str, OutcomeTotals], share: float, apart: int, reasons: list[str]
) -> FeedProgress:
    known = {outcome: tally.items for outcome, tally in tallies.items() if outcome != WAITING}
    if feed.state in OUT:
        everything = known.get("bill", 0)
        done = int(everything * share)
    else:
        done, everything = feed.released_upto, max(feed.entries, sum(tally.items for tally in tallies.values()))
    return FeedProgress(feed, known, done, everything, apart, reasons)


def _shares_done(session: Session, feeds: Sequence[Feed]) -> dict[int, float]:
    """How much of their work is done, 0 to 1, of feeds that are not settled: by their chunks, which are few."""
    ids = [feed.id for feed in feeds if feed.state == "released"]
    is_done = func.sum(case((Chunk.state == "done", 1), else_=0))
    query = select(Chunk.feed_id, is_done, func.count()).where(Chunk.feed_id.in_(ids)).group_by(Chunk.feed_id)
    return {feed_id: done / every for feed_id, done, every in session.execute(query)} if ids else {}


def _set_apart(session: Session, feeds: Sequence[Feed]) -> dict[int, int]:
    """How many bills could not be rendered."""
    ids = [feed.id for feed in feeds if feed.state in OUT]
    first = select(BillRow.feed_id).where(is_set_apart(), BillRow.feed_id.in_(ids)).limit(MOST_SET_APART).subquery()
    query = select(first.c.feed_id, func.count()).group_by(first.c.feed_id)
    return dict(row._tuple() for row in session.execute(query)) if ids else {}
