"""The rows that break one invariant: their total number, and the first few of them to show."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

Question = Select[*tuple[Any, ...]]
#: The number of rows to show for one invariant.
MOST_SHOWN: Final = 20


class Violations(list[tuple[Any, ...]]):
    """The first rows that break an invariant, and their total number. Empty: the invariant holds."""

    def __init__(self, rows: Iterable[tuple[Any, ...]] = (), number: int | None = None) -> None:
        super().__init__(rows)
        self.number = len(self) if number is None else number


def violations(session: Session, query: Question) -> Violations:
    """The rows of a query as violations. Counts first, since a planner asked for only the first few rows scans millions
    of them one by one, usually for none."""
    number = count(session, query)
    return (
        Violations((tuple(row) for row in session.execute(query.limit(MOST_SHOWN))), number) if number else Violations()
    )


def count(session: Session, query: Question) -> int:
    """The number of rows of a query."""
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
