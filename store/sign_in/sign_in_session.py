"""Sessions of people who have signed in: one row a session, whose id its cookie says. A session without a row is over.

A new password ends all sessions of its owner in another way, too (`Consumer.session_epoch`, `Staff.fingerprint`).
"""

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple, Self

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    delete,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.consumer import Consumer
from store.base import Base
from store.staff_member import Staff

#: How long a session lasts from the last day that it was used.
LIFETIME: Final = timedelta(days=30)
#: Expired rows deleted by one sign-in: more than it makes.
_SWEPT: Final = 20


class SignInSession(Base):
    """One session of a consumer or of a member of staff: the device in words, and the last day it was seen. Where the
    device was is not kept."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        CheckConstraint("(consumer_id IS NULL) <> (staff_id IS NULL)", name="one_person"),
        UniqueConstraint("cookie_id"),
        Index("ix_sign_in_session_consumer_id", "consumer_id"),
        Index("ix_sign_in_session_staff_id", "staff_id"),
        Index("ix_sign_in_session_last_seen_on", "last_seen_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cookie_id: Mapped[str] = mapped_column(String(32))  # as the signed cookie says it
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    device: Mapped[str] = mapped_column(String(60))  # "" where the browser said nothing
    began_at: Mapped[datetime]
    last_seen_on: Mapped[date]


class SessionOwner(NamedTuple):
    """Whose sessions: one of the two is given."""

    consumer_id: int | None = None
    staff_id: int | None = None

    @classmethod
    def of(cls, person: Consumer | Staff) -> Self:
        return cls(consumer_id=person.id) if isinstance(person, Consumer) else cls(staff_id=person.id)

    @property
    def has_it(self) -> ColumnElement[bool]:
        """SQL condition: a session is theirs."""
        if self.consumer_id is not None:
            return SignInSession.consumer_id == self.consumer_id
        return SignInSession.staff_id == self.staff_id


def begin_session(
    session: Session, owner: SessionOwner, cookie_id: str, device: str, now: datetime, today: date
) -> SignInSession:  # fmt: skip
    """Begin a session, and delete some whose cookies have expired."""
    _sweep(session, today)
    begun = SignInSession(
        cookie_id=cookie_id, consumer_id=owner.consumer_id, staff_id=owner.staff_id, device=device[:60], began_at=now,
        last_seen_on=today,
    )  # fmt: skip
    session.add(begun)
    session.flush()
    return begun


def session_by_cookie(session: Session, owner: SessionOwner, cookie_id: str) -> SignInSession | None:
    """The session of this cookie, if it is theirs and not over."""
    return session.scalar(select(SignInSession).where(SignInSession.cookie_id == cookie_id, owner.has_it))


def sessions_of(session: Session, owner: SessionOwner, today: date) -> list[SignInSession]:
    """The sessions of this person that are not over, the one that was seen last first."""
    query = select(SignInSession).where(owner.has_it, SignInSession.last_seen_on >= today - LIFETIME)
    order = (SignInSession.last_seen_on.desc(), SignInSession.began_at.desc(), SignInSession.id.desc())
    return list(session.scalars(query.order_by(*order)))


def note_seen(session: Session, session_id: int, today: date) -> None:
    """Note that a session is used on this day."""
    seen = update(SignInSession).where(SignInSession.id == session_id, SignInSession.last_seen_on < today)
    session.execute(seen.values(last_seen_on=today))


def end_session(session: Session, owner: SessionOwner, session_id: int) -> bool:
    """End one session of this person, and every copy of its cookie. Returns False if it is not theirs, or over."""
    ended = session.execute(delete(SignInSession).where(SignInSession.id == session_id, owner.has_it))
    return ended.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def end_sessions_of(session: Session, owner: SessionOwner, *, but: str = "") -> int:
    """End the sessions of this person, *but* the one of this cookie. Returns how many they were."""
    ended = session.execute(delete(SignInSession).where(owner.has_it, SignInSession.cookie_id != but))
    return ended.rowcount  # type: ignore[attr-defined,no-any-return]


def _sweep(session: Session, today: date) -> None:
    """Delete sessions that have expired by themselves, except those that another transaction is using."""
    old = select(SignInSession.id).where(SignInSession.last_seen_on < today - LIFETIME - timedelta(days=1))
    old = old.order_by(SignInSession.last_seen_on).limit(_SWEPT).with_for_update(skip_locked=True)
    session.execute(delete(SignInSession).where(SignInSession.id.in_(old)))
