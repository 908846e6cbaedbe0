"""A person's decision on a held feed: release it or reject it."""

from datetime import datetime
from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from bill import Reason
from feeds.feed_events import record_feed_event
from store.db.event import record
from store.db.state_change import change_state
from store.feeds.feed import Feed
from store.feeds.feed_outcome_counts import keep_tallies
from store.feeds.item import clear_stage, refuse_stage

FeedDecision = Literal["release", "reject"]


def decide_feed(session: Session, feed: Feed, decision: FeedDecision, by: str, reason: str, now: datetime) -> bool:
    """A named person releases or rejects a held feed, with a reason. Returns False if the feed is not held or was
    decided already.

    The pipeline goes on with a released feed; nothing of a rejected one is delivered. A feed of which some numbers are
    claimed can only be released.
    """
    may_be = (Feed.state == "held") & (Feed.decided_by == "")
    if decision == "reject":
        may_be &= Feed.released_upto == 0
    anew = {"attempts": 0, "setbacks": 0, "not_before": 0.0}  # retries begin anew after a decision
    decided = session.execute(
        update(Feed).where(Feed.id == feed.id, may_be).values(decided_by=by, reason=Reason.said(reason), **anew)
    )
    if decided.rowcount != 1:  # type: ignore[attr-defined]
        return False
    if decision == "release":
        record(session, "feed", feed.id, "release decided", now, by=by, why=reason)
        return True
    if feed.read_at is None:
        clear_stage(session, feed.id)
    else:
        refuse_stage(session, feed.id)
    keep_tallies(session, feed.id)
    change_state(session, Feed, feed.id, "held", "rejected", now, by=by, why=reason)
    record_feed_event(session, feed.id, "rejected", now)
    return True
