"""Delete events that are no longer kept, with their deliveries and attempts."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.outbox.outbox_event import OutboxEvent
from store.outbox.webhook_delivery import WebhookAttempt, WebhookDelivery

#: Events deleted in one transaction.
_MOST: Final = 1000


def delete_old_events(session: Session, days: int, now: datetime) -> int:
    """Delete numbered events that are older than so many days, at most `_MOST`. Returns how many."""
    is_old = OutboxEvent.at < now - timedelta(days=days)
    busy = select(WebhookDelivery.event_id).where(WebhookDelivery.state == "attempting")
    old = select(OutboxEvent.id).where(is_old, OutboxEvent.sequence.is_not(None), OutboxEvent.id.not_in(busy))
    ids = session.scalars(old.order_by(OutboxEvent.at).limit(_MOST)).all()
    ours = select(WebhookDelivery.id).where(WebhookDelivery.event_id.in_(ids))
    session.execute(delete(WebhookAttempt).where(WebhookAttempt.delivery_id.in_(ours)))
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.event_id.in_(ids)))
    session.execute(delete(OutboxEvent).where(OutboxEvent.id.in_(ids)))
    return len(ids)
