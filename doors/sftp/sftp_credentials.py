"""SFTP credentials of an issuer: public keys, and one password that this program generates."""

import hashlib
import hmac
import secrets
from datetime import datetime

import asyncssh
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bill import Reason
from issuers.registry import SLUG, IssuerError
from store.db.event import record
from store.issuer import Issuer, issuer_by_slug
from store.issuer_keys.sftp_credential import SFTPKey


def add_sftp_key(session: Session, issuer: Issuer, public_key_line: str, now: datetime) -> SFTPKey:
    """Add a public key from its OpenSSH line (`ssh-ed25519 AAAA… comment`); adding it again returns the same row.
    Raises IssuerError if it is no key, or a private one."""
    line = _public_line(public_key_line)
    known = session.scalars(_open_rows(issuer, "key").where(SFTPKey.value == line)).first()
    return known or _add(session, issuer, "key", line, now)


def set_sftp_password(session: Session, issuer: Issuer, now: datetime) -> str:
    """Replace the issuer's password by a new one; returns it in clear, for the only time. It has 192 random bits, so a
    plain digest is stored, as for API keys."""
    revoke_sftp(session, issuer, now, kind="password")
    password = secrets.token_urlsafe(24)
    _add(session, issuer, "password", _digest(password), now)
    return password


def revoke_sftp(session: Session, issuer: Issuer, now: datetime, kind: str | None = None) -> int:
    """Revoke an issuer's keys and password (or one *kind*: `key`, `password`); returns how many were in use."""
    rows = session.scalars(_open_rows(issuer, kind)).all()
    for row in rows:
        row.revoked_at = now
    if rows:
        why = Reason.of("sftp_revoked", access_kinds=[kind] if kind else ["key", "password"])
        record(session, "issuer", issuer.id, "sftp closed", now, by="registry", why=why)
    return len(rows)


def key_may_enter(session: Session, slug: str, key: asyncssh.SSHKey) -> bool:
    """Whether this key signs in to this issuer's upload folder."""
    line = _line_of(key)
    return any(hmac.compare_digest(row.value, line) for row in _rows_of(session, slug, "key"))


def password_may_enter(session: Session, slug: str, password: str) -> bool:
    """Whether this password signs in to this issuer's upload folder."""
    digest = _digest(password)
    return any(hmac.compare_digest(row.value, digest) for row in _rows_of(session, slug, "password"))


def _rows_of(session: Session, slug: str, kind: str) -> list[SFTPKey]:
    issuer = issuer_by_slug(session, slug) if SLUG.fullmatch(slug) else None
    return [] if issuer is None else list(session.scalars(_open_rows(issuer, kind)))


def _open_rows(issuer: Issuer, kind: str | None) -> Select[SFTPKey]:
    query = select(SFTPKey).where(SFTPKey.issuer_id == issuer.id, SFTPKey.revoked_at.is_(None))
    return query if kind is None else query.where(SFTPKey.kind == kind)


def _add(session: Session, issuer: Issuer, kind: str, value: str, now: datetime) -> SFTPKey:
    row = SFTPKey(issuer_id=issuer.id, kind=kind, value=value, made_at=now)
    session.add(row)
    record(session, "issuer", issuer.id, f"sftp {kind} added", now, by="registry")
    session.flush()
    return row


def _public_line(text: str) -> str:
    try:
        key = asyncssh.import_public_key("" if "PRIVATE KEY" in text else text.strip())
    except (asyncssh.KeyImportError, ValueError) as error:
        raise IssuerError(
            "this is no public key: give the one line of a .pub file (ssh-ed25519 AAAA…), never the private key"
        ) from error
    return _line_of(key)


def _line_of(key: asyncssh.SSHKey) -> str:
    """Algorithm and key, without the comment, which anybody may write."""
    return " ".join(key.export_public_key("openssh").decode().split()[:2])


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()
