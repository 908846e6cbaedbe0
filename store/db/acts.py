"""The audit trail: what people and programs did, newest first, from the events that somebody brought about.

Two partial indexes of the event table have the acts alone, by moment and by who did it; what the pipeline did by itself
is not among them. Several names are looked up one by one, and their newest acts merged. A filter that neither index
serves looks at a bounded number of acts, and the next page goes on.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, select, tuple_, union_all
from sqlalchemy.orm import Session

from store.db.event import IS_ACT, Event

#: Acts that one page looks at, at most.
MOST_SEEN: Final = 2_000
#: How events name a consumer who acts: this and the number of their row.
CONSUMER: Final = "consumer "


class ActFilter(NamedTuple):
    """Which acts are asked for: by whom (any of these names, exactly as events have them), of the team alone (no
    consumers), on what kind of thing (a table) or one of them, from a moment on and before another. None, "" and no
    name ask for nothing."""

    by: tuple[str, ...] = ()
    of_team: bool = False
    subject: str = ""
    subject_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


class ActPage(NamedTuple):
    """Acts, newest first, and the event that the next page begins after; None where there is no more."""

    acts: list[Event]
    following: int | None


def acts(session: Session, asked: ActFilter, limit: int, before: int | None = None) -> ActPage:
    """One page of the acts that are asked for; *before* is where the page before ended."""
    seen = session.scalars(_of(session, asked, before).limit(MOST_SEEN + 1))
    found: list[Event] = []
    last = None
    for number, event in enumerate(seen.yield_per(200)):
        if number == MOST_SEEN or len(found) == limit:
            return ActPage(found, last)
        last = event.id
        if _is_meant(event, asked):
            found.append(event)
    return ActPage(found, None)


def all_acts(session: Session, asked: ActFilter, limit: int) -> Iterator[Event]:
    """All acts that are asked for, page by page of *limit*, in the same order."""
    before = None
    while True:
        page = acts(session, asked, limit, before)
        yield from page.acts
        if page.following is None:
            return
        before = page.following


def _of(session: Session, asked: ActFilter, before: int | None) -> Select[Event]:
    """The acts in their order, as an index gives them."""
    conditions: list[ColumnElement[bool] | Any] = [IS_ACT, *_within(asked)]
    if asked.subject_id is not None:
        conditions += [Event.subject == asked.subject, Event.subject_id == asked.subject_id]
    if before is not None and (last := session.get(Event, before)) is not None:
        conditions.append(tuple_(Event.at, Event.id) < (last.at, last.id))
    query = select(Event).order_by(Event.at.desc(), Event.id.desc())
    if len(asked.by) < 2:
        return query.where(*conditions, *(Event.by == name for name in asked.by))
    newest = [
        select(Event.id)
        .where(*conditions, Event.by == name)
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(MOST_SEEN + 1)
        .subquery()
        for name in asked.by
    ]
    return query.where(Event.id.in_(union_all(*(select(each.c.id) for each in newest))))


def _within(asked: ActFilter) -> Iterator[ColumnElement[bool] | Any]:
    if asked.since is not None:
        yield Event.at >= asked.since
    if asked.until is not None:
        yield Event.at < asked.until


def _is_meant(event: Event, asked: ActFilter) -> bool:
    return (not asked.of_team or not event.by.startswith(CONSUMER)) and asked.subject in {"", event.subject}
