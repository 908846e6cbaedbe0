"""Cancel a feed before its release: its issuer withdraws it, and nothing of it is delivered."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from bill import Reason
from feeds.feed_events import record_feed_event
from store.db.row_locks import ROW_LOCK
from store.db.state_change import change_state
from store.feeds.feed import Feed
from store.feeds.feed_outcome_counts import keep_tallies
from store.feeds.item import clear_stage, refuse_stage

#: States of a feed that may be cancelled, as long as it has claimed no bill number.
CANCELLABLE: Final = ("received", "reading", "held")


def cancel_feed(session: Session, feed_id: int, by: str, reason: str, now: datetime) -> bool:
    """Reject a feed that is not released yet, for a named person, with their reason. Returns False if it was released,
    rejected, or is being released at this moment: its bills are recalled one by one then.

    A worker that reads it loses its lease, and stops at its next chunk. The same bytes dropped again are read again, as
    those of any rejected feed.
    """
    feed = session.get_one(Feed, feed_id, populate_existing=True, with_for_update=ROW_LOCK)
    was_read, why = feed.read_at is not None, Reason.of("feed_cancelled", words=reason)
    cancelled = change_state(
        session, Feed, feed_id, CANCELLABLE, "rejected", now, Feed.released_upto == 0, by=by, why=why, reason=why,
        decided_by=by, lease_owner=None, lease_until=0.0, attempts=0, setbacks=0, not_before=0.0,
        entries=feed.entries if was_read else 0,
    )  # fmt: skip
    if not cancelled:
        return False
    if was_read:
        refuse_stage(session, feed_id)
    else:
        clear_stage(session, feed_id)
    keep_tallies(session, feed_id)
    record_feed_event(session, feed_id, "rejected", now)
    return True
