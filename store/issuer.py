"""Tables of issuers, their API keys, their SFTP credentials and their compiled templates."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new

KEY_PREFIX: Final = "fct_"


class Issuer(Base):
    """An issuer of bills. *profile* is its TOML text as given, *logo* a re-encoded PNG; *voice* (JSON) are the brand
    settings that a member has adopted since, which replace the profile's. *private_to* is the one person (consumer)
    who keeps it, for bills that they bring in themselves; None for an issuer that is on board."""

    __tablename__ = "issuer"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    profile: Mapped[str] = mapped_column(Text, default="")
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    voice: Mapped[str | None] = mapped_column(Text)
    private_to: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))  # `store.imports.private_issuer`
    closed_at: Mapped[datetime | None]  # when it left the service (`issuers.closing`)
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def has_logo(self) -> bool:
        return self.logo is not None


class IssuerKey(Base):
    """An API key, stored as its digest only."""

    __tablename__ = "issuer_key"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SFTPKey(Base):
    """A public key, or the digest of a password, with which an issuer signs in to the SFTP server."""

    __tablename__ = "sftp_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    kind: Mapped[str] = mapped_column(String(10))  # key | password
    value: Mapped[str] = mapped_column(Text)  # an OpenSSH public key line, or the digest of a generated password
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class TemplateRow(Base):
    """A compiled brand, which never changes: the bytes that every PDF of this version begins with are a blob."""

    __tablename__ = "template"
    __table_args__ = (UniqueConstraint("issuer_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    version: Mapped[str] = mapped_column(String(64))
    prefix_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


def issuer_by_slug(session: Session, slug: str) -> Issuer | None:
    """The issuer on board with this slug, or None."""
    return session.scalar(select(Issuer).where(Issuer.slug == slug, Issuer.private_to.is_(None)))


def lock_issuer(session: Session, issuer_id: int) -> None:
    """Lock the issuer until the transaction ends: nobody else claims its bill numbers, opens its accounts or decides
    about them. Taken before any lock on an account or a bill. Other rows may still refer to the issuer."""
    session.execute(select(Issuer.id).where(Issuer.id == issuer_id).with_for_update(key_share=True))


def all_issuers(session: Session) -> list[Issuer]:
    """All issuers on board, by name."""
    return list(session.scalars(select(Issuer).where(Issuer.private_to.is_(None)).order_by(Issuer.name)))


def issuer_names(session: Session) -> list[str]:
    """The names of all issuers but people's private ones, in no order."""
    return list(session.scalars(select(Issuer.name).where(Issuer.private_to.is_(None))))


def issuers_by_id(session: Session, ids: Collection[int]) -> dict[int, Issuer]:
    """The issuers of these ids, by id, in the order of their names."""
    query = select(Issuer).where(Issuer.id.in_(ids)).order_by(Issuer.name)
    return {issuer.id: issuer for issuer in session.scalars(query)}


def new_key(session: Session, issuer: Issuer, at: datetime) -> str:
    """Create an API key; returns it in clear, for the only time."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    session.add(IssuerKey(issuer_id=issuer.id, digest=_digest(key), made_at=at))
    return key


def revoke_keys(session: Session, issuer: Issuer, at: datetime) -> int:
    """Revoke all API keys of an issuer; returns how many were in use."""
    keys = session.scalars(select(IssuerKey).where(IssuerKey.issuer_id == issuer.id, IssuerKey.revoked_at.is_(None)))
    closed = list(keys)
    for key in closed:
        key.revoked_at = at
    return len(closed)


def issuer_of_key(session: Session, key: str) -> Issuer | None:
    """The issuer with this API key; None if the key is wrong or revoked."""
    digest = _digest(key)
    row = session.scalar(select(IssuerKey).where(IssuerKey.digest == digest, IssuerKey.revoked_at.is_(None)))
    if row is None or not hmac.compare_digest(row.digest, digest):
        return None
    return session.get(Issuer, row.issuer_id)


def _digest(key: str) -> str:
    """SHA-256 of a key. A key has 256 random bits, so a plain digest is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def template_row(session: Session, issuer_id: int, version: str) -> TemplateRow | None:
    """The issuer's template of this version; None if there is none."""
    return session.scalar(select(TemplateRow).where(TemplateRow.issuer_id == issuer_id, TemplateRow.version == version))


def keep_template(session: Session, issuer_id: int, version: str, prefix_sha256: str, at: datetime) -> TemplateRow:
    """Find or create the template of this version; safe when several workers do so at once."""
    row = {"issuer_id": issuer_id, "version": version, "prefix_sha256": prefix_sha256, "made_at": at}
    insert_new(session, TemplateRow, [row])
    query = select(TemplateRow).where(TemplateRow.issuer_id == issuer_id, TemplateRow.version == version)
    return session.scalars(query).one()
