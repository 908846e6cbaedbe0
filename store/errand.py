"""Errands: what the portal asks the road for. A row, a bell; the result comes back in the row."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Executable,
    Index,
    String,
    Text,
    Update,
    and_,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.claims import Leased, claim, free, lease_index, this_process
from store.feed import Feed

MOST_ATTEMPTS: Final = 8
#: Minutes until an errand that was put off is tried again, at most.
LONGEST_PAUSE: Final = 15


class Errand(Leased, Base):
    """Something to be done outside the request that asked for it; *kind* says what, *particulars* with what."""

    __tablename__ = "errand"
    __table_args__ = (
        CheckConstraint("state IN ('todo', 'done', 'failed')", name="state"),
        Index("ix_errand_state_due_at", "state", "due_at"),
        lease_index("errand"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    particulars: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="todo")
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    setbacks: Mapped[int] = mapped_column(default=0, server_default="0")  # tries that do not count
    answer: Mapped[str] = mapped_column(Text, default="")


def ask(session: Session, kind: str, particulars: dict[str, Any], at: datetime) -> Errand:
    """Leave an errand for the road (ring the bell after the commit)."""
    errand = Errand(kind=kind, particulars=particulars, asked_at=at, due_at=at)
    session.add(errand)
    return errand


def is_due(now: datetime, *kinds: str, besides: Iterable[str] = ()) -> ColumnElement[bool]:
    """The condition that an errand is to be done now; of these *kinds*, where some are given, and not *besides*."""
    wanted = Errand.kind.in_(kinds) if kinds else Errand.kind.not_in(list(besides))
    return and_(Errand.state == "todo", Errand.due_at <= now, wanted)


def issuer_of() -> ColumnElement[int]:
    """The issuer whom an errand is for: it names one, or one of its feeds; else 0."""
    feed = select(Feed.issuer_id).where(Feed.id == Errand.particulars["feed_id"].as_integer()).scalar_subquery()
    return func.coalesce(Errand.particulars["issuer_id"].as_integer(), feed, 0)


def claim_errand(session: Session, now: datetime, *conditions: ColumnElement[bool]) -> Errand | None:
    """The next errand that is due, and of which these conditions hold, now leased by this process."""
    query = select(Errand.id).where(is_due(now), free(Errand), *conditions).order_by(Errand.id)
    for errand_id in session.scalars(query.limit(8)).all():
        if claim(session, Errand, errand_id, Errand.state == "todo", attempts=Errand.attempts + 1):
            return session.get(Errand, errand_id, populate_existing=True)
    return None


def answer(session: Session, errand_id: int, words: str = "") -> None:
    """The errand is done."""
    _end(session, errand_id, "done", words)


def try_later(session: Session, errand: Errand, now: datetime, words: str) -> None:
    """It did not work this time: again after 1, 2, 4 … minutes; after the last try it has failed."""
    if errand.attempts >= MOST_ATTEMPTS:
        _end(session, errand.id, "failed", words)
    else:
        _again(session, errand, now + timedelta(minutes=2 ** (errand.attempts - 1)), words)


def given_back(errand: Errand) -> Executable:
    """The statement that gives an errand back that was broken off: it is begun anew, and the try does not count."""
    return _ours(errand.id).values(attempts=Errand.attempts - 1, lease_owner=None, lease_until=0.0)


def put_off(session: Session, errand: Errand, now: datetime, words: str) -> None:
    """What it needs is down: again after 1, 2, 4, 8 … minutes, at most a quarter of an hour; the try does not count."""
    pause = min(2 ** min(errand.setbacks, 8), LONGEST_PAUSE)
    again = {"attempts": errand.attempts - 1, "setbacks": errand.setbacks + 1}
    _again(session, errand, now + timedelta(minutes=pause), words, **again)


def _again(session: Session, errand: Errand, due_at: datetime, words: str, **also: int) -> None:
    session.execute(_ours(errand.id).values(due_at=due_at, answer=words, lease_owner=None, lease_until=0.0, **also))


def _end(session: Session, errand_id: int, state: str, words: str) -> None:
    session.execute(_ours(errand_id).values(state=state, answer=words, lease_owner=None, lease_until=0.0))


def _ours(errand_id: int) -> Update:
    """Changes an errand that this process holds. One that somebody else has taken over by now is left as it is."""
    return update(Errand).where(Errand.id == errand_id, Errand.state == "todo", Errand.lease_owner == this_process())
