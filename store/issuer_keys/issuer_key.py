"""API keys of issuers: made, found by a request's secret, rotated with an overlap, revoked at once."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.event import record, record_all
from store.issuer import Issuer
from store.issuer_keys.key_scope import SCOPES, Scope, read_scopes, written_scopes

KEY_PREFIX: Final = "fct_"
#: Begins the keys of a test side (`store.test_sides.twin_issuer`): one sees what one holds.
TEST_KEY_PREFIX: Final = "fct_test_"
#: What is shown of a key afterwards: its last characters. 24 of its 256 random bits help nobody to guess it.
_TAIL: Final = 4
LONGEST_NAME: Final = 80
#: The use of a key is written down at most so often.
USE_STEP: Final = timedelta(minutes=1)
#: How long a rotated key goes on beside the new one, unless somebody says otherwise.
OVERLAP: Final = timedelta(hours=24)
LONGEST_OVERLAP: Final = timedelta(days=30)


class IssuerKey(Base):
    """An API key, stored as its digest only. *tail* are its last characters ("" for keys made before they were kept);
    after *expires_at*, which a rotation sets, it opens nothing."""

    __tablename__ = "issuer_key"
    __table_args__ = (UniqueConstraint("digest"), Index("ix_issuer_key_issuer_id", "issuer_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="", server_default="")
    scopes: Mapped[str] = mapped_column(String(80), default=" ".join(SCOPES), server_default=" ".join(SCOPES))
    tail: Mapped[str] = mapped_column(String(8), default="", server_default="")
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def scope_set(self) -> frozenset[Scope]:
        return read_scopes(self.scopes)

    def is_live(self, at: datetime) -> bool:
        """Whether it still opens something."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


class KeyInUse(NamedTuple):
    """A key that a request brought, and whose it is."""

    row: IssuerKey
    issuer: Issuer


def new_key(
    session: Session, issuer: Issuer, at: datetime, *, name: str = "", scopes: Collection[Scope] = SCOPES,
    by: str = "registry",
) -> str:  # fmt: skip
    """Create an API key; returns it in clear, for the only time. Raises ValueError for unknown scopes."""
    key = (TEST_KEY_PREFIX if issuer.is_test_side else KEY_PREFIX) + secrets.token_urlsafe(32)
    row = IssuerKey(
        issuer_id=issuer.id, digest=_digest(key), name=name, scopes=written_scopes(scopes), tail=key[-_TAIL:],
        made_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, "issuer_key", row.id, "made", at, by=by, why=name)
    return key


def key_in_use(session: Session, key: str, at: datetime) -> KeyInUse | None:
    """The key with this secret and its issuer; None if it is wrong, revoked or has expired."""
    digest = _digest(key)
    query = select(IssuerKey, Issuer).join(Issuer, Issuer.id == IssuerKey.issuer_id)
    found = session.execute(query.where(IssuerKey.digest == digest, *_live(at))).tuples().one_or_none()
    if found is None or not hmac.compare_digest(found[0].digest, digest):
        return None
    return KeyInUse(*found)


def note_use(session: Session, key_id: int, at: datetime) -> None:
    """Write down that a key was used, unless that was written within `USE_STEP`."""
    is_older = or_(IssuerKey.last_used_at.is_(None), IssuerKey.last_used_at <= at - USE_STEP)
    session.execute(update(IssuerKey).where(IssuerKey.id == key_id, is_older).values(last_used_at=at))


def keys_of(session: Session, issuer_id: int) -> list[IssuerKey]:
    """All keys of an issuer, those that ended too, the newest first."""
    query = select(IssuerKey).where(IssuerKey.issuer_id == issuer_id).order_by(IssuerKey.id.desc())
    return list(session.scalars(query))


def key_of_issuer(session: Session, issuer_id: int, key_id: int) -> IssuerKey | None:
    """The key if it is this issuer's; else None."""
    return session.scalar(select(IssuerKey).where(IssuerKey.id == key_id, IssuerKey.issuer_id == issuer_id))


def rotate_key(
    session: Session, issuer: Issuer, key_id: int, at: datetime, by: str, *, overlap: timedelta = OVERLAP
) -> str | None:
    """Make a key with the same name and scopes, in clear for the only time; the one before goes on for *overlap*.
    Returns None, changing nothing, if the one before has ended or was rotated already."""
    ends = update(IssuerKey).where(IssuerKey.id == key_id, IssuerKey.issuer_id == issuer.id)
    ends = ends.where(IssuerKey.revoked_at.is_(None), IssuerKey.expires_at.is_(None))
    if session.execute(ends.values(expires_at=at + overlap)).rowcount != 1:  # type: ignore[attr-defined]
        return None
    before = session.get_one(IssuerKey, key_id, populate_existing=True)
    record(session, "issuer_key", key_id, "rotated", at, by=by, why=before.name)
    return new_key(session, issuer, at, name=before.name, scopes=before.scope_set, by=by)


def revoke_key(session: Session, issuer_id: int, key_id: int, at: datetime, by: str) -> bool:
    """End one key at once. Returns False, changing nothing, if it has ended or is not this issuer's."""
    ends = update(IssuerKey).where(IssuerKey.id == key_id, IssuerKey.issuer_id == issuer_id, *_live(at))
    if session.execute(ends.values(revoked_at=at)).rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, "issuer_key", key_id, "revoked", at, by=by)
    return True


def revoke_keys(session: Session, issuer: Issuer, at: datetime, by: str = "registry") -> int:
    """End all API keys of an issuer at once; returns how many were in use."""
    mine = select(IssuerKey.id).where(IssuerKey.issuer_id == issuer.id, *_live(at))
    ids = session.scalars(mine.order_by(IssuerKey.id).with_for_update()).all()
    session.execute(update(IssuerKey).where(IssuerKey.id.in_(ids)).values(revoked_at=at))
    record_all(session, "issuer_key", ids, "revoked", at, by=by)
    return len(ids)


def _live(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return IssuerKey.revoked_at.is_(None), or_(IssuerKey.expires_at.is_(None), IssuerKey.expires_at > at)


def _digest(key: str) -> str:
    """SHA-256 of a key. A key has 256 random bits, so a plain digest is enough."""
    return hashlib.sha256(key.encode()).hexdigest()
