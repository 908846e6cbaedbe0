"""Send events to an endpoint again, or for the first time, under their same ids: one event, a span, or what failed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Reason
from store.base import insert_new
from store.db.event import record
from store.outbox.event_types import WEBHOOK_TEST
from store.outbox.outbox_event import OutboxEvent, outbox_events
from store.outbox.webhook_delivery import WebhookDelivery
from store.outbox.webhook_endpoint import WebhookEndpoint

#: Events looked at in one query.
_PAGE: Final = 500


def replay_event(session: Session, endpoint: WebhookEndpoint, event_id: int, now: datetime, by: str) -> bool:
    """Send one event to the endpoint again, whatever types it wants. Returns False if it is not this issuer's, or no
    longer kept."""
    event = session.get(OutboxEvent, event_id)
    if event is None or event.issuer_id != endpoint.issuer_id:
        return False
    _put_in_line(session, endpoint, [event.id], now)
    record(
        session,
        "webhook_endpoint",
        endpoint.id,
        "replayed",
        now,
        by=by,
        why=Reason.of("replayed_one", event_id=event_id),
    )
    return True


def replay_span(
    session: Session, endpoint: WebhookEndpoint, after: int, until: int | None, now: datetime, by: str
) -> int:  # fmt: skip
    """Send the events with a sequence after *after*, up to *until* (None: the last), again, of the types that the
    endpoint wants. Returns how many."""
    number, upto = 0, after
    while events := outbox_events(session, endpoint.issuer_id, upto, _PAGE):
        upto = events[-1].sequence or upto
        inside = [each for each in events if until is None or (each.sequence or 0) <= until]
        wanted = [each.id for each in inside if endpoint.wants(each.type) and each.type != WEBHOOK_TEST]
        _put_in_line(session, endpoint, wanted, now)
        number += len(wanted)
        if len(inside) < len(events):
            break
    last = "the last" if until is None else str(until)
    record(
        session,
        "webhook_endpoint",
        endpoint.id,
        "replayed",
        now,
        by=by,
        why=Reason.of("replayed_from", first=after + 1, last=last),
    )
    return number


def replay_failed(session: Session, endpoint: WebhookEndpoint, now: datetime, by: str) -> int:
    """Send again what failed for good. Returns how many."""
    failed = (WebhookDelivery.endpoint_id == endpoint.id, WebhookDelivery.state == "failed")
    number = session.execute(update(WebhookDelivery).where(*failed).values(**_anew(now))).rowcount  # type: ignore[attr-defined]
    record(session, "webhook_endpoint", endpoint.id, "replayed", now, by=by, why=Reason("replayed_failed"))
    return int(number)


def _put_in_line(session: Session, endpoint: WebhookEndpoint, event_ids: Sequence[int], now: datetime) -> None:
    """What is being sent at this moment is left to end as it does."""
    ours = (WebhookDelivery.endpoint_id == endpoint.id, WebhookDelivery.event_id.in_(event_ids))
    known = set(session.scalars(select(WebhookDelivery.event_id).where(*ours)))
    session.execute(update(WebhookDelivery).where(*ours, WebhookDelivery.state != "attempting").values(**_anew(now)))
    rows = [{"endpoint_id": endpoint.id, "event_id": each} | _anew(now) for each in event_ids if each not in known]
    insert_new(session, WebhookDelivery, rows)


def _anew(now: datetime) -> dict[str, Any]:
    return {"state": "waiting", "attempts": 0, "due_at": now, "ended_at": None}
