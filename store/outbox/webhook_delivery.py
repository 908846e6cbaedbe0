"""Deliveries of events to endpoints, and the attempts at each."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, SqlMoment
from store.db.leases import Leased, is_unleased, lease_index
from store.outbox.number_events import has_unnumbered
from store.outbox.webhook_endpoint import WebhookEndpoint, is_behind

WEBHOOK_STATES: Final = ("waiting", "attempting", "delivered", "failed")
#: How an attempt ended.
ATTEMPT_OUTCOMES: Final = ("accepted", "refused", "failed", "in_doubt")


class WebhookDelivery(Leased, Base):
    """One event for one endpoint. *attempts* counts those since it was first due, or since it was replayed."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        CheckConstraint(f"state IN {WEBHOOK_STATES}", name="state"),
        Index("ix_webhook_delivery_state_endpoint_id_due_at_id", "state", "endpoint_id", "due_at", "id"),
        Index("ix_webhook_delivery_event_id", "event_id"),
        lease_index("webhook_delivery"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("outbox_event.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WebhookAttempt(Base):
    """One request: committed before the act, its outcome after. *status* is the HTTP status, *failure* what left none
    (`untrusted.endpoints.post_to_endpoint.Failure`). Nothing else of a response is kept."""

    __tablename__ = "webhook_attempt"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("webhook_delivery.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))  # one of ATTEMPT_OUTCOMES
    status: Mapped[int | None]
    failure: Mapped[str | None] = mapped_column(String(12))


def webhook_attempts(session: Session, delivery_ids: Collection[int]) -> dict[int, list[WebhookAttempt]]:
    """The attempts at each of these deliveries, first to last."""
    found: dict[int, list[WebhookAttempt]] = {each: [] for each in delivery_ids}
    query = select(WebhookAttempt).where(WebhookAttempt.delivery_id.in_(delivery_ids)).order_by(WebhookAttempt.n)
    for attempt in session.scalars(query):
        found[attempt.delivery_id].append(attempt)
    return found


def has_due_webhook(now: SqlMoment) -> ColumnElement[bool]:
    """SQL condition: an enabled endpoint's first waiting delivery is due. One index look-up an endpoint."""
    first = select(WebhookDelivery.due_at).where(
        WebhookDelivery.state == "waiting", WebhookDelivery.endpoint_id == WebhookEndpoint.id
    )
    first = first.order_by(WebhookDelivery.due_at, WebhookDelivery.id).limit(1).correlate(WebhookEndpoint)
    return and_(WebhookEndpoint.state == "enabled", first.scalar_subquery() <= now)


def is_lost_webhook() -> ColumnElement[bool]:
    """SQL condition: a delivery is `attempting` without a live lease: its worker died."""
    return and_(WebhookDelivery.state == "attempting", is_unleased(WebhookDelivery))


def awaits_webhooks(now: SqlMoment) -> ColumnElement[bool]:
    """SQL condition: events are to be numbered or given to endpoints, or a delivery is due."""
    is_due = exists(select(WebhookEndpoint.id).where(has_due_webhook(now)))
    return or_(has_unnumbered(), is_behind(), is_due, exists().where(is_lost_webhook()))
