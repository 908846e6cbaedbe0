"""Step 3, release: the staged items of a feed claim their bill numbers, and its bills become visible all at once."""

from collections.abc import Callable, Iterator
from datetime import datetime

from feeds.feed_events import record_feed_event
from feeds.profile_release_terms import release_terms
from feeds.release import cut_into_chunks, release_items
from store import Store
from store.db.leases import assert_lease
from store.db.state_change import change_state
from store.feeds.chunk import CHUNK_SIZE
from store.feeds.feed import Feed
from store.feeds.feed_outcome_counts import keep_tallies
from store.issuer import Issuer


def may_release(store: Store, feed_id: int) -> bool:
    """Whether the feed was judged fit for release, or a person released it. While its issuer is suspended, none is:
    what was read stays staged until the issuer goes on."""
    with store.reading() as session:
        feed = session.get_one(Feed, feed_id)
        if session.get_one(Issuer, feed.issuer_id).suspended_at is not None:
            return False
        return feed.state == "reading" or (feed.state == "held" and bool(feed.decided_by))


def releasing_feed(store: Store, feed_id: int, clock: Callable[[], datetime]) -> Iterator[None]:
    """Claim the numbers of a staged feed's bills chunk by chunk, yielding after each; then one update of the feed makes
    the bills visible, and the workers are woken. Raises LeaseLost if another worker has taken the feed over."""
    while True:
        with store.writing() as session:
            assert_lease(session, Feed, feed_id)
            feed = session.get_one(Feed, feed_id, populate_existing=True)
            if feed.released_upto >= feed.entries:
                break
            first, last = feed.released_upto + 1, min(feed.released_upto + CHUNK_SIZE, feed.entries)
            terms = release_terms(session.get_one(Issuer, feed.issuer_id))
            release_items(session, store.encryptor, feed, first, last, terms, clock())
        yield
    with store.writing() as session:
        assert_lease(session, Feed, feed_id)
        cut_into_chunks(session, feed)
        keep_tallies(session, feed_id)
        by = feed.decided_by or "road"
        now = clock()
        change_state(session, Feed, feed_id, ["reading", "held"], "released", now, by=by, released_at=now)
        record_feed_event(session, feed_id, "released", now)
    store.wake_up.send()
