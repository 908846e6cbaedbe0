"""/v1/feeds and /v2/feeds: an issuer's program uploads a feed and reads its report and items."""

from collections.abc import Sequence
from typing import Annotated, NoReturn

import msgspec
from msgspec import Meta

from bill import AmountDue
from bill.json_values import Address, Moment, Position, Sha256, one_of, says
from feeds.feed_report import ISSUERS_STATES, FeedReport, ItemReport, feed_report, item_report
from payments.amounts_due import amounts_due
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import linked, operation
from portal.problems import problem
from portal.problems.problem_types import (
    NOT_FOUND,
)
from portal.row_id import LARGEST
from store.bills.bill_lookup import bills_by_id
from store.feeds.feed import OUT, Feed, feed_of_issuer, latest_feeds
from store.feeds.item import ALL_OUTCOMES, Item
from store.feeds.items_by_outcome import WAITING, items_after
from store.row_ids import Cursor, FeedId


class FeedsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which page of the feeds."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    before: Annotated[Cursor | None, says("Feeds older than this one; `next` has it filled in.")] = None


class FeedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A feed in the list of feeds."""

    feed: FeedId
    file: str
    sha256: Sha256
    size: Annotated[int, Meta(ge=1), says("In bytes.")]
    state: Annotated[str, one_of(ISSUERS_STATES)]
    format: str | None
    received_at: Moment


class FeedsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of feeds, newest first."""

    feeds: list[FeedLine]
    next: Annotated[Address | None, says("The next page; null on the last.")]


class ItemsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which items of a feed."""

    outcome: (
        Annotated[
            str,
            one_of((*ALL_OUTCOMES, WAITING), "Those of this outcome only; `waiting`: those that have none yet."),
        ]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    after: Annotated[Position, says("Items after this one; `next` has it filled in.")] = 0


class ItemsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of items, in the order of the file."""

    items: list[ItemReport]
    next: Annotated[Address | None, says("The next page; null on the last.")]


@pages.get("/feeds/<row(feed):feed_id>")
@operation()
def show_feed(feed_id: FeedId) -> FeedReport:
    """The report of a feed.

    What became of the feed so far, with every finding.
    """
    return feed_report(app_context.reading(), _feed(feed_id))


@pages.get("/feeds/<string:name>")
def show_no_feed(name: str) -> NoReturn:  # noqa: ARG001 -- what is no id
    """A feed is dropped by its name (`put_named_feed`), and read by its id."""
    problem(NOT_FOUND, "there is no such feed")


def _feed(feed_id: int) -> Feed:
    """Returns the feed if it is this issuer's; else the problem is that there is none."""
    feed = feed_of_issuer(app_context.reading(), asking_issuer().id, feed_id)
    return problem(NOT_FOUND, "there is no such feed") if feed is None else feed


@pages.get("/feeds")
@operation()
def list_feeds(query: FeedsQuery) -> FeedsPage:
    """Your feeds, newest first."""
    found = latest_feeds(
        app_context.reading(), asking_issuer().id, query.limit + 1, LARGEST if query.before is None else query.before
    )
    shown, following = linked(found, query.limit, lambda last: {"before": Cursor(last.id)})
    return FeedsPage(feeds=[_line(feed) for feed in shown], next=following)


def _line(feed: Feed) -> FeedLine:
    return FeedLine(
        feed=FeedId(feed.id), file=feed.name, sha256=feed.sha256, size=feed.size, state=feed.state,
        format=feed.format or None, received_at=feed.received_at.isoformat(),
    )  # fmt: skip


@pages.get("/feeds/<row(feed):feed_id>/items")
@operation()
def list_items(feed_id: FeedId, query: ItemsQuery) -> ItemsPage:
    """The items of a feed: what each became, and why."""
    feed = _feed(feed_id)
    found = items_after(app_context.reading(), feed.id, query.after, query.limit + 1, query.outcome)
    shown, following = linked(found, query.limit, lambda last: {"after": last.item.seq})
    due = _due_now([each.item for each in shown], feed)
    items = [item_report(*each, due.get(each.item.bill_id or 0)) for each in shown]
    return ItemsPage(items=items, next=following)


def _due_now(items: Sequence[Item], feed: Feed) -> dict[int, AmountDue]:
    """Returns the amount due now of these items' bills, by bill id; empty before the feed is released."""
    born = {item.bill_id for item in items if item.outcome == "bill" and item.bill_id is not None}
    if feed.state not in OUT or not born:
        return {}
    session = app_context.reading()
    return amounts_due(session, bills_by_id(session, born), app_context.today())
