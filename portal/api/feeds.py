"""/v1/feeds and /v2/feeds: an issuer's program uploads a feed and reads its report and items."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Final

import msgspec
from flask import request, url_for
from msgspec import Meta

from bill import AmountDue, ControlTotals
from bill.json_values import Address, Count, Moment, Position, Sha256, one_of, says
from doors.declared_totals import DeclarationError, declared_totals
from doors.feed_drop import LARGEST_FEED, DroppedFeed, DropRefused
from doors.feed_drop import drop_feed as drop
from feeds.feed_report import ISSUERS_STATES, FeedReport, ItemReport, feed_report, item_report
from payments.amounts_due import amounts_due
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import Reply, linked, operation
from portal.api.digest_headers import UnreadableDigest, announced_digests
from portal.problems import problem
from portal.problems.problem_types import (
    CHECKSUM,
    EMPTY,
    ISSUER_CLOSED,
    NOT_FOUND,
    TOO_LARGE,
    UNREADABLE_BODY,
    UNREADABLE_PARAMETER,
    UNSUPPORTED_MEDIA_TYPE,
)
from portal.row_id import LARGEST
from store.bills.bill_lookup import bills_by_id
from store.blobs.blob_store import Readable
from store.feeds.feed import OUT, Feed, feed_of_issuer, latest_feeds
from store.feeds.item import ALL_OUTCOMES, Item, outcomes_of
from store.feeds.items_by_outcome import WAITING, items_after
from store.row_ids import Cursor, FeedId

#: What multipart/form-data may add around a feed, in bytes.
WRAPPING: Final = 64 * 1024
#: How a refusal at the door is answered.
REFUSALS: Final = {"EMPTY": EMPTY, "TOO-LARGE": TOO_LARGE, "ISSUER-CLOSED": ISSUER_CLOSED, "CHECKSUM": CHECKSUM}
#: The bytes of a feed are streamed: these are examples of what they may be called.
FEED_MEDIA_TYPES: Final = (
    "application/octet-stream", "application/xml", "application/zip", "application/pdf", "text/csv",
    "multipart/form-data",
)  # fmt: skip


class DropQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a feed beside its bytes."""

    name: Annotated[
        str, Meta(max_length=255), says("What you call the file: shown to people, never used as a path.")
    ] = ""
    count: Annotated[
        Position | None,
        says(
            "Control total: how many bills you are sending. A feed that holds another number is read, and held for a "
            "person (CONTROL-TOTALS). In a form, a field."
        ),
    ] = None
    sum: Annotated[
        list[Annotated[str, Meta(pattern=r"^[A-Z]{3}[=:]-?[0-9]+([.,][0-9]{1,4})?$")]],
        says("Control total: their payable amounts as you send them, by currency: `EUR=98211.40`. In a form, fields."),
    ] = []


class DigestHeaders(msgspec.Struct, frozen=True, kw_only=True):
    """What the bytes of a feed must be."""

    content_digest: Annotated[
        str, says("RFC 9530, `sha-256=:<base64>:` (or sha-512). The bytes are refused unless they agree.")
    ] = msgspec.field(name="Content-Digest", default="")
    checksum: Annotated[str, says("The same in hex; in a form, of the file.")] = msgspec.field(
        name="X-Checksum-Sha256", default=""
    )


class FeedForm(msgspec.Struct, frozen=True, kw_only=True):
    """A feed as a form."""

    file: Annotated[str, Meta(extra_json_schema={"contentMediaType": "application/octet-stream"})]
    count: Count | None = None
    sum: list[str] = []


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


@pages.post("/feeds")
@operation(
    EMPTY, ISSUER_CLOSED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, CHECKSUM, UNREADABLE_BODY,
    answers={
        202: "Stored; it will be read. A rejected feed sent again is read again.",
        200: "These bytes are a feed already: its report.",
    },
    headers=DigestHeaders, body=FeedForm, body_media_types=FEED_MEDIA_TYPES,
)  # fmt: skip
def drop_feed(query: DropQuery) -> Reply[FeedReport]:
    """Drop a feed.

    The body is the file, or a form with a field `file`. It is streamed and never held whole; at most 2 GiB. The answer
    comes only when the feed is stored for good. The same bytes are always the same feed: a request that got no answer
    is simply sent again.
    """
    if request.content_encoding not in {None, "identity"}:
        problem(UNSUPPORTED_MEDIA_TYPE, "send the feed without Content-Encoding; a .gz or .zip file is fine as it is")
    is_form = request.mimetype == "multipart/form-data"
    request.max_content_length = LARGEST_FEED + (WRAPPING if is_form else 0)
    try:
        digests = announced_digests(request.headers, is_form=is_form)
    except UnreadableDigest as error:
        problem(CHECKSUM, str(error))
    stream, name = _uploaded(query) if is_form else _body(query)
    announced = _declared(is_form=is_form)
    unnamed = None if is_form else request.environ["wsgi.input"]
    try:
        dropped = drop(
            app_context.store(), asking_issuer(), stream, name, "api", app_context.now(), checksums=digests,
            announced=announced, unnamed=unnamed,
        )  # fmt: skip
    except DropRefused as refused:
        problem(REFUSALS[refused.finding.rule], refused.finding.message)
    return _dropped(dropped)


def _declared(*, is_form: bool) -> ControlTotals | None:
    """Returns the control totals `count` and `sum` of the form or the query. A body that is no form stays unread."""
    fields = request.values if is_form else request.args
    try:
        return declared_totals(fields.get("count"), fields.getlist("sum"), "API")
    except DeclarationError as error:
        problem(UNREADABLE_BODY if is_form else UNREADABLE_PARAMETER, str(error))


def _body(query: DropQuery) -> tuple[Readable, str]:
    """Returns the request's body as a stream, whatever its content type: many programs call every body a form."""
    if request.mimetype.startswith("multipart/"):
        problem(UNSUPPORTED_MEDIA_TYPE, "the body is the feed itself, or multipart/form-data with a field `file`")
    return request.stream, query.name


def _uploaded(query: DropQuery) -> tuple[Readable, str]:
    """Returns the file in the form's field `file`; a large one is on disk already."""
    file = request.files.get("file")
    if file is None:
        problem(UNREADABLE_BODY, "the form has no file in a field `file`")
    return file.stream, query.name or file.filename or ""


def _dropped(dropped: DroppedFeed) -> Reply[FeedReport]:
    with app_context.store().reading() as session:
        report = feed_report(session, session.get_one(Feed, dropped.feed_id))
    status = HTTPStatus.ACCEPTED if dropped.is_new else HTTPStatus.OK
    return Reply(report, status, {"Location": url_for(".show_feed", feed_id=dropped.feed_id)})


@pages.get("/feeds/<row(feed):feed_id>")
@operation()
def show_feed(feed_id: FeedId) -> FeedReport:
    """The report of a feed.

    What became of the feed so far, with every finding.
    """
    return feed_report(app_context.reading(), _feed(feed_id))


def _feed(feed_id: int) -> Feed:
    """Returns the feed if it is this issuer's; else the problem is that there is none."""
    feed = feed_of_issuer(app_context.reading(), asking_issuer().id, feed_id)
    return problem(NOT_FOUND, "there is no such feed") if feed is None else feed


@pages.get("/feeds")
@operation()
def list_feeds(query: FeedsQuery) -> FeedsPage:
    """Your feeds, newest first."""
    found = latest_feeds(app_context.reading(), asking_issuer().id, query.limit + 1, query.before or LARGEST)
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
    known = (*outcomes_of(feed.content), WAITING)
    if query.outcome not in {None, *known}:
        problem(UNREADABLE_PARAMETER, f"outcome: one of {', '.join(known)}")
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
