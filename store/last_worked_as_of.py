"""Business time: the moment as of which the pipeline last worked, by which lateness is judged.

`facteur work --as-of` moves it, for tests and for a demo whose data ended some days ago. A worker that serves sets it
back to the wall clock.
"""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.db.event import Event, record

_SUBJECT: Final = "work"
_AS_OF, _FOR_REAL = "as of", "for real"


def note_work(session: Session, now: datetime, as_of: datetime | None = None) -> None:
    """Record that work begins: by the wall clock (*now*), or as of another moment."""
    record(session, _SUBJECT, 0, _FOR_REAL if as_of is None else _AS_OF, as_of or now)


def business_day(session: Session, now: datetime, time_zone: str) -> date:
    """The day of business time: of *now* in this time zone, or of the moment as of which work was last done."""
    return business_now(session, now).astimezone(ZoneInfo(time_zone)).date()


def business_now(session: Session, now: datetime) -> datetime:
    """The moment by which lateness is judged: *now*, or the moment as of which work was last done."""
    query = select(Event.what, Event.at).where(Event.subject == _SUBJECT, Event.subject_id == 0)
    last = session.execute(query.order_by(Event.id.desc()).limit(1)).first()
    return last.at if last is not None and last.what == _AS_OF else now
