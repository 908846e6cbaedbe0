"""POST /v1/feeds/{feed_id}/cancel, and /v2: an issuer's program withdraws a feed before its release."""

from typing import Annotated

import msgspec

from bill.json_values import not_blank, says
from feeds.cancel_feed import cancel_feed as cancel
from feeds.feed_report import FeedReport, feed_report
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import operation
from portal.problems import problem
from portal.problems.problem_types import CONFLICT, NOT_FOUND
from store.feeds.feed import Feed, feed_of_issuer
from store.row_ids import FeedId


class FeedCancellation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a feed is withdrawn."""

    reason: Annotated[str, not_blank(500), says("Kept with the feed, for people.")]
    by: Annotated[
        str, not_blank(200), says("The person of yours who decides.")
    ]  # fmt: skip


@pages.post("/feeds/<row(feed):feed_id>/cancel")
@operation(CONFLICT)
def cancel_feed(feed_id: FeedId, body: FeedCancellation) -> FeedReport:
    """Cancel a feed before its release: nothing of it is delivered.

    While it waits, is read, or is held. It is `rejected` then, and the same bytes sent again are read again. A feed
    that was cancelled before is answered as it is. From its release on (409) its bills are recalled one by one.
    """
    with app_context.store().writing() as session:
        feed = feed_of_issuer(session, asking_issuer().id, feed_id)
        if feed is None:
            problem(NOT_FOUND, "there is no such feed")
        is_over = feed.state == "rejected" and feed.reason.code == "feed_cancelled"
        done = is_over or cancel(session, feed.id, body.by.strip(), body.reason.strip(), app_context.now())
        state = session.get_one(Feed, feed.id, populate_existing=True).state
    if not done:
        problem(CONFLICT, f"the feed is {state}: recall its bills one by one" if state in {"released", "settled"} else
                f"the feed is {state}, and is not cancelled any more")  # fmt: skip
    with app_context.store().reading() as session:
        return feed_report(session, session.get_one(Feed, feed_id))
