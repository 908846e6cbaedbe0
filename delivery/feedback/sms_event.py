"""What a provider of SMS tells of one that it took: delivered, failed, or answered with STOP.

Told by a signed request (Standard Webhooks); docs/operators.md describes it for providers.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from delivery.channels.sms.sms_reference import delivery_of_reference
from delivery.feedback.undelivered_messages import number_of_sms, sms_undelivered
from store.accounts.phone import consumers_with_number, withdraw_phone
from store.accounts.phone_number import NoPhoneNumber, read_phone_number
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.delivery import OPEN_STATES, Attempt, Delivery, record_receipt
from store.vault.key_ring import KeyRing
from untrusted.webhook_signature import is_signed

#: The largest request that is read.
MOST_BYTES: Final = 10_000


class SmsEventRefused(ValueError):  # noqa: N818
    """The event cannot be read. The message says where and why, in English."""


class _Data(msgspec.Struct, frozen=True):
    reference: str
    permanent: bool = False
    reason: str = ""
    number: str = ""


class SmsEvent(msgspec.Struct, frozen=True):
    """An SMS was `delivered`; it `failed`, for good if *permanent*; or its reader answered `stop`, from
    *number* (E.164). *reference* is ours of the SMS."""

    type: Literal["delivered", "failed", "stop"]
    data: _Data


_decoder: Final = msgspec.json.Decoder(SmsEvent)


def read_sms_event(body: bytes) -> SmsEvent:
    """Read an event: `{"type": …, "data": {"reference", "permanent", "reason", "number"}}`. Raises SmsEventRefused."""
    try:
        return _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SmsEventRefused(str(error)) from error


def is_signed_by_sms_provider(secret: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether the request is the provider's, and fresh; never, where no *secret* is configured. Names of headers are in
    any case."""
    return bool(secret) and is_signed({name.lower(): value for name, value in headers.items()}, body, [secret], now)


def take_sms_event(session: Session, keys: KeyRing, event: SmsEvent, now: datetime) -> bool:
    """Record what became of an SMS, once. Returns False when the reference is of none. Send the wake-up signal after
    the commit."""
    delivery_id = delivery_of_reference(keys, event.data.reference)
    if delivery_id is None or not lock_rows(session, Delivery, Delivery.id == delivery_id, Delivery.channel == "sms"):
        return False
    sms = session.get_one(Delivery, delivery_id, populate_existing=True)
    match event.type:
        case "delivered":
            _delivered(session, sms, now)
        case "failed" if sms.state != "delivered":
            _failed(session, sms, event.data, now)
        case "stop":
            _stop(session, sms, event.data.number, now)
    return True


def _delivered(session: Session, sms: Delivery, now: datetime) -> None:
    """The provider's word that it came settles an attempt that was in doubt."""
    if not record_receipt(session, sms.id, "delivered", now):
        return
    last = select(func.max(Attempt.n)).where(Attempt.delivery_id == sms.id).scalar_subquery()
    session.execute(
        update(Attempt).where(Attempt.delivery_id == sms.id, Attempt.n == last).values(outcome="sent", ended_at=now)
    )
    change_state(
        session, Delivery, sms.id, [*OPEN_STATES, "sent"], "delivered", now, sent_at=sms.sent_at or now,
        delivered_at=now, lease_owner=None, lease_until=0.0,
    )  # fmt: skip


def _failed(session: Session, sms: Delivery, told: _Data, now: datetime) -> None:
    """A phone that was off for days is no reason to print: the letter goes if nobody has seen the bill in time."""
    if told.permanent:
        sms_undelivered(session, sms.id, told.reason, now)
    else:
        record_receipt(session, sms.id, "undelivered", now, told.reason)


def _stop(session: Session, sms: Delivery, named: str, now: datetime) -> None:
    """Forget the number, of everybody who has given it: their bills are announced otherwise, or go by post. Without one
    that can be read it is the number that the SMS went to."""
    try:
        number: str | None = read_phone_number(named)
    except NoPhoneNumber:
        number = number_of_sms(session, sms.id)
    for consumer_id in consumers_with_number(session, number) if number else []:
        withdraw_phone(session, consumer_id, now, by="STOP")
