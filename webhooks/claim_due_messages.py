"""Claim the messages that are due: issuers take turns, and each endpoint has a bounded number under way."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from store import Store
from store.outbox.outbox_event import OutboxEvent
from store.outbox.webhook_delivery import WebhookDelivery, has_due_webhook
from store.outbox.webhook_endpoint import WebhookEndpoint, secret_name, secrets_of
from store.vault.encryption import DecryptionFailed
from store.vault.key_ring import WEBHOOK_SECRETS, RootMissing
from webhooks.event_message import message_body, message_id
from webhooks.messages_under_way import MessagesUnderWay
from webhooks.signature import signed_headers
from webhooks.webhook_attempts import begin_attempts

_Each = TypeVar("_Each")

log = logging.getLogger(__name__)


class ClaimedMessage(msgspec.Struct, frozen=True):
    """A message whose attempt has begun: where it goes, and all that is sent. *n* numbers the attempt."""

    issuer_id: int
    endpoint_id: int
    delivery_id: int
    n: int
    message_id: str
    url: str
    headers: dict[str, str]
    body: bytes


def claim_due_messages(
    store: Store, session: Session, under_way: MessagesUnderWay, now: datetime, after: int
) -> list[ClaimedMessage]:  # fmt: skip
    """Begin attempts at due messages as far as there is room, and count them in *under_way*. *after* is the issuer who
    had the last turn; the next one is first."""
    due = select(WebhookEndpoint).where(has_due_webhook(now))
    in_turn = due.order_by(WebhookEndpoint.issuer_id <= after, WebhookEndpoint.issuer_id, WebhookEndpoint.id)
    endpoints = list(session.scalars(in_turn.execution_options(populate_existing=True)))
    secrets = _secrets(store, session, [each.id for each in endpoints], now)
    chosen: list[tuple[WebhookDelivery, OutboxEvent, WebhookEndpoint]] = []
    for delivery, event, endpoint in _in_turn(session, endpoints, secrets, under_way, now):
        if under_way.begin(endpoint):
            chosen.append((delivery, event, endpoint))
    begun = begin_attempts(session, [delivery.id for delivery, *_ in chosen], now)
    claimed = []
    for delivery, event, endpoint in chosen:
        if delivery.id not in begun:
            under_way.end(endpoint.id)
            continue
        name, body = message_id(event.id, store.public_ids), message_body(event, store.public_ids)
        headers = signed_headers(name, now, body, secrets[endpoint.id])
        claimed.append(
            ClaimedMessage(
                endpoint.issuer_id, endpoint.id, delivery.id, begun[delivery.id], name, endpoint.url, headers, body
            )
        )
    return claimed


def _in_turn(
    session: Session, endpoints: list[WebhookEndpoint], secrets: dict[int, list[bytes]], under_way: MessagesUnderWay,
    now: datetime,
) -> Iterator[tuple[WebhookDelivery, OutboxEvent, WebhookEndpoint]]:  # fmt: skip
    """One message of each issuer in turn, and of each of an issuer's endpoints."""
    by_issuer: dict[int, list[list[tuple[WebhookDelivery, OutboxEvent, WebhookEndpoint]]]] = {}
    for endpoint in endpoints:
        if secrets[endpoint.id] and (room := under_way.room(endpoint)) > 0:
            by_issuer.setdefault(endpoint.issuer_id, []).append(_queue(session, endpoint, now, room))
    issuers = [_interleaved(queues) for queues in by_issuer.values()]
    return iter(_interleaved(issuers))


def _interleaved(queues: Sequence[Sequence[_Each]]) -> list[_Each]:
    return [each for turn in zip_longest(*queues) for each in turn if each is not None]


def _queue(
    session: Session, endpoint: WebhookEndpoint, now: datetime, most: int
) -> list[tuple[WebhookDelivery, OutboxEvent, WebhookEndpoint]]:  # fmt: skip
    """The next messages of an endpoint, locked."""
    query = (
        select(WebhookDelivery, OutboxEvent)
        .join(OutboxEvent, OutboxEvent.id == WebhookDelivery.event_id)
        .where(WebhookDelivery.state == "waiting", WebhookDelivery.endpoint_id == endpoint.id)
        .where(WebhookDelivery.due_at <= now, OutboxEvent.sequence.is_not(None))
        .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
        .limit(most)
        .with_for_update(of=WebhookDelivery, skip_locked=True, key_share=True)
    )
    return [(delivery, event, endpoint) for delivery, event in session.execute(query)]


def _secrets(store: Store, session: Session, endpoint_ids: list[int], now: datetime) -> dict[int, list[bytes]]:
    """The secrets that sign now, by endpoint; none where one cannot be opened: its messages wait for the root."""
    found = {}
    for endpoint_id, rows in secrets_of(session, endpoint_ids, now).items():
        name = secret_name(endpoint_id)
        try:
            found[endpoint_id] = [
                store.encryptor.decrypt_secret(WEBHOOK_SECRETS, each.encrypted, name) for each in rows
            ]
        except (DecryptionFailed, RootMissing) as error:
            log.warning("the secret of webhook endpoint %s cannot be opened: %s", endpoint_id, error)
            found[endpoint_id] = []
    return found
