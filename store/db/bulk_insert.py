"""Insert many rows at once at the driver's speed: `executemany` on SQLite, COPY on PostgreSQL.

SQLAlchemy's types convert values a whole column at a time; no Python code runs once a row.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, LargeBinary, Table
from sqlalchemy.orm import Session

from store.base import Amount, Base

if TYPE_CHECKING:  # SQLite needs no psycopg
    import psycopg

Values = list[Iterable[Any]]
Rows = list[tuple[Any, ...]]


def insert_rows(session: Session, row: type[Base], values: Sequence[Mapping[str, Any]], *, new: bool = False) -> int:
    """Insert these rows, all with the same keys; returns the number of rows inserted.

    *new* skips rows whose key exists; without it that is an error.
    """
    if not values:
        return 0
    session.flush()
    table, connection = row.__table__, session.connection()
    assert isinstance(table, Table)
    columns = [c for c in table.columns if c.name in values[0] or c.default is not None]
    said = [_for_the_driver(connection, column, values) for column in columns]
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in columns)
    write = _execute_many if connection.dialect.name == "sqlite" else _copy
    return write(connection, quote(table.name), names, said, new)


def _for_the_driver(connection: Connection, column: Column[Any], values: Sequence[Mapping[str, Any]]) -> Iterable[Any]:
    """Convert one column of the rows to driver values; absent values become the column's default."""
    name = column.name
    if name in values[0]:
        said = [each[name] for each in values]
    else:
        assert column.default is not None
        assert column.default.is_scalar, f"{column} has a default that is no value"
        said = [column.default.arg] * len(values)  # type: ignore[attr-defined]
    process = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    if process is None or isinstance(column.type, LargeBinary):
        return said
    if isinstance(column.type, Amount):
        return map(process, said)
    try:
        known = {value: process(value) for value in set(said)}  # dates and states repeat
    except TypeError:
        return map(process, said)
    return map(known.__getitem__, said)


def _execute_many(connection: Connection, table: str, names: str, said: Values, new: bool) -> int:
    conflict = " ON CONFLICT DO NOTHING" if new else ""
    marks = ", ".join("?" * len(said))
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks}){conflict}"  # noqa: S608 - our names
    rows = list(zip(*said, strict=True))
    return connection.exec_driver_sql(statement, rows, {"preserve_rowcount": True}).rowcount


def _copy(connection: Connection, table: str, names: str, said: Values, new: bool) -> int:
    """COPY has no ON CONFLICT. On UniqueViolation, roll back to a savepoint, COPY into a temporary table, then INSERT …
    ON CONFLICT DO NOTHING. Returns the number of rows inserted."""
    import psycopg

    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    rows = list(zip(*said, strict=True))
    with driver.cursor() as cursor:
        if not new:
            return _copy_into(cursor, table, names, rows)
        try:
            with connection.begin_nested():
                return _copy_into(cursor, table, names, rows)
        except psycopg.errors.UniqueViolation:
            return _copy_what_is_new(cursor, table, names, rows)


def _copy_into(cursor: "psycopg.Cursor[Any]", table: str, names: str, rows: Rows) -> int:
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)
    return cursor.rowcount


def _copy_what_is_new(cursor: "psycopg.Cursor[Any]", table: str, names: str, rows: Rows) -> int:
    """Insert the rows whose key is free, through a temporary table. Returns their number."""
    like = f"SELECT {names} FROM {table} WITH NO DATA"  # noqa: S608 - our names
    cursor.execute(f"CREATE TEMP TABLE new_{table} ON COMMIT DROP AS {like}".encode())
    _copy_into(cursor, f"new_{table}", names, rows)
    select = f"SELECT {names} FROM new_{table}"  # noqa: S608 - our names
    cursor.execute(f"INSERT INTO {table} ({names}) {select} ON CONFLICT DO NOTHING".encode())
    count = cursor.rowcount
    cursor.execute(f"DROP TABLE new_{table}".encode())
    return count
