"""Who wants no more invitations: an address or a phone, and the account that was invited by it, whoever invites.

The address is kept as a digest: it says that somebody stopped, and nothing else. Bills are told of as before.
"""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new

#: By the link of an invitation; its mail or SMS came back for good; it was reported as spam.
StopReason = Literal["asked", "came_back", "unwanted"]


class StoppedContact(Base):
    """An address, a phone or an account that is invited no more. *key* is `contact <digest>` or `account <id>`."""

    __tablename__ = "invitation_stop"
    __table_args__ = (CheckConstraint("why IN ('asked', 'came_back', 'unwanted')", name="why"),)

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    why: Mapped[StopReason] = mapped_column(String(10))
    at: Mapped[datetime]


def stop_invitations(session: Session, account_id: int, digest: str, why: StopReason, at: datetime) -> bool:
    """Invite this account no more, nor any other by the contact of this digest ("" for none). Where it came back,
    nothing is said of the account: a letter may still invite it. Returns False if all of that was known."""
    keys = {f"contact {digest}"} if digest else set()
    if why != "came_back":
        keys.add(_account_key(account_id))
    return insert_new(session, StoppedContact, [{"key": key, "why": why, "at": at} for key in sorted(keys)]) > 0


def stopped_accounts(session: Session, account_ids: Collection[int]) -> set[int]:
    """Those of these accounts that are invited no more."""
    asked = {_account_key(each): each for each in account_ids}
    return {asked[key] for key in _stopped(session, asked)}


def stopped_contacts(session: Session, contacts: Collection[str]) -> set[str]:
    """Those of these addresses and phones that nobody is invited by any more."""
    asked = {_contact_key(each): each for each in contacts if each}
    return {asked[key] for key in _stopped(session, asked)}


def is_stopped(session: Session, account_id: int, digest: str) -> bool:
    """Whether this account, or the contact of this digest, is invited no more."""
    keys = [_account_key(account_id), *([f"contact {digest}"] if digest else [])]
    return bool(_stopped(session, keys))


def _stopped(session: Session, keys: Collection[str]) -> Collection[str]:
    return session.scalars(select(StoppedContact.key).where(StoppedContact.key.in_(keys))).all() if keys else ()


def _account_key(account_id: int) -> str:
    return f"account {account_id}"


_SALT: Final = b"facteur invitation "


def contact_digest(contact: str) -> str:
    """What an address or a phone is known by here; "" for none."""
    return sha256(_SALT + contact.encode()).hexdigest() if contact else ""


def _contact_key(contact: str) -> str:
    return f"contact {contact_digest(contact)}"
