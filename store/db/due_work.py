"""Asks in one statement which kinds of work have anything to do. The statement is built once, and names its moment: a
worker that has nothing to do asks every few seconds, and building it took twenty times as long as its answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from store.base import Moment

#: The moment of asking, in a condition.
NOW: Final[ColumnElement[datetime]] = bindparam("now", type_=Moment())


class DueWork:
    """Kinds of work by name, each with the SQL condition (an `EXISTS`) that it has something to do."""

    def __init__(self, conditions: Mapping[str, ColumnElement[bool]]) -> None:
        self.kinds = tuple(conditions)
        self._statement = select(*(condition.label(name) for name, condition in conditions.items()))

    def look(self, session: Session, **values: Any) -> frozenset[str]:
        """The kinds that have something to do; *values* are those of the conditions' parameters, as `now` of NOW."""
        answers = session.connection().execute(self._statement, values).one()
        return frozenset(name for name, is_due in zip(self.kinds, answers, strict=True) if is_due)
