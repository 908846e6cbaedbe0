"""What issuers and operators see of an endpoint and of its deliveries, as JSON objects."""

from typing import Annotated, Final, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill.json_values import Count, Moment, one_of, one_of_or_none, says
from store.db.row_counting import count_some
from store.outbox.outbox_event import OutboxEvent
from store.outbox.webhook_delivery import (
    ATTEMPT_OUTCOMES,
    WEBHOOK_STATES,
    WebhookAttempt,
    WebhookDelivery,
    webhook_attempts,
)
from store.outbox.webhook_endpoint import ENDPOINT_STATES, WebhookEndpoint
from store.public_id import PublicIds
from store.row_ids import EndpointId
from webhooks.event_message import message_id
from words.reason_text import reason_text

#: Deliveries that are listed at most.
MOST_LISTED: Final = 200


class EndpointReport(TypedDict):
    """An endpoint that webhooks are sent to."""

    endpoint: EndpointId
    url: str
    types: Annotated[list[str], says("The types of events wanted; none: all.")]
    state: Annotated[str, one_of(ENDPOINT_STATES)]
    reason: Annotated[str | None, says("Why it is disabled.")]
    made_at: Moment
    accepted_at: Annotated[Moment | None, says("When it last accepted a message.")]
    failing_since: Moment | None
    waiting: Count
    failed: Annotated[Count, says("Messages that were given up.")]


class WebhookAttemptReport(TypedDict):
    """One try to deliver an event."""

    at: Moment
    outcome: Annotated[str | None, one_of_or_none(ATTEMPT_OUTCOMES, "null: it is under way.")]
    status: Annotated[int | None, says("The status code that was answered.")]
    failure: Annotated[str | None, says("What went wrong, where nothing was answered.")]


class WebhookDeliveryReport(TypedDict):
    """An event on its way to an endpoint."""

    event: Annotated[str, says("The event's id.")]
    sequence: int | None
    type: str
    state: Annotated[str, one_of(WEBHOOK_STATES)]
    due_at: Annotated[Moment | None, says("When it is tried next.")]
    attempts: list[WebhookAttemptReport]


def endpoint_report(session: Session, endpoint: WebhookEndpoint) -> EndpointReport:
    """An endpoint, without its secret: state, since when it fails, how many messages wait and have failed."""
    reason = endpoint.reason
    return {
        "endpoint": EndpointId(endpoint.id),
        "url": endpoint.url,
        "types": endpoint.types,
        "state": endpoint.state,
        "reason": (reason_text(reason.code, reason.values, "en") or None) if reason else None,
        "made_at": endpoint.made_at.isoformat(),
        "accepted_at": endpoint.accepted_at.isoformat() if endpoint.accepted_at else None,
        "failing_since": endpoint.failing_since.isoformat() if endpoint.failing_since else None,
        "waiting": _count(session, endpoint.id, "waiting", "attempting"),
        "failed": _count(session, endpoint.id, "failed"),
    }


def delivery_reports(
    session: Session, endpoint: WebhookEndpoint, public_ids: PublicIds, state: str | None, limit: int
) -> list[WebhookDeliveryReport]:  # fmt: skip
    """The latest deliveries of an endpoint, newest first, in one state or (None) in any, with their attempts."""
    query = (
        select(WebhookDelivery, OutboxEvent)
        .join(OutboxEvent, OutboxEvent.id == WebhookDelivery.event_id)
        .where(WebhookDelivery.endpoint_id == endpoint.id)
        .order_by(WebhookDelivery.id.desc())
        .limit(min(limit, MOST_LISTED))
    )
    rows = session.execute(query if state is None else query.where(WebhookDelivery.state == state)).all()
    attempts = webhook_attempts(session, [delivery.id for delivery, _ in rows])
    return [
        {
            "event": message_id(event.id, public_ids),
            "sequence": event.sequence,
            "type": event.type,
            "state": delivery.state,
            "due_at": delivery.due_at.isoformat() if delivery.state == "waiting" else None,
            "attempts": [_attempt(each) for each in attempts[delivery.id]],
        }
        for delivery, event in rows
    ]


def _attempt(attempt: WebhookAttempt) -> WebhookAttemptReport:
    return {
        "at": attempt.started_at.isoformat(),
        "outcome": attempt.outcome,
        "status": attempt.status,
        "failure": attempt.failure,
    }


def _count(session: Session, endpoint_id: int, *states: str) -> int:
    ours = (WebhookDelivery.state.in_(states), WebhookDelivery.endpoint_id == endpoint_id)
    return count_some(session, select(WebhookDelivery.id).where(*ours))
