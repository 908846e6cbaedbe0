"""Devices that receive push notifications: for each the endpoint at its push service, and the keys that only it can
decrypt with.

An endpoint is a capability: it is in no log, no event and no JSON. Whoever reads the rows can send nothing by it, since
a push service takes only what is signed with the key that the device subscribed with (RFC 8292, 4.2), and that key is
encrypted (`store.vault.push_signing_key`).
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.consumer import Consumer
from store.base import Base, insert_new
from store.db.event import record
from store.db.row_locks import lock_rows

#: Devices of one person that may receive notifications.
MOST_DEVICES: Final = 10

#: Why a device receives nothing any more. `removed` by its person; `gone`: its push service has said that the
#: subscription ended; `taken over` by another person on the same device; `new password`: its person has chosen one, as
#: after a theft.
EndedReason = Literal["removed", "gone", "taken over", "new password"]
_RECEIVES: Final = text("ended_at IS NULL")


class PushSubscription(Base):
    """One device of a consumer, by its endpoint. *last_sent_at*: when its push service last took a message."""

    __tablename__ = "push_subscription"
    __table_args__ = (
        UniqueConstraint("endpoint_digest"),
        Index("ix_push_subscription_consumer_id", "consumer_id", sqlite_where=_RECEIVES, postgresql_where=_RECEIVES),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    signing_key_id: Mapped[int] = mapped_column(ForeignKey("push_signing_key.id"))  # the one it subscribed with
    endpoint_digest: Mapped[str] = mapped_column(String(64))
    endpoint: Mapped[str] = mapped_column(Text)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)  # p256dh: an uncompressed point of P-256
    auth_secret: Mapped[bytes] = mapped_column(LargeBinary)  # 16 bytes (RFC 8291, 3.2)
    device: Mapped[str] = mapped_column(String(80))  # as its person is told of it: `Firefox, Android`
    subscribed_at: Mapped[datetime]
    last_sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str | None] = mapped_column(String(20))


class NewSubscription(NamedTuple):
    """What a browser gives when it subscribes, checked already, and the key that it subscribed with."""

    endpoint: str
    public_key: bytes
    auth_secret: bytes
    signing_key_id: int
    device: str


def endpoint_digest(endpoint: str) -> str:
    """What an endpoint is found by, and may be called where it must not be said: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


def subscribe(session: Session, consumer_id: int, new: NewSubscription, now: datetime) -> bool:
    """Let this device receive the consumer's notifications from now on, and nobody else's. Returns False if the
    consumer has too many devices already."""
    lock_rows(session, Consumer, Consumer.id == consumer_id)
    digest = endpoint_digest(new.endpoint)
    same = PushSubscription.endpoint_digest == digest
    row = session.scalar(select(PushSubscription).where(same).with_for_update())
    before = row.consumer_id if row is not None and row.ended_at is None else None
    if before != consumer_id and len(subscriptions_of(session, [consumer_id])[consumer_id]) >= MOST_DEVICES:
        return False
    given = new._asdict() | {"consumer_id": consumer_id, "ended_at": None, "ended_reason": None}
    if before != consumer_id:
        given |= {"subscribed_at": now, "last_sent_at": None}
    if row is not None or not insert_new(session, PushSubscription, [given | {"endpoint_digest": digest}]):
        session.execute(update(PushSubscription).where(same).values(**given))
    if before is not None and before != consumer_id:
        _record_end(session, before, "taken over", now, by=f"consumer {consumer_id}")
    if before != consumer_id:
        record(session, "consumer", consumer_id, "push allowed", now, by=f"consumer {consumer_id}", why=new.device)
    return True


def remove_device(session: Session, consumer_id: int, subscription_id: int, now: datetime) -> bool:
    """End a device's notifications, as its person asks. Returns False if it is none of theirs, or ended already."""
    mine = PushSubscription.consumer_id == consumer_id
    return _end(session, subscription_id, "removed", now, mine, by=f"consumer {consumer_id}")


def end_all_devices(session: Session, consumer_id: int, now: datetime) -> int:
    """End the notifications of all of a person's devices, since the person has chosen a new password: each is allowed
    anew where it is still theirs. Returns how many."""
    devices = subscriptions_of(session, [consumer_id])[consumer_id]
    mine = PushSubscription.consumer_id == consumer_id
    return sum(_end(session, each.id, "new password", now, mine, by=f"consumer {consumer_id}") for each in devices)


def subscription_gone(session: Session, subscription_id: int, public_key: bytes, now: datetime) -> bool:
    """Record that a push service has ended a subscription. Returns False if it has ended already, or if the device
    has subscribed anew, with another *public_key*, since it was asked."""
    return _end(session, subscription_id, "gone", now, PushSubscription.public_key == public_key)


def message_taken(session: Session, subscription_id: int, now: datetime) -> None:
    """Record that a push service took a message for this device."""
    session.execute(
        update(PushSubscription).where(PushSubscription.id == subscription_id).values(last_sent_at=now)
    )  # fmt: skip


def subscriptions_of(session: Session, consumer_ids: Collection[int]) -> defaultdict[int, list[PushSubscription]]:
    """The devices of each of these consumers that receive notifications, by consumer id, oldest first."""
    found: defaultdict[int, list[PushSubscription]] = defaultdict(list)
    query = select(PushSubscription).where(
        PushSubscription.consumer_id.in_(consumer_ids), PushSubscription.ended_at.is_(None)
    )
    for each in session.scalars(query.order_by(PushSubscription.id)):
        found[each.consumer_id].append(each)
    return found


def _end(
    session: Session, subscription_id: int, reason: EndedReason, now: datetime, condition: ColumnElement[bool], *,
    by: str = "road",
) -> bool:  # fmt: skip
    consumer_id = session.scalar(
        update(PushSubscription)
        .where(PushSubscription.id == subscription_id, PushSubscription.ended_at.is_(None), condition)
        .values(ended_at=now, ended_reason=reason)
        .returning(PushSubscription.consumer_id)
    )
    if consumer_id is None:
        return False
    _record_end(session, consumer_id, reason, now, by=by)
    return True


def _record_end(session: Session, consumer_id: int, reason: EndedReason, now: datetime, *, by: str) -> None:
    record(session, "consumer", consumer_id, "push ended", now, by=by, why=reason)
