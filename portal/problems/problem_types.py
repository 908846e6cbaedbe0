"""All types of problems of the API: what each means and what to do about it. A new one is a line here; its page and its
place in the API's document follow."""

from typing import Annotated, Final

import msgspec

from bill.json_values import Address
from portal.problems.problem_type import ProblemType


class EventsGone(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go on after events that are no longer kept."""

    oldest: Annotated[int, msgspec.Meta(description="The first sequence to go on from.")]
    lost: Annotated[int, msgspec.Meta(description="How many events are missing.")]
    next: Annotated[Address, msgspec.Meta(description="The request that goes on from there.")]


class RefusedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that a request breaks."""

    rule: str
    severity: str
    place: str
    message: str


class RecordRefused(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is wrong with a customer record."""

    outcome: Annotated[str, msgspec.Meta(extra_json_schema={"const": "rejected"})]
    findings: list[RefusedFinding]


UNREADABLE_PARAMETER: Final = ProblemType(
    name="unreadable-parameter",
    status=400,
    title="A parameter cannot be read",
    means="A value in the query or in a header is not what this operation takes. Nothing was done.",
    to_do="Compare the parameter that `detail` names with the operation in the reference, and send the request again.",
)
EMPTY: Final = ProblemType(
    name="empty",
    status=400,
    title="Nothing came",
    means="The body has not one byte. Nothing was stored.",
    to_do="Send the file as the body of the request, or as the field `file` of a form.",
)
UNAUTHORIZED: Final = ProblemType(
    name="unauthorized",
    status=401,
    title="A key is missing, or it is not valid",
    means="The request has no key, or one that is wrong, has expired or was revoked.",
    to_do="Send `Authorization: Bearer fct_…`. A new key is made in the console or with `facteur issuer key`.",
)
FORBIDDEN: Final = ProblemType(
    name="forbidden",
    status=403,
    title="This is not for you",
    means="The request is understood, and whoever sends it may not do this.",
    to_do="`detail` says what is missing.",
)
INSUFFICIENT_SCOPE: Final = ProblemType(
    name="insufficient-scope",
    status=403,
    title="The key does not have the scope",
    means="The key is valid, but it was made without the scope that this operation needs. Nothing was done.",
    to_do="Use a key with this scope, or make one: a key's scopes never change.",
)
TEST_KEY_ASKED: Final = ProblemType(
    name="test-key-asked",
    status=403,
    title="This takes a key of the test side",
    means="The key is valid, and acts on what is sent to people. This operation is for the test side alone.",
    to_do="Send a key that begins with `fct_test_`: it is made in the console, on the test side.",
)
ISSUER_CLOSED: Final = ProblemType(
    name="issuer-closed",
    status=403,
    title="The issuer has left",
    means="You have left this service: nothing is taken from you any more.",
    to_do="Stop sending. If this is an error, write to the operator.",
)
NOT_FOUND: Final = ProblemType(
    name="not-found",
    status=404,
    title="There is no such thing",
    means="Nothing of yours is at this address. What belongs to somebody else is answered in the same way.",
    to_do="Check the id, and whether the key is of the right issuer.",
)
METHOD_NOT_ALLOWED: Final = ProblemType(
    name="method-not-allowed",
    status=405,
    title="The address does not take this method",
    means="There is something at this address, but it cannot be asked in this way.",
    to_do="The header `Allow` has the methods that it takes.",
)
CONFLICT: Final = ProblemType(
    name="conflict",
    status=409,
    title="This is not possible any more",
    means="What the request asks contradicts what has happened before. Nothing was done.",
    to_do="Read the resource again, and decide anew.",
)
ALREADY_REACHED: Final = ProblemType(
    name="already-reached",
    status=409,
    title="The bill has reached its customer",
    means="The bill was seen, shown, announced, printed or posted: it is issued (Directive 2006/112/EC art. 217), and "
    "is not taken back. Nothing was changed.",
    to_do="Send a credit note (BT-3 381) or a corrective invoice (384) under a number of its own, naming this bill.",
)
CANNOT_GO_AGAIN: Final = ProblemType(
    name="cannot-go-again",
    status=409,
    title="The bill cannot be sent again in this way",
    means="Its letter is under way or held, no address works, its customer has died or wants paper, or it went again "
    "as often as it may. Nothing was sent.",
    to_do="`detail` says the reason. Try the other way, or mend what stops it in the console.",
)
ALREADY_DECIDED: Final = ProblemType(
    name="already-decided",
    status=409,
    title="It was decided otherwise before",
    means="Somebody has given another decision before. What was decided stays.",
    to_do="Read the question again to see who has decided, and how.",
)
ENDPOINT_DISABLED: Final = ProblemType(
    name="endpoint-disabled",
    status=409,
    title="The endpoint is disabled",
    means="Nothing is sent to an endpoint that is disabled.",
    to_do="Enable it with `PATCH` and `state`, then send the request again.",
)
EVENTS_GONE: Final = ProblemType(
    name="events-gone",
    status=410,
    title="Events are no longer kept",
    means="Some of what came after this sequence is no longer kept: nobody can tell what happened meanwhile.",
    to_do="Read all accounts again, then go on from `oldest`.",
    members=EventsGone,
)
PRECONDITION_FAILED: Final = ProblemType(
    name="precondition-failed",
    status=412,
    title="It is not as you have seen it",
    means="`If-Match` or `If-None-Match` does not fit what is there now. Nothing was changed.",
    to_do="Read it again, decide anew, and send the new `ETag`.",
)
TOO_LARGE: Final = ProblemType(
    name="too-large",
    status=413,
    title="The body is too large",
    means="The body is larger than is taken in one piece. Nothing was stored.",
    to_do="Send it in several pieces: several feeds, or several requests.",
)
UNSUPPORTED_MEDIA_TYPE: Final = ProblemType(
    name="unsupported-media-type",
    status=415,
    title="The body has a media type that is not taken here",
    means="The body is not of the type that this operation reads, or it has a `Content-Encoding`. Nothing was stored.",
    to_do="Send one of the types that the reference names, without `Content-Encoding`.",
)
UNREADABLE_BODY: Final = ProblemType(
    name="unreadable-body",
    status=422,
    title="The body cannot be read",
    means="The body is not what this operation takes. `detail` names the first place that is wrong. Nothing was done.",
    to_do="Compare the body with the operation in the reference, and send the request again.",
)
CHECKSUM: Final = ProblemType(
    name="checksum",
    status=422,
    title="These are not the bytes that were announced",
    means="The bytes that came are not those that were announced, or the announcement cannot be read. Nothing was "
    "stored.",
    to_do="Send the file again, with the digest of its bytes.",
    again=True,
)
RECORD_REFUSED: Final = ProblemType(
    name="record-refused",
    status=422,
    title="The customer record is refused",
    means="What the record says breaks a rule; `findings` has all that is wrong. Nothing was changed.",
    to_do="Correct the record at its source, and send it again.",
    members=RecordRefused,
)
REQUEST_UNDER_WAY: Final = ProblemType(
    name="request-under-way",
    status=409,
    title="The same request is under way",
    means="A request under the same `Idempotency-Key` has begun and is not answered yet.",
    to_do="Wait for its answer, or send it again in a little while: it is then answered as the first one.",
    again=True,
)
TOO_SLOW: Final = ProblemType(
    name="too-slow",
    status=408,
    title="The body came too slowly",
    means="The body stopped coming, or came at less than 4 kB a second. Nothing was stored.",
    to_do="Send it again, over a better line or in several pieces.",
    again=True,
)
OTHER_CONTENT: Final = ProblemType(
    name="other-content",
    status=422,
    title="The same id or key came with other content before",
    means="An id, or an `Idempotency-Key`, stands for one content for ever, and this is another one. Nothing was done.",
    to_do="Send the first content again, or the new one under a new id or key.",
)
ENDPOINT_REFUSED: Final = ProblemType(
    name="endpoint-refused",
    status=422,
    title="The endpoint cannot be registered",
    means="The URL, or a type of event, is not one that webhooks are sent for.",
    to_do="Use an https address that resolves to a public machine, and types that the reference names.",
)
TOO_MANY_REQUESTS: Final = ProblemType(
    name="too-many-requests",
    status=429,
    title="Too many requests",
    means="The key, or whoever asks, has used up what it may ask for now. Nothing was done.",
    to_do="Wait for the seconds of `Retry-After`, then send the request again. `RateLimit` tells what is left before.",
    again=True,
)
OUR_FAULT: Final = ProblemType(
    name="our-fault",
    status=500,
    title="This is our fault",
    means="Something broke here. It was noted. Whether the request was done is not known.",
    to_do="Send the request again: everything here may be said twice. If it stays, write to the operator.",
    again=True,
)
UNAVAILABLE: Final = ProblemType(
    name="unavailable",
    status=503,
    title="Something that this needs does not answer",
    means="A machine behind this service is down or restarts. Nothing is lost.",
    to_do="Wait for the seconds of `Retry-After`, then send the request again.",
    again=True,
)

#: All types, in the order of their statuses.
PROBLEM_TYPES: Final[dict[str, ProblemType]] = {
    each.name: each
    for each in (
        UNREADABLE_PARAMETER, EMPTY, UNAUTHORIZED, FORBIDDEN, INSUFFICIENT_SCOPE, TEST_KEY_ASKED, ISSUER_CLOSED,
        NOT_FOUND, METHOD_NOT_ALLOWED, TOO_SLOW, CONFLICT, ALREADY_REACHED, CANNOT_GO_AGAIN, ALREADY_DECIDED,
        ENDPOINT_DISABLED, REQUEST_UNDER_WAY, EVENTS_GONE, PRECONDITION_FAILED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE,
        UNREADABLE_BODY, CHECKSUM, RECORD_REFUSED, OTHER_CONTENT, ENDPOINT_REFUSED, TOO_MANY_REQUESTS, OUR_FAULT,
        UNAVAILABLE,
    )
}  # fmt: skip

#: The type of an error that names none, by its status.
USUAL_TYPES: Final[dict[int, ProblemType]] = {
    each.status: each
    for each in (
        UNREADABLE_PARAMETER, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, METHOD_NOT_ALLOWED, TOO_SLOW, CONFLICT, EVENTS_GONE,
        PRECONDITION_FAILED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, UNREADABLE_BODY, TOO_MANY_REQUESTS, OUR_FAULT,
        UNAVAILABLE,
    )
}  # fmt: skip
