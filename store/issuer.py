"""Tables of issuers, their API keys, their SFTP credentials and their compiled templates."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new

KEY_PREFIX: Final = "fct_"


class Issuer(Base):
    """Who issues bills. *profile* is the TOML text as given, *logo* its mark (a PNG of ours); *voice* (JSON), looks and
    words that a member has adopted since, in place of the profile's."""

    __tablename__ = "issuer"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    profile: Mapped[str] = mapped_column(Text, default="")
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    voice: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class IssuerKey(Base):
    """An API key: only its digest is kept."""

    __tablename__ = "issuer_key"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SFTPKey(Base):
    """A public key, or the hash of a password, with which an issuer enters the SFTP drop."""

    __tablename__ = "sftp_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    kind: Mapped[str] = mapped_column(String(10))  # key | password
    value: Mapped[str] = mapped_column(Text)  # an OpenSSH public key line, or the digest of a password that we made
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Template(Base):
    """A brand as compiled for good: the bytes that every PDF of this version begins with are a blob."""

    __tablename__ = "template"
    __table_args__ = (UniqueConstraint("issuer_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    version: Mapped[str] = mapped_column(String(64))
    prefix_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


def issuer_by_slug(session: Session, slug: str) -> Issuer | None:
    return session.scalar(select(Issuer).where(Issuer.slug == slug))


def lock_issuer(session: Session, issuer_id: int) -> None:
    """Until this transaction ends nobody else claims bill numbers, opens accounts or decides about them for this
    issuer. Taken before any lock on an account or a bill. Rows that point to the issuer may still be written."""
    session.execute(select(Issuer.id).where(Issuer.id == issuer_id).with_for_update(key_share=True))


def all_issuers(session: Session) -> list[Issuer]:
    return list(session.scalars(select(Issuer).order_by(Issuer.name)))


def new_key(session: Session, issuer: Issuer, at: datetime) -> str:
    """A new API key, in clear for the only time."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    session.add(IssuerKey(issuer_id=issuer.id, digest=_digest(key), made_at=at))
    return key


def revoke_keys(session: Session, issuer: Issuer, at: datetime) -> int:
    """Close every API key of an issuer; returns how many were open."""
    keys = session.scalars(select(IssuerKey).where(IssuerKey.issuer_id == issuer.id, IssuerKey.revoked_at.is_(None)))
    closed = list(keys)
    for key in closed:
        key.revoked_at = at
    return len(closed)


def issuer_of_key(session: Session, key: str) -> Issuer | None:
    """Whose key this is; None for a key that is wrong or revoked."""
    digest = _digest(key)
    row = session.scalar(select(IssuerKey).where(IssuerKey.digest == digest, IssuerKey.revoked_at.is_(None)))
    if row is None or not hmac.compare_digest(row.digest, digest):
        return None
    return session.get(Issuer, row.issuer_id)


def _digest(key: str) -> str:
    """A key is 256 bits of chance, so that a plain digest is enough (no guessing, no need to slow one down)."""
    return hashlib.sha256(key.encode()).hexdigest()


def template_row(session: Session, issuer_id: int, version: str) -> Template | None:
    return session.scalar(select(Template).where(Template.issuer_id == issuer_id, Template.version == version))


def keep_template(session: Session, issuer_id: int, version: str, prefix_sha256: str, at: datetime) -> Template:
    """The template of this version, whoever of several workers writes it down."""
    row = {"issuer_id": issuer_id, "version": version, "prefix_sha256": prefix_sha256, "made_at": at}
    insert_new(session, Template, [row])
    query = select(Template).where(Template.issuer_id == issuer_id, Template.version == version)
    return session.scalars(query).one()
