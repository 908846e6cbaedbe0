"""Change a row's state by one conditional update and record one event."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bill import Reason
from store.db.event import record


def change_state(
    session: Session, row: Any, row_id: int, came_from: str | Iterable[str], to: str, at: datetime,
    *conditions: Any, by: str = "road", why: Reason | str = "", **also: Any,
) -> bool:  # fmt: skip
    """Change a row's state from one of *came_from* to *to*, set the columns in *also*, and record one event.

    Returns False, changing nothing, if the row is in another state or a condition does not hold.
    """
    states = [came_from] if isinstance(came_from, str) else list(came_from)
    mine = (row.id == row_id, row.state.in_(states), *conditions)
    moved = session.execute(update(row).where(*mine).values(state=to, **also))
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, row.__tablename__, row_id, to, at, by=by, why=why)
    return True
