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
    engine.dialect.do_begin = _begin_reading  # type: ignore[method-assign]
    return engine


def writing_engine(engine: Engine) -> Engine:
    """The same engine for those who write. SQLite's takes the write lock at the beginning: a reader that becomes a
    writer half-way could not wait for it. Only here is an event listened to: each statement of an engine with one
    looks for those to tell (docs/fast-paths.md)."""
    if engine.dialect.name != "sqlite":
        return engine
    writing = engine.execution_options()
    event.listen(writing, "begin", _begin_writing)
    return writing


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """Turn JIT off: compiling a query takes up to half a second, longer than any of ours runs."""
    connection.execute("SET jit = off")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL lets readers read while one writes; FULL keeps commits through a power loss; what is deleted is overwritten,
    so that nothing of whom we erase is left in the file."""
    connection.isolation_level = None  # transactions are begun below, not by the driver
    wait = f"busy_timeout={PATIENCE * 1000}"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", wait):
        connection.execute(f"PRAGMA {pragma}")


def _begin_writing(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(dbapi_connection: Any) -> None:
    """Begin by the driver, which is cheaper, where no writer has begun. It neither waits nor fails."""
    driver = dbapi_connection.driver_connection
    if not driver.in_transaction:
        driver.execute("BEGIN")
