"""Delete events that are no longer kept, with their deliveries and attempts.

An issuer's events go from the first sequence on and never from among others, so that what is kept has no gap: who asks
for what comes after an older sequence is told that something is missing (`store.outbox.outbox_event.oldest_cursor`).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, islice, takewhile
from typing import Final

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from store.outbox.outbox_event import OutboxEvent
from store.outbox.webhook_delivery import WebhookAttempt, WebhookDelivery

#: Events deleted in one transaction.
_MOST: Final = 1000


def delete_old_events(session: Session, days: int, now: datetime) -> int:
    """Delete numbered events that are older than so many days, at most `_MOST`. Returns how many. An event whose
    delivery is being tried stays for now, with all that follow it."""
    before = now - timedelta(days=days)
    has_old = select(OutboxEvent.issuer_id).where(OutboxEvent.at < before, OutboxEvent.sequence.is_not(None)).distinct()
    issuers = session.scalars(has_old.order_by(OutboxEvent.issuer_id)).all()
    ids = list(islice(chain.from_iterable(_first_old(session, each, before) for each in issuers), _MOST))
    ours = select(WebhookDelivery.id).where(WebhookDelivery.event_id.in_(ids))
    session.execute(delete(WebhookAttempt).where(WebhookAttempt.delivery_id.in_(ours)))
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.event_id.in_(ids)))
    session.execute(delete(OutboxEvent).where(OutboxEvent.id.in_(ids)))
    return len(ids)


def _first_old(session: Session, issuer_id: int, before: datetime) -> Iterator[int]:
    """The ids of an issuer's first events, up to one that is younger or whose delivery is being tried."""
    is_busy = exists().where(WebhookDelivery.event_id == OutboxEvent.id, WebhookDelivery.state == "attempting")
    query = select(OutboxEvent.id, OutboxEvent.at, is_busy.label("is_busy"))
    query = query.where(OutboxEvent.issuer_id == issuer_id, OutboxEvent.sequence.is_not(None))
    rows = session.execute(query.order_by(OutboxEvent.sequence).limit(_MOST)).all()
    return (row.id for row in takewhile(lambda row: row.at < before and not row.is_busy, rows))
