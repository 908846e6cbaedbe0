"""What an issuer does with its endpoints: register, change, rotate the secret, test, disable and enable."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Reason
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.db.state_change import change_state
from store.issuer import lock_issuer
from store.outbox.event_types import EVENT_TYPES, WEBHOOK_TEST
from store.outbox.outbox_event import OutboxEvent, OutboxSequence
from store.outbox.webhook_delivery import WebhookDelivery
from store.outbox.webhook_endpoint import WebhookEndpoint, WebhookSecret, endpoints_of, secret_name
from store.vault.encryption import Encryptor
from store.vault.key_ring import WEBHOOK_SECRETS
from untrusted.endpoints.endpoint_url import EndpointRules, read_endpoint_url
from webhooks.signature import new_secret, secret_text
from words.spoken_error import SpokenError

#: How long a rotated secret signs beside the new one.
OVERLAP: Final = timedelta(hours=24)
#: Endpoints of one issuer.
MOST_ENDPOINTS: Final = 10


class EndpointRefused(SpokenError):  # noqa: N818
    """The endpoint cannot be so. The message says why."""


def add_endpoint(
    session: Session, encryptor: Encryptor, issuer_id: int, url: str, types: Sequence[str], rules: EndpointRules,
    now: datetime, by: str,
) -> tuple[WebhookEndpoint, str]:  # fmt: skip
    """Register an endpoint for the events that happen from now on; no *types*: all. Returns it and its secret, shown
    for the only time. Raises EndpointUrlRefused, EndpointRefused."""
    lock_issuer(session, issuer_id)
    read_endpoint_url(url, rules)
    _check(session, issuer_id, url, types)
    last = session.scalar(select(OutboxSequence.last).where(OutboxSequence.issuer_id == issuer_id)) or 0
    endpoint = WebhookEndpoint(
        issuer_id=issuer_id, url=url, types=sorted(set(types)), given_upto=last, made_at=now, reason=Reason()
    )
    session.add(endpoint)
    session.flush()
    record(session, "webhook_endpoint", endpoint.id, "added", now, by=by, why=url)
    return endpoint, _add_secret(session, encryptor, endpoint.id, now)


def change_endpoint(
    session: Session, endpoint: WebhookEndpoint, url: str | None, types: Sequence[str] | None, rules: EndpointRules,
    now: datetime, by: str,
) -> None:  # fmt: skip
    """Change the URL or the types wanted; None leaves what there is. Raises EndpointUrlRefused, EndpointRefused."""
    lock_issuer(session, endpoint.issuer_id)
    lock_endpoint(session, endpoint)
    if url is not None:
        read_endpoint_url(url, rules)
    _check(session, endpoint.issuer_id, url or endpoint.url, types or [], endpoint)
    endpoint.url = url or endpoint.url
    endpoint.types = endpoint.types if types is None else sorted(set(types))
    record(session, "webhook_endpoint", endpoint.id, "changed", now, by=by, why=endpoint.url)


def rotate_secret(
    session: Session, encryptor: Encryptor, endpoint: WebhookEndpoint, now: datetime, by: str
) -> str:  # fmt: skip
    """Make a new secret; those before it sign beside it for OVERLAP. Returns the new one, shown for the only time."""
    lock_endpoint(session, endpoint)
    present = (WebhookSecret.endpoint_id == endpoint.id, WebhookSecret.retires_at.is_(None))
    session.execute(update(WebhookSecret).where(*present).values(retires_at=now + OVERLAP))
    record(session, "webhook_endpoint", endpoint.id, "secret rotated", now, by=by)
    return _add_secret(session, encryptor, endpoint.id, now)


def disable_endpoint(session: Session, endpoint: WebhookEndpoint, now: datetime, by: str, why: str) -> None:
    """Send nothing there any more. Of one that we have disabled because it failed, this says that somebody knows."""
    lock_endpoint(session, endpoint)
    reason = Reason.said(why)
    ends: dict[str, Any] = {"reason": reason, "disabled_at": now}
    change_state(
        session, WebhookEndpoint, endpoint.id, ["enabled", "disabled"], "disabled", now, by=by, why=why, **ends
    )
    session.refresh(endpoint)


def enable_endpoint(session: Session, endpoint: WebhookEndpoint, now: datetime, by: str) -> bool:
    """Send again: what waited, and what has happened since and is still kept. Returns False if it is enabled."""
    lock_endpoint(session, endpoint)
    anew: dict[str, Any] = {"reason": Reason(), "disabled_at": None, "failing_since": None, "failed_at": None}
    if not change_state(session, WebhookEndpoint, endpoint.id, "disabled", "enabled", now, by=by, **anew):
        return False
    waits = (WebhookDelivery.endpoint_id == endpoint.id, WebhookDelivery.state == "waiting")
    session.execute(update(WebhookDelivery).where(*waits).values(due_at=now, attempts=0))
    session.refresh(endpoint)
    return True


def send_test(session: Session, endpoint: WebhookEndpoint, now: datetime) -> OutboxEvent:
    """Send a test event to this endpoint, and to no other. Raises EndpointRefused if it is disabled."""
    if endpoint.state != "enabled":
        raise EndpointRefused("the endpoint is disabled: enable it first")
    event = OutboxEvent(issuer_id=endpoint.issuer_id, sequence=None, type=WEBHOOK_TEST, at=now, data={})
    session.add(event)
    session.flush()
    session.add(WebhookDelivery(endpoint_id=endpoint.id, event_id=event.id, due_at=now))
    return event


def lock_endpoint(session: Session, endpoint: WebhookEndpoint) -> None:
    """Read an endpoint as it is now; nobody else changes it until this transaction ends."""
    session.refresh(endpoint, with_for_update=ROW_LOCK)


def _check(
    session: Session, issuer_id: int, url: str, types: Sequence[str], but: WebhookEndpoint | None = None
) -> None:  # fmt: skip
    if unknown := sorted(set(types) - EVENT_TYPES.keys()):
        raise EndpointRefused(
            "there is no type of event {unknown}: there are {known}",
            unknown=", ".join(each or '""' for each in unknown),
            known=", ".join(EVENT_TYPES),
        )
    others = [each for each in endpoints_of(session, issuer_id) if each is not but]
    if url in {each.url for each in others}:
        raise EndpointRefused("this URL is an endpoint already")
    if but is None and len(others) >= MOST_ENDPOINTS:
        raise EndpointRefused("an issuer has at most {most} endpoints", most=MOST_ENDPOINTS)


def _add_secret(session: Session, encryptor: Encryptor, endpoint_id: int, now: datetime) -> str:
    secret = new_secret()
    encrypted = encryptor.encrypt_secret(WEBHOOK_SECRETS, secret, secret_name(endpoint_id))
    session.add(WebhookSecret(endpoint_id=endpoint_id, encrypted=encrypted, made_at=now))
    session.flush()
    return secret_text(secret)
