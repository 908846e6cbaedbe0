"""SFTP credentials of an issuer: public keys, and one password that this program generates."""

import hashlib
import hmac
import secrets
from datetime import datetime

import asyncssh
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bill import Reason
from issuers.registry import IssuerError
from issuers.test_side import issuer_of_folder
from store.db.event import record
from store.issuer import Issuer
from store.issuer_keys.issuer_key import LONGEST_NAME
from store.issuer_keys.sftp_credential import SFTPKey


def add_sftp_key(
    session: Session, issuer: Issuer, public_key_line: str, now: datetime, *, name: str = "", by: str = "registry"
) -> SFTPKey:
    """Add a public key from its OpenSSH line (`ssh-ed25519 AAAA… comment`), called *name* or as its comment says;
    adding it again returns the same row. Raises IssuerError if it is no key, or a private one."""
    line = _public_line(public_key_line)
    known = session.scalars(_open_rows(issuer, "key").where(SFTPKey.value == line)).first()
    return known or _add(session, issuer, "key", line, now, name or _comment(public_key_line), by)


def set_sftp_password(session: Session, issuer: Issuer, now: datetime, *, name: str = "", by: str = "registry") -> str:
    """Replace the issuer's password by a new one; returns it in clear, for the only time. It has 192 random bits, so a
    plain digest is stored, as for API keys."""
    revoke_sftp(session, issuer, now, kind="password", by=by)
    password = secrets.token_urlsafe(24)
    _add(session, issuer, "password", _digest(password), now, name, by)
    return password


def revoke_sftp(
    session: Session, issuer: Issuer, now: datetime, kind: str | None = None, *, by: str = "registry"
) -> int:
    """Revoke an issuer's keys and password (or one *kind*: `key`, `password`); returns how many were in use."""
    rows = session.scalars(_open_rows(issuer, kind)).all()
    for row in rows:
        row.revoked_at = now
    if rows:
        why = Reason.of("sftp_revoked", access_kinds=[kind] if kind else ["key", "password"])
        record(session, "issuer", issuer.id, "sftp closed", now, by=by, why=why)
    return len(rows)


def key_that_enters(session: Session, slug: str, key: asyncssh.SSHKey) -> SFTPKey | None:
    """The credential with this public key, if it signs in to this issuer's upload folder."""
    return _credential(session, slug, "key", _line_of(key))


def password_that_enters(session: Session, slug: str, password: str) -> SFTPKey | None:
    """The credential with this password, if it signs in to this issuer's upload folder."""
    return _credential(session, slug, "password", _digest(password))


def _credential(session: Session, slug: str, kind: str, value: str) -> SFTPKey | None:
    """All of the issuer's are compared, so that how long it takes tells nothing."""
    found = [row for row in _rows_of(session, slug, kind) if hmac.compare_digest(row.value, value)]
    return found[0] if found else None


def _rows_of(session: Session, slug: str, kind: str) -> list[SFTPKey]:
    issuer = issuer_of_folder(session, slug)
    return [] if issuer is None else list(session.scalars(_open_rows(issuer, kind)))


def _open_rows(issuer: Issuer, kind: str | None) -> Select[SFTPKey]:
    query = select(SFTPKey).where(SFTPKey.issuer_id == issuer.id, SFTPKey.revoked_at.is_(None))
    return query if kind is None else query.where(SFTPKey.kind == kind)


def _add(session: Session, issuer: Issuer, kind: str, value: str, now: datetime, name: str, by: str) -> SFTPKey:
    row = SFTPKey(issuer_id=issuer.id, kind=kind, value=value, made_at=now, name=name)
    session.add(row)
    record(session, "issuer", issuer.id, f"sftp {kind} added", now, by=by, why=name)
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


def _comment(public_key_line: str) -> str:
    """Whom the line is for, as whoever made the key wrote it: a name, to be shown as text."""
    return " ".join(public_key_line.split()[2:])[:LONGEST_NAME]


def _line_of(key: asyncssh.SSHKey) -> str:
    """Algorithm and key, without the comment, which anybody may write."""
    return " ".join(key.export_public_key("openssh").decode().split()[:2])


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()
