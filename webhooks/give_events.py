"""Give new events to the endpoints that want them: a delivery for each, from the endpoint's place in the outbox on."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.base import insert_new
from store.outbox.event_types import WEBHOOK_TEST
from store.outbox.outbox_event import OutboxSequence, outbox_events
from store.outbox.webhook_delivery import WebhookDelivery
from store.outbox.webhook_endpoint import WebhookEndpoint

#: Events that one endpoint is given in one transaction.
_MOST: Final = 500


def give_events(session: Session, now: datetime) -> int:
    """Make the deliveries of numbered events, at most `_MOST` an endpoint. Returns how many events were looked at.
    An endpoint that another worker gives to is passed over."""
    behind = (
        select(WebhookEndpoint, OutboxSequence.last)
        .join(OutboxSequence, OutboxSequence.issuer_id == WebhookEndpoint.issuer_id)
        .where(WebhookEndpoint.state == "enabled", WebhookEndpoint.given_upto < OutboxSequence.last)
        .order_by(WebhookEndpoint.id)
        .with_for_update(of=WebhookEndpoint, skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    return sum(_give(session, endpoint, last, now) for endpoint, last in session.execute(behind).all())


def _give(session: Session, endpoint: WebhookEndpoint, last: int, now: datetime) -> int:
    events = outbox_events(session, endpoint.issuer_id, endpoint.given_upto, _MOST)
    wanted = [each for each in events if endpoint.wants(each.type) and each.type != WEBHOOK_TEST]
    row: dict[str, Any] = {
        "endpoint_id": endpoint.id, "state": "waiting", "attempts": 0, "due_at": now, "lease_until": 0.0,
    }  # fmt: skip
    insert_new(session, WebhookDelivery, [row | {"event_id": each.id} for each in wanted])
    endpoint.given_upto = (events[-1].sequence or last) if events else last
    session.flush()
    return max(len(events), 1)
