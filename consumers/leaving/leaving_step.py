"""One step of leaving: what ends when a person closes their space, and what is erased of them later."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, CursorResult, delete
from sqlalchemy.orm import InstrumentedAttribute, Session

#: What a step does for this consumer at this moment. Returns how many rows it concerned. Doing it again does nothing.
Act = Callable[[Session, int, datetime], int]


def nothing(session: Session, consumer_id: int, now: datetime) -> int:  # noqa: ARG001
    """A step that has nothing to do at this moment."""
    return 0


class LeavingStep(Struct, frozen=True, kw_only=True):
    """What becomes of one kind of a person's rows. *close* is done when the space is closed and can still be
    restored: it ends what works for the person. *erase* is done when the person is erased, after *close*.

    *deleted* are the columns (`table.column`) that refer to the person and whose rows are gone after *erase*;
    `KeptColumns` has those whose rows stay. *told* says in French what is erased, for pages and mails ("" where another
    step's words tell it already).
    """

    name: str
    close: Act = nothing
    erase: Act = nothing
    deleted: tuple[str, ...] = ()
    told: str = ""


class KeptColumns(Struct, frozen=True):
    """Columns (`table.column`) that still have the number of an erased person, which says nothing to anybody.

    *what* stays, by *why* (the law) and *until* when, in French, for pages and mails ("" where other words of the list
    tell it already)."""

    columns: tuple[str, ...]
    what: str
    why: str
    until: str = ""


def delete_rows(column: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]) -> Act:
    """The act that deletes each row in which *column* is the consumer's number."""
    table = column.class_

    def act(session: Session, consumer_id: int, now: datetime) -> int:  # noqa: ARG001
        return rows_of(session.execute(delete(table).where(column == consumer_id, *conditions)))

    return act


def in_turn(*acts: Act) -> Act:
    """The act that does these, one after the other."""

    def act(session: Session, consumer_id: int, now: datetime) -> int:
        return sum(each(session, consumer_id, now) for each in acts)

    return act


def rows_of(done: Any) -> int:
    """How many rows a statement changed."""
    assert isinstance(done, CursorResult)
    return done.rowcount
