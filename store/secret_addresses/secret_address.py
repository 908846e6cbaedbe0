"""A person's secret addresses: one by which a calendar program reads due dates, one to which bills are mailed.

The secret of an address is an HMAC of a random salt, so that the database alone reveals none. It is found by its
digest, and goes on working when its root secret is gone; then it can only not be shown any more.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.consumer import Consumer
from store.base import Base
from store.db.event import record
from store.db.row_locks import lock_rows
from store.vault.key_ring import SECRET_ADDRESSES, KeyRing, RootMissing

#: calendar: shows due dates; bills: takes mails with bills.
AddressKind = Literal["calendar", "bills"]
#: Characters of base 32, five bits each: 130 bits in a URL; 80 in the local part of a mailbox, where tries are few.
LENGTHS: Final[dict[AddressKind, int]] = {"calendar": 26, "bills": 16}
_SALT_BYTES: Final = 16
_IN_FORCE: Final = text("ended_at IS NULL")


class SecretAddress(Base):
    """An address of a consumer, in force until *ended_at*. *root_id* names the root secret that its secret was made
    with."""

    __tablename__ = "secret_address"
    __table_args__ = (
        UniqueConstraint("digest"),
        Index(
            "uq_secret_address_in_force", "consumer_id", "kind", unique=True, sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    kind: Mapped[str] = mapped_column(String(10))
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    root_id: Mapped[str] = mapped_column(String(8))
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def renew_address(session: Session, keys: KeyRing, consumer_id: int, kind: AddressKind, now: datetime) -> SecretAddress:
    """Give the consumer a new address of this kind; the one before, if any, opens nothing any more."""
    lock_rows(session, Consumer, Consumer.id == consumer_id)
    _end(session, consumer_id, kind, now)
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = _digest(kind, _secret(keys, keys.present.id, kind, salt))
    address = SecretAddress(
        consumer_id=consumer_id, kind=kind, salt=salt, root_id=keys.present.id, digest=digest, made_at=now,
        ended_at=None,
    )  # fmt: skip
    session.add(address)
    session.flush()
    record(session, "consumer", consumer_id, f"secret address made: {kind}", now, by=f"consumer {consumer_id}")
    return address


def end_address(session: Session, consumer_id: int, kind: AddressKind, now: datetime, by: str = "") -> bool:
    """End the consumer's address of this kind. Returns False if there is none. *by* is who ends it, where it is not the
    consumer."""
    if not _end(session, consumer_id, kind, now):
        return False
    record(session, "consumer", consumer_id, f"secret address ended: {kind}", now, by=by or f"consumer {consumer_id}")
    return True


def end_all_addresses(session: Session, consumer_id: int, now: datetime) -> int:
    """End all of the consumer's addresses. Returns how many."""
    kinds: tuple[AddressKind, ...] = ("calendar", "bills")
    return sum(end_address(session, consumer_id, kind, now) for kind in kinds)


def address_of(session: Session, consumer_id: int, kind: AddressKind) -> SecretAddress | None:
    """The consumer's address of this kind that is in force; None if there is none."""
    query = select(SecretAddress).where(SecretAddress.consumer_id == consumer_id, SecretAddress.kind == kind)
    return session.scalar(query.where(SecretAddress.ended_at.is_(None)))


def secret_of(keys: KeyRing, address: SecretAddress) -> str | None:
    """The secret of an address, in small letters and digits; None if its root secret is not configured any more."""
    try:
        return _secret(keys, address.root_id, address.kind, address.salt)
    except RootMissing:
        return None


def owner_of_secret(session: Session, kind: AddressKind, secret: str) -> Consumer | None:
    """The consumer whose address in force has this secret; None if there is none. Every text costs one digest and one
    look-up in an index."""
    query = (
        select(Consumer)
        .join(SecretAddress, SecretAddress.consumer_id == Consumer.id)
        .where(SecretAddress.digest == _digest(kind, secret.lower()), SecretAddress.ended_at.is_(None))
    )
    return session.scalar(query)


def _end(session: Session, consumer_id: int, kind: AddressKind, now: datetime) -> bool:
    ended = session.execute(
        update(SecretAddress)
        .where(SecretAddress.consumer_id == consumer_id, SecretAddress.kind == kind)
        .where(SecretAddress.ended_at.is_(None))
        .values(ended_at=now)
    )
    return ended.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def _secret(keys: KeyRing, root_id: str, kind: str, salt: bytes) -> str:
    mac = hmac.digest(keys.root(root_id).key(SECRET_ADDRESSES), kind.encode() + b" " + salt, "sha256")
    return base64.b32encode(mac).decode().lower()[: LENGTHS[kind]]  # type: ignore[index]


def _digest(kind: str, secret: str) -> str:
    return hashlib.sha256(f"{kind} {secret}".encode("utf-8", "surrogatepass")).hexdigest()
