"""Recovery codes: ten a person, shown once, each good once in place of a second factor. Only their hashes are kept.

A code has 49 random bits, so its hash costs what a password's does (OWASP ASVS 5.0, 6.5.2); the codes of one set share
their salt, so that a typed code is hashed once.
"""

import hmac
import os
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import Index, LargeBinary, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new
from store.sign_in.factor_owner import FactorOwner, OwnedFactor

#: How many codes a set has.
CODES: Final = 10
#: Letters and digits that nobody takes for each other.
_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH: Final = 10
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32


class RecoveryCode(OwnedFactor, Base):
    """One code of a person's present set."""

    __tablename__ = "recovery_code"
    __table_args__ = (
        Index("ix_recovery_code_consumer_id", "consumer_id"),
        Index("ix_recovery_code_staff_id", "staff_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def make_codes() -> list[str]:
    """Ten new codes, to be shown: `ABCDE-FGHJK`."""
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(CODES)]
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def hash_codes(codes: Sequence[str]) -> list[tuple[bytes, bytes]]:
    """The salt and hash of each code of one set. It takes as long as ten passwords: call it before the transaction."""
    salt = os.urandom(_SALT_BYTES)
    return [(salt, _hash(code, salt)) for code in codes]


def keep_codes(session: Session, owner: FactorOwner, hashed: Sequence[tuple[bytes, bytes]], now: datetime) -> None:
    """Keep a new set in place of the one before."""
    session.execute(delete(RecoveryCode).where(owner.has(RecoveryCode)))
    rows = [{**owner.columns, "salt": salt, "hash": each, "made_at": now, "used_at": None} for salt, each in hashed]
    insert_new(session, RecoveryCode, rows)
    owner.record(session, "recovery codes made", now)


def use_code(session: Session, owner: FactorOwner, typed: str, now: datetime) -> bool:
    """Use a code, once. Returns False if it is none of the person's, or was used already."""
    kept = session.scalars(select(RecoveryCode).where(owner.has(RecoveryCode), RecoveryCode.used_at.is_(None))).all()
    hashes = {salt: _hash(typed, salt) for salt in {each.salt for each in kept}}
    found = [each.id for each in kept if hmac.compare_digest(each.hash, hashes[each.salt])]
    unused = update(RecoveryCode).where(RecoveryCode.id.in_(found), RecoveryCode.used_at.is_(None))
    if session.execute(unused.values(used_at=now)).rowcount != 1:  # type: ignore[attr-defined]
        return False
    owner.record(session, "recovery code used", now)
    return True


def codes_left(session: Session, owner: FactorOwner) -> int:
    """How many codes of the present set are not used."""
    query = select(func.count()).where(owner.has(RecoveryCode), RecoveryCode.used_at.is_(None))
    return session.scalar(query.select_from(RecoveryCode)) or 0


def forget_codes(session: Session, owner: FactorOwner) -> None:
    """Delete all codes of a person who has no second factor any more."""
    session.execute(delete(RecoveryCode).where(owner.has(RecoveryCode)))


def is_like_a_code(typed: str) -> bool:
    """Whether what was typed has the length and letters of a recovery code."""
    plain = _plain(typed)
    return len(plain) == _LENGTH and set(plain) <= set(_LETTERS)


def _hash(code: str, salt: bytes) -> bytes:
    """Argon2id with OWASP's least costs."""
    return hash_secret_raw(_plain(code).encode(), salt, 2, 19 * 1024, 1, _HASH_BYTES, Type.ID)


def _plain(typed: str) -> str:
    return "".join(each for each in typed.upper() if each.isascii() and each.isalnum())
