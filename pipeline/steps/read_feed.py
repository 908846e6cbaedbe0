"""Step 2, read: a feed's file is read to its end and its items are staged; then the feed is judged, and released if
nothing speaks against it. What it holds is found out from its first bytes (`pipeline/steps/feed_contents.py`).

A feed that is truncated or rejected deletes its stage and has delivered nothing.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, exists, select, update

from bill import Reason
from feeds.feed_events import record_feed_event
from issuers.registry import profile_of
from pipeline.leased_work import leased_work
from pipeline.steps.feed_contents import CONTENTS, content_of
from pipeline.steps.release_feed import may_release
from pipeline.time_slices import TimeSlices
from store import Store
from store.db.leases import LeaseLost, acquire_lease, assert_lease, is_past_pause
from store.db.state_change import change_state
from store.feeds.feed import Feed
from store.issuer import Issuer, is_suspended
from store.outage_or_fault import is_outage

log = logging.getLogger(__name__)

#: A feed that killed so many readers at the same place is held for a person.
MOST_ATTEMPTS: Final = 3
#: How many bytes of a feed say what it holds.
HEAD: Final = 1 << 14
#: How many feeds one worker reads beside each other.
MOST_READINGS: Final = 16


class ReadFeeds:
    """The reading of one worker. Each issuer has one feed under way, *piece_seconds* of it a turn, so that a feed of a
    million bills keeps no other issuer's feed waiting."""

    def __init__(self, store: Store, piece_seconds: float) -> None:
        self._store = store
        self.slices = TimeSlices(piece_seconds, MOST_READINGS)
        self._now: datetime

    def turn(self, now: datetime, feed_id: int | None = None) -> bool:
        """Begin a waiting feed if there is room, and go on with one under way. A given feed is read to its end at once.
        Returns False when none waits."""
        self._now = now
        if feed_id is not None:
            return read_feed(self._store, now, feed_id)
        if self.slices.has_room:
            feed = claim_feed(self._store, now, besides=self.slices.served)
            if feed is not None:
                reading = reading_feed(self._store, feed, lambda: self._now)
                self.slices.begin(feed.issuer_id, reading, alone=is_last_attempt(feed))
        return self.slices.turn()

    @property
    def is_under_way(self) -> bool:
        """Whether a feed is half read."""
        return self.slices.is_under_way

    def stop(self) -> None:
        """Give back the feeds under way: another worker begins them anew, and no attempt counts."""
        self.slices.stop()


def read_feed(store: Store, now: datetime, feed_id: int | None = None) -> bool:
    """Read one waiting feed (the given one, or the next) to its end, and release it if it is whole and nothing speaks
    against it. Returns False when none waits."""
    feed = claim_feed(store, now, feed_id)
    if feed is None:
        return False
    for _ in reading_feed(store, feed, lambda: now):
        pass
    return True


def claim_feed(store: Store, now: datetime, feed_id: int | None = None, besides: Iterable[int] = ()) -> Feed | None:
    """Claim the next waiting feed; None when none waits. *besides* are issuers whose feeds this process already reads:
    they get no second one. Feeds of a suspended issuer wait. Feeds that killed a reader come last. The last attempt at
    a feed is made alone, because a dying reader counts as an attempt of every feed that it reads."""
    waits = _waits()
    served = list(besides)
    query = select(Feed.id).where(waits, is_past_pause(Feed), Feed.issuer_id.not_in(served))
    if served:
        query = query.where(Feed.attempts != MOST_ATTEMPTS - 1)
    if feed_id is not None:
        query = query.where(Feed.id == feed_id)
    with store.reading() as session:
        candidates = list(session.scalars(query.order_by(Feed.attempts, Feed.id).limit(8)))
    for candidate in candidates:
        with store.writing() as session:
            if acquire_lease(session, Feed, candidate, waits, attempts=Feed.attempts + 1):
                change_state(session, Feed, candidate, "received", "reading", now)
                return session.get_one(Feed, candidate, populate_existing=True)
    return None


def awaits_reading() -> ColumnElement[bool]:
    """SQL condition: a feed waits for somebody who reads or releases it."""
    return exists().where(_waits(), is_past_pause(Feed))


def _waits() -> ColumnElement[bool]:
    is_due = Feed.state.in_(["received", "reading"]) | ((Feed.state == "held") & (Feed.decided_by != ""))
    return is_due & ~is_suspended(Feed.issuer_id)


def is_last_attempt(feed: Feed) -> bool:
    """Whether a claimed feed has no attempt left after this one."""
    return feed.attempts == MOST_ATTEMPTS


def reading_feed(store: Store, feed: Feed, clock: Callable[[], datetime]) -> Iterator[None]:
    """Read a claimed feed onto the stage, judge it and release it; yields between chunks. A feed that cannot be read is
    held for a person; an outage is no fault of the feed, which is tried again later."""
    with leased_work(store, Feed, feed):
        if feed.attempts > MOST_ATTEMPTS:
            _hold(store, feed.id, Reason("reading_interrupted"), clock())
            return
        try:
            if feed.read_at is None:
                _find_content(store, feed)
                yield from CONTENTS[feed.content].stage(store, feed, clock)
            if may_release(store, feed.id):
                yield from CONTENTS[feed.content].release(store, feed.id, clock)
        except LeaseLost:
            raise
        except Exception as error:
            if is_outage(error, feed.setbacks):
                raise
            log.exception("feed %s cannot be read", feed.id)
            why = Reason.of("reading_failed", error=f"{type(error).__name__}: {error}")
            _hold(store, feed.id, why, clock())


def _hold(store: Store, feed_id: int, why: Reason, now: datetime) -> None:
    """Hold a feed that we cannot read for a person; other feeds go on."""
    with store.writing() as session:
        assert_lease(session, Feed, feed_id)
        change_state(session, Feed, feed_id, ["reading", "held"], "held", now, why=why, reason=why, decided_by="")
        record_feed_event(session, feed_id, "held", now)


def _find_content(store: Store, feed: Feed) -> None:
    """Find out what the feed holds, and store it in its row."""
    with store.reading() as session:
        profile = profile_of(session.get_one(Issuer, feed.issuer_id))
    with store.blobs.open(feed.sha256) as stream:
        content = content_of(stream.read(HEAD), feed.name, profile)
    with store.writing() as session:
        assert_lease(session, Feed, feed.id)
        session.execute(update(Feed).where(Feed.id == feed.id).values(content=content))
    feed.content = content
