"""Table of the keys and passwords with which issuers sign in to the SFTP server."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.event import record
from store.issuer_keys.issuer_key import LONGEST_NAME, USE_STEP


class SFTPKey(Base):
    """A public key, or the digest of a password, with which an issuer signs in to the SFTP server."""

    __tablename__ = "sftp_key"
    __table_args__ = (Index("ix_sftp_key_issuer_id", "issuer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    kind: Mapped[str] = mapped_column(String(10))  # key | password
    value: Mapped[str] = mapped_column(Text)  # an OpenSSH public key line, or the digest of a generated password
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="", server_default="")
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


def sftp_keys_of(session: Session, issuer_id: int) -> list[SFTPKey]:
    """All keys and passwords of an issuer, those that ended too, the newest first."""
    query = select(SFTPKey).where(SFTPKey.issuer_id == issuer_id).order_by(SFTPKey.id.desc())
    return list(session.scalars(query))


def revoke_sftp_key(session: Session, issuer_id: int, key_id: int, at: datetime, by: str) -> bool:
    """End one key or password: it begins no session any more. Returns False if it has ended or is not this issuer's."""
    ends = update(SFTPKey).where(SFTPKey.id == key_id, SFTPKey.issuer_id == issuer_id, SFTPKey.revoked_at.is_(None))
    if session.execute(ends.values(revoked_at=at)).rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, "sftp_key", key_id, "revoked", at, by=by)
    return True


def note_sftp_use(session: Session, key_id: int, at: datetime) -> None:
    """Write down that somebody entered with it, unless that was written within `USE_STEP`."""
    is_older = or_(SFTPKey.last_used_at.is_(None), SFTPKey.last_used_at <= at - USE_STEP)
    session.execute(update(SFTPKey).where(SFTPKey.id == key_id, is_older).values(last_used_at=at))


def revoked_sftp_keys(session: Session, key_ids: Collection[int]) -> set[int]:
    """Those of these keys and passwords that begin no session any more."""
    query = select(SFTPKey.id).where(SFTPKey.id.in_(key_ids), SFTPKey.revoked_at.is_(None))
    return set(key_ids) - set(session.scalars(query))


def sftp_key_of_issuer(session: Session, issuer_id: int, key_id: int) -> SFTPKey | None:
    """The key or password if it is this issuer's; else None."""
    return session.scalar(select(SFTPKey).where(SFTPKey.id == key_id, SFTPKey.issuer_id == issuer_id))
