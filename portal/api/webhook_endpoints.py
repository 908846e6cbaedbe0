"""/v1/webhook-endpoints, and /v2: an issuer's program registers endpoints, rotates secrets, tests, replays."""

from typing import Any

from flask import Response, abort, g, jsonify, request, url_for
from sqlalchemy.orm import Session

from portal import app_context
from portal.access.security_headers_and_csrf import csrf
from portal.api.feeds import pages, query_number
from portal.api.json_object import json_object
from portal.api.version_2 import as_asked
from portal.row_id import LARGEST
from store.issuer import Issuer
from store.outbox.webhook_delivery import WEBHOOK_STATES
from store.outbox.webhook_endpoint import ENDPOINT_STATES, WebhookEndpoint, endpoint_of_issuer, endpoints_of
from untrusted.endpoints.endpoint_url import EndpointRules, EndpointUrlRefused
from webhooks.endpoint_report import MOST_LISTED, delivery_reports, endpoint_report
from webhooks.event_message import event_number, message_id
from webhooks.manage_endpoints import (
    EndpointRefused,
    add_endpoint,
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    rotate_secret,
    send_test,
)
from webhooks.replay_events import replay_event, replay_failed, replay_span


@pages.get("/webhook-endpoints")
def list_webhook_endpoints() -> Response:
    """Returns the issuer's endpoints."""
    session = app_context.reading()
    reports = [as_asked(endpoint_report(session, each)) for each in endpoints_of(session, _issuer().id)]
    return jsonify({"endpoints": reports})


@pages.post("/webhook-endpoints")
def add_webhook_endpoint() -> Response:
    """Register an endpoint for what happens from now on. The answer has its secret, for the only time."""
    said = json_object()
    url, types = said.get("url"), _types(said)
    if not isinstance(url, str):
        abort(422, "`url` is missing")
    store = app_context.store()
    with store.writing() as session:
        try:
            endpoint, secret = add_endpoint(
                session, store.encryptor, _issuer().id, url, types or [], _rules(), app_context.now(), _by()
            )
        except (EndpointUrlRefused, EndpointRefused) as error:
            abort(422, str(error))
        answer = jsonify(as_asked(endpoint_report(session, endpoint)) | {"secret": secret})
    answer.status_code = 201
    answer.headers["Location"] = url_for(".show_webhook_endpoint", endpoint_id=endpoint.id)
    return answer


@pages.get("/webhook-endpoints/<row(webhook_endpoint):endpoint_id>")
def show_webhook_endpoint(endpoint_id: int) -> Response:
    """Returns an endpoint."""
    session = app_context.reading()
    return jsonify(as_asked(endpoint_report(session, _endpoint(session, endpoint_id))))


@pages.patch("/webhook-endpoints/<row(webhook_endpoint):endpoint_id>")
def change_webhook_endpoint(endpoint_id: int) -> Response:
    """Change its URL or the types wanted, disable or enable it."""
    now, by = app_context.now(), _by()
    with app_context.store().writing() as session:
        endpoint, said = _endpoint(session, endpoint_id), json_object()
        url, types, state = said.get("url"), _types(said), said.get("state")
        if not isinstance(url, str | None) or state not in (None, *ENDPOINT_STATES):
            abort(422, "`url` is text, `state` is enabled or disabled")
        try:
            if url is not None or types is not None:
                change_endpoint(session, endpoint, url, types, _rules(), now, by)
        except (EndpointUrlRefused, EndpointRefused) as error:
            abort(422, str(error))
        if state == "enabled":
            enable_endpoint(session, endpoint, now, by)
        elif state == "disabled":
            disable_endpoint(session, endpoint, now, by, f"by {by}")
        session.flush()
        answer = jsonify(as_asked(endpoint_report(session, endpoint)))
    app_context.store().wake_up.send()
    return answer


@pages.post("/webhook-endpoints/<row(webhook_endpoint):endpoint_id>/secret")
def rotate_webhook_secret(endpoint_id: int) -> Response:
    """Make a new secret; the one before signs beside it for 24 hours."""
    store = app_context.store()
    with store.writing() as session:
        endpoint = _endpoint(session, endpoint_id)
        secret = rotate_secret(session, store.encryptor, endpoint, app_context.now(), _by())
    return jsonify({"secret": secret})


@pages.post("/webhook-endpoints/<row(webhook_endpoint):endpoint_id>/test")
def test_webhook_endpoint(endpoint_id: int) -> Response:
    """Send a test event to the endpoint. Its outcome is among the endpoint's deliveries."""
    store = app_context.store()
    ids = store.public_ids
    with store.writing() as session:
        try:
            event = send_test(session, _endpoint(session, endpoint_id), app_context.now())
        except EndpointRefused as error:
            abort(409, str(error))
        answer = jsonify({"event": message_id(event.id, ids)})
    store.wake_up.send()
    answer.status_code = 202
    return answer


@pages.post("/webhook-endpoints/<row(webhook_endpoint):endpoint_id>/replay")
def replay_webhooks(endpoint_id: int) -> Response:
    """Send one event again, a span of sequences, or what failed: `{"event": "msg_…"}`, `{"after": 10, "until": 20}`,
    `{"failed": true}`."""
    with app_context.store().writing() as session:
        endpoint = _endpoint(session, endpoint_id)
        number = _replayed(session, endpoint, json_object())
    app_context.store().wake_up.send()
    answer = jsonify({"events": number})
    answer.status_code = 202
    return answer


@pages.get("/webhook-endpoints/<row(webhook_endpoint):endpoint_id>/deliveries")
def list_webhook_deliveries(endpoint_id: int) -> Response:
    """Returns the latest deliveries of an endpoint with their attempts, newest first."""
    state = request.args.get("state")
    if state not in {None, *WEBHOOK_STATES}:
        abort(400, f"`state` is one of {', '.join(WEBHOOK_STATES)}")
    session, limit = app_context.reading(), query_number("limit", 50, MOST_LISTED)
    endpoint = _endpoint(session, endpoint_id)
    return jsonify({"deliveries": delivery_reports(session, endpoint, app_context.store().public_ids, state, limit)})


for changing in (
    add_webhook_endpoint, change_webhook_endpoint, rotate_webhook_secret, test_webhook_endpoint, replay_webhooks,
):  # fmt: skip
    csrf.exempt(changing)  # a key in a header is not sent along by a browser


def _replayed(session: Session, endpoint: WebhookEndpoint, said: dict[str, Any]) -> int:
    now, by = app_context.now(), _by()
    match said:
        case {"event": str(name)}:
            event_id = event_number(name, app_context.store().public_ids)
            if event_id is None or not replay_event(session, endpoint, event_id, now, by):
                abort(404, "there is no such event, or it is no longer kept")
            return 1
        case {"after": after} if _is_sequence(after) and ((until := said.get("until")) is None or _is_sequence(until)):
            return replay_span(session, endpoint, after, until, now, by)
        case {"failed": True}:
            return replay_failed(session, endpoint, now, by)
    return abort(422, "say `event`, or `after` (and `until`), or `failed`")


def _is_sequence(value: object) -> bool:
    """`true` is no number, though Python counts with it."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _endpoint(session: Session, endpoint_id: int) -> WebhookEndpoint:
    """Returns the endpoint if it is this issuer's; else aborts with 404."""
    endpoint = endpoint_of_issuer(session, _issuer().id, endpoint_id)
    return abort(404, "there is no such endpoint") if endpoint is None else endpoint


def _types(said: dict[str, Any]) -> list[str] | None:
    types = said.get("types")
    if types is None:
        return None
    if not isinstance(types, list) or not all(isinstance(each, str) for each in types):
        abort(422, "`types` is a list of types of events")
    return types


def _rules() -> EndpointRules:
    config = app_context.config()
    return EndpointRules(config.webhook_loopback, config.webhook_ca_file)


def _by() -> str:
    return f"API {_issuer().slug}"


def _issuer() -> Issuer:
    """Returns the issuer of the request's API key, which the route policy has checked."""
    issuer: Issuer = g.issuer
    return issuer
