"""Passkeys (WebAuthn credentials): any number a person, each with a name of the person's own."""

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.sign_in.factor_owner import FactorOwner, OwnedFactor

#: Passkeys that one person may have.
MOST: Final = 20
LONGEST_NAME: Final = 60
_HANDLE_BYTES: Final = 32


class Passkey(OwnedFactor, Base):
    """One passkey. *user_handle* is how authenticators know its owner: random, and the same for all passkeys of a
    person, so that a new one on the same device replaces the one before."""

    __tablename__ = "passkey"
    __table_args__ = (
        UniqueConstraint("credential_id"),
        Index("ix_passkey_consumer_id", "consumer_id"),
        Index("ix_passkey_staff_id", "staff_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)  # as the authenticator calls it
    public_key: Mapped[bytes] = mapped_column(LargeBinary)  # COSE
    sign_count: Mapped[int] = mapped_column(default=0)  # 0 for ever where the authenticator does not count
    user_handle: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    is_synced: Mapped[bool] = mapped_column(default=False)  # its provider has a copy: losing the device loses nothing
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


def passkeys_of(session: Session, owner: FactorOwner) -> Sequence[Passkey]:
    """The passkeys of a person, oldest first."""
    return session.scalars(select(Passkey).where(owner.has(Passkey)).order_by(Passkey.id)).all()


def passkey_by_credential(session: Session, credential_id: bytes) -> Passkey | None:
    """The passkey that an authenticator calls so."""
    return session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def user_handle_of(session: Session, owner: FactorOwner) -> bytes:
    """The person's user handle: that of their passkeys, or a new one."""
    query = select(Passkey.user_handle).where(owner.has(Passkey)).order_by(Passkey.id).limit(1)
    return session.scalar(query) or os.urandom(_HANDLE_BYTES)


def add_passkey(session: Session, owner: FactorOwner, passkey: Passkey, now: datetime) -> None:
    """Add a passkey. Raises IntegrityError if its credential is known already."""
    passkey.consumer_id, passkey.staff_id = owner.columns["consumer_id"], owner.columns["staff_id"]
    passkey.added_at, passkey.last_used_at = now, None
    session.add(passkey)
    session.flush()
    owner.record(session, "passkey added", now)


def note_use(session: Session, passkey: Passkey, sign_count: int, now: datetime) -> bool:
    """Note that a passkey was used, with its authenticator's new count. Returns False if the count does not go forwards
    (W3C WebAuthn 3, 7.2 step 22: somebody may have copied the key), or the passkey is gone."""
    is_forward = Passkey.sign_count == 0 if sign_count == 0 else Passkey.sign_count < sign_count
    used = update(Passkey).where(Passkey.id == passkey.id, is_forward)
    done = session.execute(used.values(sign_count=sign_count, last_used_at=now))
    return done.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def note_copied(session: Session, passkey: Passkey, now: datetime) -> None:
    """Tell that the count of a passkey went back: it was refused."""
    passkey.owner.record(session, "passkey count went back", now)


def rename_passkey(session: Session, owner: FactorOwner, passkey_id: int, name: str) -> bool:
    """Give a passkey another name. Returns False if it is not this person's."""
    mine = update(Passkey).where(Passkey.id == passkey_id, owner.has(Passkey))
    return session.execute(mine.values(name=name)).rowcount == 1  # type: ignore[attr-defined,no-any-return]


def remove_passkey(session: Session, owner: FactorOwner, passkey_id: int, now: datetime, by: str = "") -> bool:
    """Remove a passkey. Returns False if it is not this person's, or gone."""
    gone = session.execute(delete(Passkey).where(Passkey.id == passkey_id, owner.has(Passkey)))
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        return False
    owner.record(session, "passkey removed", now, by)
    return True
