"""/v1/feeds and /v2/feeds: an issuer's program uploads a feed and reads its report and items."""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, abort, g, jsonify, request, url_for

from bill import AmountDue, ControlTotals
from doors.declared_totals import DeclarationError, declared_totals
from doors.feed_drop import LARGEST_FEED, DroppedFeed, DropRefused
from doors.feed_drop import drop_feed as drop
from feeds.feed_report import feed_report, item_report
from payments.amounts_due import amounts_due
from portal import app_context
from portal.access.security_headers_and_csrf import csrf
from portal.api import version_2
from portal.api.digest_headers import UnreadableDigest, announced_digests
from portal.api.version_2 import as_asked
from portal.public_id_converter import public_id, row_of
from portal.row_id import LARGEST
from store.bills.bill_lookup import bills_by_id
from store.blobs.blob_store import Readable
from store.feeds.feed import OUT, Feed, feed_of_issuer, latest_feeds
from store.feeds.item import Item, outcomes_of
from store.feeds.items_by_outcome import WAITING, items_after
from store.issuer import Issuer
from store.public_id import LENGTH

pages: Final = Blueprint("api", __name__, url_prefix="/v1")

#: Hand-kept; a test holds it against the routes.
OPENAPI: Final = Path(__file__).with_name("openapi.json")
#: What multipart/form-data may add around a feed, in bytes.
WRAPPING: Final = 64 * 1024
#: How a refusal at the door is answered; `type` leads to its words in the OpenAPI document.
PROBLEMS: Final = {
    "EMPTY": (HTTPStatus.BAD_REQUEST, "Nothing came", "Empty"),
    "TOO-LARGE": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The feed is too large", "TooLarge"),
    "ISSUER-CLOSED": (HTTPStatus.FORBIDDEN, "The issuer has left", "IssuerClosed"),
    "CHECKSUM": (HTTPStatus.UNPROCESSABLE_ENTITY, "The bytes are not those announced", "Checksum"),
}


@pages.post("/feeds")
def drop_feed() -> Response:
    """Take a feed in: 202 when it will be read, 200 when the same bytes were dropped before. The body is its report."""
    if request.content_encoding not in {None, "identity"}:
        abort(415, "send the feed without Content-Encoding; a .gz or .zip file is fine as it is")
    is_form = request.mimetype == "multipart/form-data"
    request.max_content_length = LARGEST_FEED + (WRAPPING if is_form else 0)
    try:
        digests = announced_digests(request.headers, is_form=is_form)
    except UnreadableDigest as error:
        abort(422, str(error))
    stream, name = _uploaded() if is_form else _body()
    announced = _declared(is_form=is_form)
    dropped = drop(
        app_context.store(), _issuer(), stream, name, "api", app_context.now(), checksums=digests, announced=announced
    )
    return _answer(dropped)


csrf.exempt(drop_feed)  # a key in a header is not sent along by a browser


def _declared(*, is_form: bool) -> ControlTotals | None:
    """Returns the control totals `count` and `sum` of the form or the query. A body that is no form stays unread."""
    fields = request.values if is_form else request.args
    try:
        return declared_totals(fields.get("count"), fields.getlist("sum"), "API")
    except DeclarationError as error:
        abort(422, str(error))


def _body() -> tuple[Readable, str]:
    """Returns the request's body as a stream, whatever its content type: many programs call every body a form."""
    if request.mimetype.startswith("multipart/"):
        abort(415, "the body is the feed itself, or multipart/form-data with a field `file`")
    return request.stream, request.args.get("name", "")


def _uploaded() -> tuple[Readable, str]:
    """Returns the file in the form's field `file`; a large one is on disk already."""
    file = request.files.get("file")
    if file is None:
        abort(422, "the form has no file in a field `file`")
    return file.stream, request.args.get("name") or file.filename or ""


def _answer(dropped: DroppedFeed) -> Response:
    with app_context.store().reading() as session:
        answer = jsonify(as_asked(feed_report(session, session.get_one(Feed, dropped.feed_id))))
    answer.status_code = HTTPStatus.ACCEPTED if dropped.is_new else HTTPStatus.OK
    answer.headers["Location"] = url_for(".show_feed", feed_id=dropped.feed_id)
    return answer


@pages.get("/feeds/<row(feed):feed_id>")
def show_feed(feed_id: int) -> Response:
    """The report of a feed."""
    return jsonify(as_asked(feed_report(app_context.reading(), _feed(feed_id))))


def _feed(feed_id: int) -> Feed:
    """Returns the feed if it is this issuer's; else aborts with 404."""
    feed = feed_of_issuer(app_context.reading(), _issuer().id, feed_id)
    if feed is None:
        abort(404, "there is no such feed")
    return feed


@pages.get("/feeds")
def list_feeds() -> Response:
    """The issuer's feeds, newest first, a page at a time."""
    limit = query_number("limit", 50, 200)
    feeds = latest_feeds(app_context.reading(), _issuer().id, limit + 1, query_cursor("before", LARGEST, 1))
    shown = feeds[:limit]
    following = url_for(".list_feeds", limit=limit, before=shown_cursor(shown[-1].id)) if len(feeds) > limit else None
    return jsonify({"feeds": [as_asked(_line(feed)) for feed in shown], "next": following})


def _line(feed: Feed) -> dict[str, Any]:
    return {
        "feed": feed.id,
        "file": feed.name,
        "sha256": feed.sha256,
        "size": feed.size,
        "state": feed.state,
        "format": feed.format or None,
        "received_at": feed.received_at.isoformat(),
    }


@pages.get("/feeds/<row(feed):feed_id>/items")
def list_items(feed_id: int) -> Response:
    """Returns a feed's items with outcome and findings, a page at a time."""
    feed = _feed(feed_id)
    outcome = request.args.get("outcome")
    known = [*outcomes_of(feed.content), WAITING]
    if outcome not in {None, *known}:
        abort(400, f"`outcome` is one of {', '.join(known)}")
    limit = query_number("limit", 100, 500)
    after = query_number("after", 0, LARGEST, least=0)
    found = items_after(app_context.reading(), feed.id, after, limit + 1, outcome)
    shown, following = found[:limit], None
    if len(found) > limit:
        following = url_for(".list_items", feed_id=feed.id, outcome=outcome, limit=limit, after=shown[-1].item.seq)
    due = _due_now([each.item for each in shown], feed)
    return jsonify(
        {"items": [item_report(*each, due.get(each.item.bill_id or 0)) for each in shown], "next": following}
    )


def _due_now(items: Sequence[Item], feed: Feed) -> dict[int, AmountDue]:
    """Returns the amount due now of these items' bills, by bill id; empty before the feed is released."""
    born = {item.bill_id for item in items if item.outcome == "bill" and item.bill_id is not None}
    if feed.state not in OUT or not born:
        return {}
    session = app_context.reading()
    return amounts_due(session, bills_by_id(session, born), app_context.today())


@pages.get("/openapi.json")
def show_openapi() -> Response:
    """Returns the OpenAPI description of this API."""
    is_second = request.blueprint == version_2.NAME
    return jsonify(version_2.document(OPENAPI) if is_second else version_2.document_1(OPENAPI))


@pages.errorhandler(DropRefused)
def _refuse(refused: DropRefused) -> Response:
    status, title, words = PROBLEMS[refused.finding.rule]
    kind = f"{url_for('.show_openapi')}#/components/responses/{words}"
    answer = jsonify(type=kind, title=title, status=status, detail=refused.finding.message)
    answer.status_code, answer.mimetype = status, "application/problem+json"
    return answer


def _issuer() -> Issuer:
    """Returns the issuer of the request's API key, which the route policy has checked."""
    issuer: Issuer = g.issuer
    return issuer


def shown_cursor(number: int) -> int | str:
    """Returns how this version of the API says where a list goes on."""
    return public_id(number, "cursor") if request.blueprint == version_2.NAME else number


def query_cursor(name: str, default: int, least: int) -> int:
    """Returns the row after which a list goes on, by its public id or its number; or *default*. Aborts with 400 if it
    is neither."""
    text = request.args.get(name, "")
    if len(text) != LENGTH:
        return query_number(name, default, LARGEST, least)
    number = row_of(text, "cursor")
    return abort(400, f"`{name}` is taken from `next`") if number is None else number


def query_number(name: str, default: int, most: int, least: int = 1) -> int:
    """Returns a whole number of the query, or *default*. Aborts with 400 if it is not from *least* to *most*."""
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and least <= int(text) <= most):
        abort(400, f"`{name}` is a whole number from {least} to {most}")
    return int(text)
