"""How far feeds have come: items read, bills done, bills that failed, and why a feed is held."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from feeds.failed_bill_retry import count_failed_by_feed
from portal.operators.presenters.hold_reason_text import hold_reason_text
from store.feeds.chunk import shares_done
from store.feeds.feed import OUT, Feed
from store.feeds.feed_outcome_counts import feed_tallies
from store.feeds.items_by_outcome import WAITING, OutcomeTotals


class FeedProgress(NamedTuple):
    """A feed and its counts. Its bar shows *done* of *all*."""

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
        """Returns whether the pipeline still has work on it: reading, releasing, rendering or choosing."""
        return self.feed.state in {"received", "reading"} or (self.feed.state == "released" and self.done < self.all)


def feed_progress(session: Session, feeds: Sequence[Feed]) -> list[FeedProgress]:
    """Returns the feeds with their counts, in the same order."""
    tallies = feed_tallies(session, feeds)
    shares = shares_done(session, [feed.id for feed in feeds if feed.state == "released"])
    apart = count_failed_by_feed(session, [feed.id for feed in feeds if feed.state in OUT])
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
        everything = known.get("bill" if feed.content == "bills" else "taken", 0)
        done = int(everything * share)
    else:
        done, everything = feed.released_upto, max(feed.entries, sum(tally.items for tally in tallies.values()))
    return FeedProgress(feed, known, done, everything, apart, reasons)
