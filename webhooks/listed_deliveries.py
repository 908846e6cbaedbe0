"""The messages to one endpoint as people read them: a page of them, newest first, and one with its attempts."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.outbox.outbox_event import OutboxEvent
from store.outbox.webhook_delivery import WebhookAttempt, WebhookDelivery, webhook_attempts


class ListedDelivery(NamedTuple):
    """An event that goes to an endpoint, and the attempts at it, first to last."""

    delivery: WebhookDelivery
    event: OutboxEvent
    attempts: list[WebhookAttempt]


def listed_deliveries(
    session: Session, endpoint_id: int, state: str | None, before: int, limit: int
) -> list[ListedDelivery]:  # fmt: skip
    """At most *limit* deliveries whose event is older than the event *before*, the newest event first; in one state, or
    (None) in any."""
    query = select(WebhookDelivery, OutboxEvent).join(OutboxEvent, OutboxEvent.id == WebhookDelivery.event_id)
    query = query.where(WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.event_id < before)
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    rows = session.execute(query.order_by(WebhookDelivery.event_id.desc()).limit(limit)).tuples().all()
    attempts = webhook_attempts(session, [delivery.id for delivery, _ in rows])
    return [ListedDelivery(delivery, event, attempts[delivery.id]) for delivery, event in rows]


def delivery_of_event(session: Session, endpoint_id: int, event_id: int) -> ListedDelivery | None:
    """What became of one event at an endpoint; None if it does not go there, or is no longer kept."""
    query = select(WebhookDelivery, OutboxEvent).join(OutboxEvent, OutboxEvent.id == WebhookDelivery.event_id)
    query = query.where(WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.event_id == event_id)
    row = session.execute(query).tuples().one_or_none()
    return None if row is None else ListedDelivery(*row, webhook_attempts(session, [row[0].id])[row[0].id])
