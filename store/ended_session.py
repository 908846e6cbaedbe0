"""Signed-out sessions: their cookies are refused until they expire.

A session lives in its cookie, which has the session's id. A new password ends all sessions of its owner in another way
(`Consumer.session_epoch`, `Staff.fingerprint`).
"""

from datetime import datetime

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new


class EndedSession(Base):
    """A signed-out session, by the id in its cookie; kept until its cookies have expired."""

    __tablename__ = "ended_session"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    until: Mapped[datetime]


def end_session(session: Session, session_id: str, now: datetime, until: datetime) -> None:
    """End this session, and delete the rows whose cookies have expired."""
    session.execute(delete(EndedSession).where(EndedSession.until < now))
    insert_new(session, EndedSession, [{"id": session_id, "until": until}])


def is_ended(session: Session, session_id: str) -> bool:
    """Whether the session with this id was signed out."""
    return session.get(EndedSession, session_id) is not None
