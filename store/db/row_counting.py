"""Count rows up to a bound, so that a page never counts millions of them."""

from typing import Any, Final

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

#: Counts on pages stop here: nobody decides on more than this one by one.
MOST_COUNTED: Final = 10_000


def count_some(session: Session, rows: Select[Any], most: int = MOST_COUNTED) -> int:
    """Count the rows of a query, *most* at most."""
    some = rows.with_only_columns(literal(1).label("one")).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
