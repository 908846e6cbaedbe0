"""/v1/webhook-endpoints, and /v2: an issuer's program registers endpoints, rotates secrets, tests, replays."""

from typing import Annotated, Final, Literal

import msgspec
from flask import url_for
from msgspec import Meta
from sqlalchemy.orm import Session

from bill.json_values import Count, Position, matching, one_of, says
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import IfMatch, Reply, check_preconditions, etag_of, operation
from portal.problems import problem
from portal.problems.problem_types import ENDPOINT_DISABLED, ENDPOINT_REFUSED, NOT_FOUND, UNREADABLE_BODY
from store.outbox.event_types import EVENT_TYPES
from store.outbox.webhook_delivery import WEBHOOK_STATES
from store.outbox.webhook_endpoint import WebhookEndpoint, endpoint_of_issuer, endpoints_of
from store.row_ids import EndpointId
from untrusted.endpoints.endpoint_url import EndpointRules, EndpointUrlRefused
from webhooks.endpoint_report import (
    MOST_LISTED,
    EndpointReport,
    WebhookDeliveryReport,
    delivery_reports,
    endpoint_report,
)
from webhooks.event_message import event_number, message_id
from webhooks.manage_endpoints import (
    EndpointRefused,
    add_endpoint,
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    lock_endpoint,
    rotate_secret,
    send_test,
)
from webhooks.replay_events import replay_event, replay_failed, replay_span

_Secret = Annotated[
    str, matching("^whsec_", "a secret, `whsec_…`"), says("It signs what is sent (Standard Webhooks). Shown this once.")
]
_Url = Annotated[str, Meta(extra_json_schema={"format": "uri"}), says("Where webhooks are sent: https.")]
_Type = Annotated[str, Meta(extra_json_schema={"enum": list(EVENT_TYPES)})]
_Types = Annotated[list[_Type], says("The types of events wanted; none: all. The section `webhooks` tells them.")]
#: One of them is said, and not null.
_WHAT_TO_REPLAY: Final = [
    {"required": [name], "properties": {name: {"not": {"type": "null"}}}} for name in ("event", "after", "failed")
]


class NewEndpoint(EndpointReport):
    """An endpoint that was registered just now, with its secret."""

    secret: _Secret


class EndpointsPage(msgspec.Struct, frozen=True, kw_only=True):
    """All endpoints."""

    endpoints: list[EndpointReport]


class EndpointToAdd(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An endpoint to register."""

    url: _Url
    types: _Types = []


class EndpointChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes of an endpoint; null, or left out: nothing."""

    url: _Url | None = None
    types: _Types | None = None
    state: Literal["enabled", "disabled"] | None = None


class NewSecret(msgspec.Struct, frozen=True, kw_only=True):
    """The new secret."""

    secret: _Secret


class SentTest(msgspec.Struct, frozen=True, kw_only=True):
    """It is on its way; its outcome will be among the endpoint's deliveries."""

    event: Annotated[str, says("The event's id.")]


class EventsToReplay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event, or a span of sequences, or what failed."""

    event: Annotated[str | None, says("One event, by its id: `msg_…`.")] = None
    after: Annotated[Position | None, says("All events after this sequence.")] = None
    until: Annotated[Position | None, says("With `after`: up to this sequence, included.")] = None
    failed: Annotated[Literal[True] | None, says("All messages that were given up.")] = None


class ReplayedEvents(msgspec.Struct, frozen=True, kw_only=True):
    """How many are sent again."""

    events: Count


class DeliveriesQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which deliveries."""

    state: Annotated[str, one_of(WEBHOOK_STATES, "Those in this state only.")] | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_LISTED), says("At most so many.")] = 50


class DeliveriesPage(msgspec.Struct, frozen=True, kw_only=True):
    """The latest deliveries, newest first."""

    deliveries: list[WebhookDeliveryReport]


@pages.get("/webhook-endpoints")
@operation()
def list_webhook_endpoints() -> EndpointsPage:
    """Your endpoints."""
    session = app_context.reading()
    return EndpointsPage(
        endpoints=[endpoint_report(session, each) for each in endpoints_of(session, asking_issuer().id)]
    )


@pages.post("/webhook-endpoints")
@operation(ENDPOINT_REFUSED, answers={201: "It is registered; its secret is shown this once."})
def add_webhook_endpoint(body: EndpointToAdd) -> Reply[NewEndpoint]:
    """Register an endpoint for what happens from now on."""
    store, issuer_id = app_context.store(), asking_issuer().id
    with store.writing() as session:
        try:
            endpoint, secret = add_endpoint(
                session, store.encryptor, issuer_id, body.url, body.types, _rules(), app_context.now(), _by()
            )
        except (EndpointUrlRefused, EndpointRefused) as error:
            problem(ENDPOINT_REFUSED, str(error))
        added: NewEndpoint = {**endpoint_report(session, endpoint), "secret": secret}
    return Reply(added, 201, {"Location": url_for(".show_webhook_endpoint", endpoint_id=added["endpoint"])})


@pages.get("/webhook-endpoints/<row(webhook_endpoint):endpoint_id>")
@operation()
def show_webhook_endpoint(endpoint_id: EndpointId) -> EndpointReport:
    """An endpoint."""
    session = app_context.reading()
    return endpoint_report(session, _endpoint(session, endpoint_id))


@pages.patch("/webhook-endpoints/<row(webhook_endpoint):endpoint_id>")
@operation(ENDPOINT_REFUSED, answers={200: "As it is now."})
def change_webhook_endpoint(
    endpoint_id: EndpointId,
    headers: IfMatch,  # noqa: ARG001
    body: EndpointChange,
) -> Reply[EndpointReport]:
    """Change an endpoint's URL or types; disable or enable it."""
    now, by = app_context.now(), _by()
    with app_context.store().writing() as session:
        endpoint = _endpoint(session, endpoint_id)
        lock_endpoint(session, endpoint)
        check_preconditions(endpoint_report(session, endpoint))
        try:
            if body.url is not None or body.types is not None:
                change_endpoint(session, endpoint, body.url, body.types, _rules(), now, by)
        except (EndpointUrlRefused, EndpointRefused) as error:
            problem(ENDPOINT_REFUSED, str(error))
        if body.state == "enabled":
            enable_endpoint(session, endpoint, now, by)
        elif body.state == "disabled":
            disable_endpoint(session, endpoint, now, by, f"by {by}")
        session.flush()
        report = endpoint_report(session, endpoint)
    app_context.store().wake_up.send()
    return Reply(report, etag=etag_of(report))


@pages.post("/webhook-endpoints/<row(webhook_endpoint):endpoint_id>/secret")
@operation()
def rotate_webhook_secret(endpoint_id: EndpointId) -> NewSecret:
    """Make a new secret; the one before signs beside it for 24 hours."""
    store = app_context.store()
    with store.writing() as session:
        endpoint = _endpoint(session, endpoint_id)
        return NewSecret(secret=rotate_secret(session, store.encryptor, endpoint, app_context.now(), _by()))


@pages.post("/webhook-endpoints/<row(webhook_endpoint):endpoint_id>/test")
@operation(ENDPOINT_DISABLED, answers={202: "It is on its way."})
def test_webhook_endpoint(endpoint_id: EndpointId) -> Reply[SentTest]:
    """Send a test event to this endpoint.

    Its outcome is among the endpoint's deliveries.
    """
    store = app_context.store()
    with store.writing() as session:
        try:
            event = send_test(session, _endpoint(session, endpoint_id), app_context.now())
        except EndpointRefused as error:
            problem(ENDPOINT_DISABLED, str(error))
        sent = SentTest(event=message_id(event.id, store.public_ids))
    store.wake_up.send()
    return Reply(sent, 202)


@pages.post("/webhook-endpoints/<row(webhook_endpoint):endpoint_id>/replay")
@operation(answers={202: "How many are sent."})
def replay_webhooks(
    endpoint_id: EndpointId, body: Annotated[EventsToReplay, Meta(extra_json_schema={"anyOf": _WHAT_TO_REPLAY})]
) -> Reply[ReplayedEvents]:
    """Send events again, under their same ids.

    One event (`{"event": "msg_…"}`), a span of sequences (`{"after": 10, "until": 20}`), or what failed
    (`{"failed": true}`).
    """
    with app_context.store().writing() as session:
        number = _replayed(session, _endpoint(session, endpoint_id), body)
    app_context.store().wake_up.send()
    return Reply(ReplayedEvents(events=number), 202)


@pages.get("/webhook-endpoints/<row(webhook_endpoint):endpoint_id>/deliveries")
@operation()
def list_webhook_deliveries(endpoint_id: EndpointId, query: DeliveriesQuery) -> DeliveriesPage:
    """The latest deliveries of an endpoint with their attempts."""
    session, ids = app_context.reading(), app_context.store().public_ids
    endpoint = _endpoint(session, endpoint_id)
    return DeliveriesPage(deliveries=delivery_reports(session, endpoint, ids, query.state, query.limit))


def _replayed(session: Session, endpoint: WebhookEndpoint, said: EventsToReplay) -> int:
    now, by = app_context.now(), _by()
    if said.event is not None:
        event_id = event_number(said.event, app_context.store().public_ids)
        if event_id is None or not replay_event(session, endpoint, event_id, now, by):
            problem(NOT_FOUND, "there is no such event, or it is no longer kept")
        return 1
    if said.after is not None:
        return replay_span(session, endpoint, said.after, said.until, now, by)
    if said.failed:
        return replay_failed(session, endpoint, now, by)
    return problem(UNREADABLE_BODY, "say `event`, or `after` (and `until`), or `failed`")


def _endpoint(session: Session, endpoint_id: int) -> WebhookEndpoint:
    """Returns the endpoint if it is this issuer's; else the problem is that there is none."""
    endpoint = endpoint_of_issuer(session, asking_issuer().id, endpoint_id)
    return problem(NOT_FOUND, "there is no such endpoint") if endpoint is None else endpoint


def _rules() -> EndpointRules:
    config = app_context.config()
    return EndpointRules(config.webhook_loopback, config.webhook_ca_file)


def _by() -> str:
    return f"API {asking_issuer().slug}"
