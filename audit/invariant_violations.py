"""The rows that break one invariant: their total number, and the first few of them to show.

Rows of test sides are counted apart: what is wrong there is a fault of ours all the same, but no bill of anybody's.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from store.issuer import Issuer
from store.test_sides.side_rows import rows_of_side

Question = Select[*tuple[Any, ...]]
#: The number of rows to show for one invariant.
MOST_SHOWN: Final = 20


class Violations(list[tuple[Any, ...]]):
    """The first rows that break an invariant, their total number, and how many more are of test sides. Empty: the
    invariant holds for everybody who exists."""

    def __init__(self, rows: Iterable[tuple[Any, ...]] = (), number: int | None = None, on_test_sides: int = 0) -> None:
        super().__init__(rows)
        self.number = len(self) if number is None else number
        self.on_test_sides = on_test_sides


def violations(session: Session, query: Question) -> Violations:
    """The rows of a query as violations; its first column says whose they are. Counts first, since a planner asked for
    only the first few rows scans millions of them one by one, usually for none."""
    number = count(session, query)
    if not number:
        return Violations()
    here = query.selected_columns[0]
    is_of_side = _is_of_test_side(session, here)
    on_test_sides = 0 if is_of_side is None else count(session, query.where(is_of_side(here)))
    if on_test_sides and is_of_side is not None:
        query = query.where(~is_of_side(here))
    shown = (tuple(row) for row in session.execute(query.limit(MOST_SHOWN)))
    return Violations(shown if number > on_test_sides else (), number - on_test_sides, on_test_sides)


def told_apart(session: Session, found: list[tuple[Any, ...]], of: InstrumentedAttribute[int]) -> Violations:
    """Rows that were found by other means than a query, as violations. Their first value is one of the column *of*."""
    is_of_side = _is_of_test_side(session, of) if found else None
    if is_of_side is None:
        return Violations(found[:MOST_SHOWN], len(found))
    theirs = set(session.scalars(select(of).where(of.in_([row[0] for row in found]), is_of_side(of))))
    real = [row for row in found if row[0] not in theirs]
    return Violations(real[:MOST_SHOWN], len(real), len(found) - len(real))


def count(session: Session, query: Question) -> int:
    """The number of rows of a query."""
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def _is_of_test_side(session: Session, column: Any) -> Callable[[Any], ColumnElement[bool]] | None:
    """What asks whether a column's value is a row of some test side; None where there is no side, or the rows are of no
    issuer. The column is a key of the rows, or refers to them."""
    origin = next((each for each in column.base_columns if getattr(each, "table", None) is not None), None)
    if origin is None:
        return None
    key = next((each.column for each in origin.foreign_keys), origin)
    sides = session.scalars(select(Issuer.id).where(Issuer.test_of.is_not(None)))
    theirs = [of_side for side in sides if (of_side := rows_of_side(key.table, side)) is not None]
    return (lambda value: value.in_(select(key).where(or_(*theirs)))) if theirs else None
