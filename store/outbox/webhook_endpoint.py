"""Endpoints of issuers that webhooks are sent to, and the secrets that sign what is sent to them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    and_,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import Reason
from store.base import Base, Blanks
from store.issuer import of_issuer
from store.outbox.outbox_event import OutboxSequence
from store.reason_columns import CODE_LENGTH

ENDPOINT_STATES: Final = ("enabled", "disabled")


class WebhookEndpoint(Base):
    """A URL that an issuer is told of events at. *types* are the types of events wanted; none: all of them.

    *given_upto* is the sequence of the last event that got a delivery, or that was not wanted; a disabled endpoint goes
    on from there when it is enabled again. *failing_since* is the first failure of a row of them, *failed_at* the last.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        CheckConstraint(f"state IN {ENDPOINT_STATES}", name="state"),
        Index("ix_webhook_endpoint_issuer_id", "issuer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    url: Mapped[str] = mapped_column(String(500))
    types: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="enabled")
    given_upto: Mapped[int]
    made_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]  # when it last accepted a message
    failing_since: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")  # why it is disabled

    def wants(self, event_type: str) -> bool:
        """Whether events of this type are sent there."""
        return not self.types or event_type in self.types


class WebhookSecret(Base):
    """A secret of an endpoint, encrypted (`store.vault.encryption`); after *retires_at* it signs nothing."""

    __tablename__ = "webhook_secret"
    __table_args__ = (Index("ix_webhook_secret_endpoint_id", "endpoint_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id"))
    encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    retires_at: Mapped[datetime | None]


def secret_name(endpoint_id: int) -> bytes:
    """What an endpoint's encrypted secrets are bound to: a copied row opens nothing for another endpoint."""
    return f"webhook secret of endpoint {endpoint_id}".encode()


def endpoints_of(session: Session, issuer_id: int | None = None) -> list[WebhookEndpoint]:
    """The endpoints of one issuer or (None) of all, in the order in which they were registered."""
    query = select(WebhookEndpoint).order_by(WebhookEndpoint.id)
    return list(session.scalars(query.where(of_issuer(WebhookEndpoint.issuer_id, issuer_id))))


def endpoint_of_issuer(session: Session, issuer_id: int, endpoint_id: int) -> WebhookEndpoint | None:
    """The endpoint of this id, if it is this issuer's; else None."""
    mine = (WebhookEndpoint.id == endpoint_id, WebhookEndpoint.issuer_id == issuer_id)
    return session.scalar(select(WebhookEndpoint).where(*mine))


def secrets_of(session: Session, endpoint_ids: Collection[int], now: datetime) -> dict[int, list[WebhookSecret]]:
    """The secrets that sign now, newest first, by endpoint."""
    valid = or_(WebhookSecret.retires_at.is_(None), WebhookSecret.retires_at > now)
    query = select(WebhookSecret).where(WebhookSecret.endpoint_id.in_(endpoint_ids), valid)
    found: dict[int, list[WebhookSecret]] = {each: [] for each in endpoint_ids}
    for secret in session.scalars(query.order_by(WebhookSecret.id.desc())):
        found[secret.endpoint_id].append(secret)
    return found


def disabled_endpoints(session: Session, issuer_id: int | None = None) -> list[WebhookEndpoint]:
    """Endpoints that were disabled because they failed, not by a person, of one issuer or (None) of all."""
    ours = (WebhookEndpoint.state == "disabled", WebhookEndpoint.reason_code.in_(FAILED_REASONS))
    query = select(WebhookEndpoint).where(*ours).order_by(WebhookEndpoint.id)
    return list(session.scalars(query.where(of_issuer(WebhookEndpoint.issuer_id, issuer_id))))


#: Codes of the reasons for which we disable an endpoint ourselves.
FAILED_REASONS: Final = ("endpoint_gone", "endpoint_dead")


def is_behind() -> ColumnElement[bool]:
    """SQL condition: an enabled endpoint has numbered events that it was not given yet."""
    mine = (WebhookEndpoint.state == "enabled", WebhookEndpoint.issuer_id == OutboxSequence.issuer_id)
    return exists().where(and_(*mine, WebhookEndpoint.given_upto < OutboxSequence.last))
