"""All rows of a test's database, kept and put back."""

import sqlite3
from typing import Any, Protocol

import psycopg
from sqlalchemy.engine import make_url


class Rows(Protocol):
    """All rows of one database."""

    def stamp(self) -> object:
        """Another one whenever somebody has written since."""

    def keep(self) -> Any:
        """A copy of them all."""

    def put(self, kept: Any) -> None:
        """What was kept, and nothing else."""

    def close(self) -> None: ...


def rows_of(database_url: str) -> Rows:
    url = make_url(database_url)
    return SqliteRows(url.database or "") if url.get_backend_name() == "sqlite" else PostgresqlRows(database_url)


class SqliteRows:
    """Those of a file."""

    def __init__(self, path: str) -> None:
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.execute("PRAGMA synchronous=OFF")

    def stamp(self) -> object:
        return self._file.execute("PRAGMA data_version").fetchone()

    def keep(self) -> sqlite3.Connection:
        kept = sqlite3.connect(":memory:")
        self._file.backup(kept)
        return kept

    def put(self, kept: sqlite3.Connection) -> None:
        kept.backup(self._file)

    def close(self) -> None:
        self._file.close()


#: A table as the server writes it out, by its name; and the last numbers of sequences, by theirs.
_Written = tuple[list[tuple[str, bytes]], list[tuple[str, int]]]


class PostgresqlRows:
    """Those of a database on a server where nobody else is at work."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)

    def stamp(self) -> object:
        return self._connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()

    def keep(self) -> _Written:
        numbers = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
        return [(table, self._read(table)) for table in self._used()], self._connection.execute(numbers).fetchall()

    def put(self, kept: _Written) -> None:
        tables, numbers = kept
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for name in self._used():
                cursor.execute(f'DELETE FROM "{name}"')
            for name, written in tables:
                with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as table:
                    table.write(written)
            for name, number in numbers:
                cursor.execute("SELECT setval(quote_ident(%s)::regclass, %s)", (name, number))

    def _used(self) -> list[str]:
        """Tables that ever had rows."""
        used = self._connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0"
        )
        return [name for (name,) in used]

    def _read(self, name: str) -> bytes:
        with self._connection.cursor() as cursor, cursor.copy(f'COPY "{name}" TO STDOUT (FORMAT binary)') as table:
            return b"".join(bytes(part) for part in table)

    def close(self) -> None:
        self._connection.close()
