"""Routes of feeds: the list, and one feed's report with hold reasons, reconciliation and findings by rule."""

from typing import Any, Final, NamedTuple

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from feeds.cancel_feed import CANCELLABLE
from feeds.reconciliation import reconcile
from portal import app_context
from portal.access import staff_scope
from portal.operators.feeds.feed_comparison_text import feed_comparison
from portal.operators.feeds.feed_upload import LOOK_AGAIN
from portal.operators.presenters.feed_progress import feed_progress
from portal.operators.presenters.feed_steps import feeds_on_their_way
from portal.operators.presenters.replay_rehearsal import rehearsal_of
from portal.operators.presenters.rule_names import in_words
from portal.presenters.svg_charts import beam
from portal.public_id_converter import row_of
from store.db.event import events_of
from store.feeds.conflict import count_waiting
from store.feeds.feed import Feed, latest_feeds
from store.feeds.item import FindingRow, FindingTally, examples, outcomes_of, tallies_of
from store.feeds.items_by_outcome import WAITING
from words import state_names

pages = Blueprint("staff_feeds", __name__, url_prefix="/equipe/flux")

FEEDS_A_PAGE: Final = 30
#: Of each rule, so many findings are shown at once.
EXAMPLES: Final = 3


@pages.get("")
def show_all() -> ResponseReturnValue:
    before = row_of(request.args.get("avant", ""), "cursor")
    feeds = latest_feeds(app_context.reading(), staff_scope.issuer_id(), FEEDS_A_PAGE + 1, before)
    shown = feeds[:FEEDS_A_PAGE]
    return render_template(
        "operators/feeds/feeds.html",
        feeds=feed_progress(app_context.reading(), shown),
        issuers=staff_scope.issuers(),
        wording=state_names,
        newer=url_for(".show_all") if before else None,
        older=url_for(".show_all", avant=shown[-1].id) if len(feeds) > FEEDS_A_PAGE else None,
    )


@pages.get("/<row(feed):feed_id>")
def show(feed_id: int) -> ResponseReturnValue:
    session, feed = app_context.reading(), staff_scope.feed(feed_id)
    issuer = staff_scope.issuers()[feed.issuer_id]
    return render_template(
        "operators/feeds/feed.html",
        **_on_its_way(feed),
        issuer=issuer,
        comparison=feed_comparison(session, feed, issuer),
        may_cancel=feed.state in CANCELLABLE and not feed.released_upto and not feed.decided_by,
        is_open=feed.state == "held" and not feed.decided_by,
        may_decide=staff_scope.may_decide(feed),
        conflicts=count_waiting(session, feed_id=feed.id),
        reckoning=reconcile(session, feed),
        outcomes=(*outcomes_of(feed.content), WAITING),
        rules=_rules(session, feed.id),
        rehearsal=rehearsal_of(session, feed),
        events=events_of(session, "feed", feed.id),
        wording=state_names,
    )


def _on_its_way(feed: Feed) -> dict[str, Any]:
    [on_its_way] = feeds_on_their_way(app_context.reading(), [feed])
    return {"how": on_its_way.how, "steps": on_its_way.steps, "again": LOOK_AGAIN if on_its_way.how.is_moving else 0}


class Rule(NamedTuple):
    """How often a rule was broken in a feed, a bar relative to the most frequent rule, and the first examples."""

    tally: FindingTally
    bar: Markup
    examples: list[FindingRow]

    @property
    def words(self) -> str:
        return in_words(self.tally.rule)


def _rules(session: Session, feed_id: int) -> list[Rule]:
    tallies = tallies_of(session, feed_id)
    most = max((tally.count for tally in tallies), default=0)
    return [Rule(tally, beam(tally.count, most), examples(session, feed_id, tally.rule, EXAMPLES)) for tally in tallies]
