"""Challenges of passkeys that were answered: each is good for one answer, whoever copied the cookie that has it."""

import hashlib
from datetime import datetime

from sqlalchemy import Index, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new


class UsedChallenge(Base):
    """The digest of a challenge that was answered, kept until the challenge has expired."""

    __tablename__ = "used_challenge"
    __table_args__ = (Index("ix_used_challenge_until", "until"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime]


def use_challenge(session: Session, challenge: bytes, until: datetime, now: datetime) -> bool:
    """Use a challenge, once; delete the rows of those that have expired. Returns False if it was used already."""
    session.execute(delete(UsedChallenge).where(UsedChallenge.until < now))
    return insert_new(session, UsedChallenge, [{"digest": hashlib.sha256(challenge).hexdigest(), "until": until}]) == 1
