"""/v1/feeds and /v2/feeds: an issuer's program drops a feed, by POST or PUT."""

from http import HTTPStatus
from typing import Annotated, Final

import msgspec
from flask import request, url_for
from msgspec import Meta

from bill import ControlTotals
from bill.json_values import matching, says
from doors.declared_totals import AMOUNT, MOST_COUNTED, DeclarationError, declared_totals
from doors.feed_drop import LARGEST_FEED, DroppedFeed, DropRefused, OtherRequestUnderKey
from doors.feed_drop import drop_feed as drop
from feeds.feed_report import FeedReport, feed_report
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import Reply, operation
from portal.api.digest_headers import UnreadableDigest, announced_digests
from portal.api.idempotency_key import IdempotencyHeader
from portal.problems import problem
from portal.problems.problem_types import (
    CHECKSUM,
    EMPTY,
    ISSUER_CLOSED,
    OTHER_CONTENT,
    REQUEST_UNDER_WAY,
    TOO_LARGE,
    UNREADABLE_BODY,
    UNREADABLE_PARAMETER,
    UNSUPPORTED_MEDIA_TYPE,
)
from store.blobs.blob_store import Readable
from store.feeds.feed import Feed

#: A control total of amounts.
_SUM: Final = rf"^[A-Z]{{3}}[=:]{AMOUNT}$"
#: How a refusal at the door is answered.
REFUSALS: Final = {"EMPTY": EMPTY, "TOO-LARGE": TOO_LARGE, "ISSUER-CLOSED": ISSUER_CLOSED, "CHECKSUM": CHECKSUM}
#: The bytes of a feed are streamed: these are examples of what they may be called.
FEED_MEDIA_TYPES: Final = (
    "application/octet-stream", "application/xml", "application/zip", "application/pdf", "text/csv",
    "multipart/form-data",
)  # fmt: skip


FileName = Annotated[str, Meta(max_length=255), says("What you call the file: shown to people, never used as a path.")]


class TotalsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a feed beside its bytes and its name."""

    count: Annotated[
        Annotated[int, Meta(ge=0, le=MOST_COUNTED)] | None,
        says(
            "Control total: how many bills you are sending. A feed that holds another number is read, and held for a "
            "person (CONTROL-TOTALS). In a form, a field."
        ),
    ] = None
    sum: Annotated[
        list[Annotated[str, matching(_SUM, "a currency and its amount, such as EUR=98211.40")]],
        says("Control total: their payable amounts as you send them, by currency: `EUR=98211.40`. In a form, fields."),
    ] = []


class DropQuery(TotalsQuery, frozen=True, kw_only=True):
    """What is said of a feed beside its bytes."""

    name: FileName = ""


class DropHeaders(IdempotencyHeader, frozen=True, kw_only=True):
    """What the bytes of a feed must be, and by which a program may send them again."""

    content_digest: Annotated[
        str, says("RFC 9530, `sha-256=:<base64>:` (or sha-512). The bytes are refused unless they agree.")
    ] = msgspec.field(name="Content-Digest", default="")
    checksum: Annotated[str, says("The same in hex; in a form, of the file.")] = msgspec.field(
        name="X-Checksum-Sha256", default=""
    )


class FeedForm(msgspec.Struct, frozen=True, kw_only=True):
    """A feed as a form."""

    file: Annotated[str, Meta(extra_json_schema={"contentMediaType": "application/octet-stream"})]
    count: Annotated[int, Meta(ge=0, le=MOST_COUNTED)] | None = None
    sum: list[str] = []


#: The operation of each of the ways to drop a feed.
_drop_operation: Final = operation(
    EMPTY, ISSUER_CLOSED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, CHECKSUM, UNREADABLE_BODY, OTHER_CONTENT,
    REQUEST_UNDER_WAY,
    answers={
        202: "Stored; it will be read. A rejected feed sent again is read again.",
        200: "These bytes are a feed already: its report.",
    },
    body=FeedForm, body_media_types=FEED_MEDIA_TYPES,
)  # fmt: skip


@pages.post("/feeds")
@_drop_operation
def drop_feed(query: DropQuery, headers: DropHeaders) -> Reply[FeedReport]:
    """Drop a feed.

    The body is the file, or a form with a field `file`. It is streamed and never held whole; at most 2 GiB. Your key
    and the announced size are looked at before any of it is read. The answer comes only when the feed is stored for
    good. The same bytes are always the same feed: a request that got no answer is simply sent again.
    """
    return _take(query.name, headers)


@pages.put("/feeds")
@_drop_operation
def put_feed(query: DropQuery, headers: DropHeaders) -> Reply[FeedReport]:
    """Drop a feed, by PUT.

    The same as POST, for programs that upload so: `curl -T mars.xml "…/v1/feeds?name=mars.xml"`.
    """
    return _take(query.name, headers)


@pages.put("/feeds/<string:name>")
@_drop_operation
def put_named_feed(name: FileName, query: TotalsQuery, headers: DropHeaders) -> Reply[FeedReport]:  # noqa: ARG001 -- for the contract
    """Drop a feed, named by its path.

    The same as POST, for programs that add the file's name to a folder's address: `curl -T mars.xml …/v1/feeds/`. The
    name is shown to people and never used as a path; the answer's `Location` is where the feed is.
    """
    return _take(name, headers)


def _take(name: str, headers: DropHeaders) -> Reply[FeedReport]:
    if request.content_encoding not in {None, "identity"}:
        problem(UNSUPPORTED_MEDIA_TYPE, "send the feed without Content-Encoding; a .gz or .zip file is fine as it is")
    is_form = request.mimetype == "multipart/form-data"
    if not is_form:
        request.max_content_length = LARGEST_FEED
    try:
        digests = announced_digests(request.headers, is_form=is_form)
    except UnreadableDigest as error:
        problem(CHECKSUM, str(error))
    stream, name = _uploaded(name) if is_form else (_body(), name)
    announced = _declared(is_form=is_form)
    unnamed = None if is_form else request.environ["wsgi.input"]
    try:
        dropped = drop(
            app_context.store(), asking_issuer(), stream, name, "api", app_context.now(), checksums=digests,
            announced=announced, unnamed=unnamed, request_key=headers.key,
        )  # fmt: skip
    except DropRefused as refused:
        problem(REFUSALS[refused.finding.rule], refused.finding.message)
    except OtherRequestUnderKey:
        problem(OTHER_CONTENT, "another request came under this Idempotency-Key")
    return _dropped(dropped)


def _declared(*, is_form: bool) -> ControlTotals | None:
    """Returns the control totals `count` and `sum` of the form or the query. A body that is no form stays unread."""
    fields = request.values if is_form else request.args
    try:
        return declared_totals(fields.get("count"), fields.getlist("sum"), "API")
    except DeclarationError as error:
        problem(UNREADABLE_BODY if is_form else UNREADABLE_PARAMETER, str(error))


def _body() -> Readable:
    """Returns the request's body as a stream, whatever its content type: many programs call every body a form."""
    if request.mimetype.startswith("multipart/"):
        problem(UNSUPPORTED_MEDIA_TYPE, "the body is the feed itself, or multipart/form-data with a field `file`")
    return request.stream


def _uploaded(name: str) -> tuple[Readable, str]:
    """Returns the file in the form's field `file`; a large one is on disk already."""
    file = request.files.get("file")
    if file is None:
        problem(UNREADABLE_BODY, "the form has no file in a field `file`")
    return file.stream, name or file.filename or ""


def _dropped(dropped: DroppedFeed) -> Reply[FeedReport]:
    with app_context.store().reading() as session:
        report = feed_report(session, session.get_one(Feed, dropped.feed_id))
    status = HTTPStatus.ACCEPTED if dropped.is_new else HTTPStatus.OK
    return Reply(report, status, {"Location": url_for(".show_feed", feed_id=dropped.feed_id)})
