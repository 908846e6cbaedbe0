"""Multiplies a store by copying its rows, those of its facts too: five million bills that need not be counted.

    python -m bench.multiplied_store FOLDER TIMES     a SQLite that `python -m bench.million_bill_store` has filled

First whatever is left to count is counted. A copy has people, accounts, feeds, letters and bills of its own, of the
same issuers, and what each of them was counted for: so every figure becomes TIMES as large, and `facteur adoption
verify` finds nothing. No bill of a copy can be searched for, and none has a PDF, whose key and place are the first
one's.
"""

import sys
import time
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, case, func, insert, literal, select, update

import store.all_models  # noqa: F401
from adoption.monthly_facts import measure
from bench.million_bill_store import open_for, writing
from store import Store
from store.base import Base
from store.facts.fact_trigger import drop_triggers, put_triggers
from store.facts.monthly_fact import FactCount

#: What is copied; of the other tables every row is of all copies.
COPIED: Final = (
    "consumer", "account", "enrolment", "consent", "feed", "chunk", "item", "print_batch", "bill", "delivery",
    "attempt", "receipt", "event", "counted_bill", "counted_account", "account_journey",
)  # fmt: skip
#: What is added up over all copies: a table and its column.
SUMS: Final = {"daily_step": "value", "fact_step": "value", "journey_count": "number", "cohort_count": "number"}
#: The tables whose ids the columns of these names hold.
_OWNERS: Final = {
    "account_id": "account", "batch_id": "print_batch", "bill_id": "bill", "consumer_id": "consumer",
    "delivery_id": "delivery", "feed_id": "feed", "person_id": "consumer",
}  # fmt: skip
#: Texts that no two rows share.
_UNIQUE: Final = {
    ("consumer", "email"), ("account", "value"), ("account", "number_key"), ("account", "person_key"),
    ("feed", "sha256"), ("item", "number"), ("print_batch", "name"), ("bill", "uid"), ("bill", "number"),
}  # fmt: skip

Lasts = dict[str, int]


def multiply(store: Store, times: int, now: datetime) -> None:
    """Make *times* as many rows of a SQLite store's, once all of them are counted as of the moment *now*: so nothing is
    left to count."""
    while measure(store, now):
        pass
    with writing(store) as connection:
        drop_triggers(connection)
        lasts = {name: _last(connection, name) for name in COPIED if "id" in _table(name).c}
    for name in COPIED:
        with writing(store) as connection:
            for n in range(1, times):
                _copy(connection, _table(name), n, lasts)
    with writing(store) as connection:
        for name, column in SUMS.items():
            table = _table(name)
            connection.execute(update(table).values({column: table.c[column] * times}))
        put_triggers(connection)
        connection.execute(update(FactCount).values(is_full=True))


def _copy(connection: Connection, table: Table, n: int, lasts: Lasts) -> None:
    """Insert the *n*th copy of the table's first rows, in the order of their keys."""
    owner = {**_OWNERS, "id": table.name}
    key = next(column for column in table.primary_key if column.name in owner)
    values = [_copied(column, n, owner, lasts).label(column.name) for column in table.columns]
    first = select(*values).where(key <= lasts[owner[key.name]]).order_by(key)
    connection.execute(insert(table).from_select([column.name for column in table.columns], first))


def _copied(column: Any, n: int, owner: dict[str, str], lasts: Lasts) -> ColumnElement[Any]:
    """What the *n*th copy has in this column."""
    if column.name in owner:
        return column + n * lasts[owner[column.name]]  # type: ignore[no-any-return]
    if column.name == "subject_id":
        subject = column.table.c.subject
        return column + case(*((subject == each, n * last) for each, last in lasts.items()), else_=0)  # type: ignore[no-any-return]
    if (column.table.name, column.name) in _UNIQUE:
        return column.concat(literal(f"x{n}"))  # type: ignore[no-any-return]
    return column  # type: ignore[no-any-return]


def _last(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.max(_table(name).c.id))) or 0


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def main() -> None:
    store, times, began = open_for(sys.argv[1]), int(sys.argv[2]), time.perf_counter()
    multiply(store, times, datetime.now(UTC))
    print(f"{times} times as many rows in {time.perf_counter() - began:.0f} s")
    store.close()


if __name__ == "__main__":
    main()
