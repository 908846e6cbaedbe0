"""Invariants of webhooks: nobody is told of another issuer's events, and what counts as delivered was accepted."""

from sqlalchemy import exists, select

from audit.invariant_violations import Question
from store.outbox.outbox_event import OutboxEvent, OutboxSequence
from store.outbox.webhook_delivery import WebhookAttempt, WebhookDelivery
from store.outbox.webhook_endpoint import WebhookEndpoint


def webhooks_of_others() -> Question:
    """Deliveries of one issuer's events to another's endpoint."""
    return (
        select(WebhookDelivery.id, WebhookDelivery.endpoint_id)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .join(OutboxEvent, OutboxEvent.id == WebhookDelivery.event_id)
        .where(WebhookEndpoint.issuer_id != OutboxEvent.issuer_id)
    )


def webhooks_without_attempt() -> Question:
    """Deliveries that count as delivered though no attempt at them was accepted."""
    accepted = exists().where(WebhookAttempt.delivery_id == WebhookDelivery.id, WebhookAttempt.outcome == "accepted")
    return select(WebhookDelivery.id).where(WebhookDelivery.state == "delivered", ~accepted)


def events_beyond_sequence() -> Question:
    """Events with a number that their issuer's sequence has not reached: the number would be given twice."""
    last = select(OutboxSequence.last).where(OutboxSequence.issuer_id == OutboxEvent.issuer_id).scalar_subquery()
    return select(OutboxEvent.id, OutboxEvent.sequence).where(OutboxEvent.sequence > last)
