"""The database engine, set up for SQLite or PostgreSQL."""

from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.url import make_url

from store.db.statement_cache import know_statements

#: Seconds that a writer of SQLite waits for another.
PATIENCE: Final = 30


def make_engine(database_url: str) -> Engine:
    """A database engine with the settings that the store needs, for SQLite or PostgreSQL."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        # Errors tell a statement, not the values in it: they are logged.
        engine = create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True)
        know_statements(engine)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    engine = create_engine(url, connect_args={"timeout": PATIENCE, "check_same_thread": False}, hide_parameters=True)
    know_statements(engine)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """Turn JIT off: compiling a query takes up to half a second, longer than any of ours runs."""
    connection.execute("SET jit = off")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL lets readers read while one writes; FULL keeps commits through a power loss; what is deleted is overwritten,
    so that nothing of whom we erase is left in the file."""
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, not by the driver
    wait = f"busy_timeout={PATIENCE * 1000}"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", wait):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the beginning: a reader that becomes a writer half-way could not wait for it. A reader
    begins by the driver, which is cheaper; that neither waits nor fails."""
    if connection.get_execution_options().get("writing"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN")
