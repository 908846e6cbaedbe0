"""The database's clock, moved by a test: leases run out and pauses end as they would so much later, in every connection
to it and in every process that was forked off."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import Pool

from store import base
from tests import compiled_statements


class MovedClock:
    """So many seconds are ahead of the real clock; they stand in a file that the database reads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.seconds = 0.0
        self.forward(0.0)

    def forward(self, seconds: float) -> None:
        self.seconds += seconds
        self._path.write_text(str(self.seconds))
        self._path.chmod(0o644)  # PostgreSQL's server is somebody else

    def read(self) -> float:
        return float(self._path.read_text() or 0)


@contextmanager
def moved_clock(path: Path) -> Iterator[MovedClock]:
    """All stores that are opened while this lasts go by this clock."""
    clock = MovedClock(path)
    moved = {"sqlite": "moved_clock()", "postgresql": f"pg_read_file('{path}')::float8"}
    real = {"sqlite": base._sqlite_now, "postgresql": base._postgresql_now}

    def teach(connection: Any, _record: Any) -> None:
        if hasattr(connection, "create_function"):
            connection.create_function("moved_clock", 0, clock.read)

    def hurry(connection: Any, *_: Any) -> None:
        if hasattr(connection, "create_function"):
            connection.execute("PRAGMA synchronous=OFF")  # nobody cuts the power

    def later(dialect: str) -> Any:
        return lambda element, compiler, **kw: f"({real[dialect](element, compiler, **kw)} + {moved[dialect]})"

    event.listen(Pool, "connect", teach)
    event.listen(Pool, "checkout", hurry)
    for dialect in real:
        compiles(base.db_now, dialect)(later(dialect))
    try:
        with compiled_statements.spelled(moved["postgresql"]):
            yield clock
    finally:
        for dialect, spelt in real.items():
            compiles(base.db_now, dialect)(spelt)
        event.remove(Pool, "connect", teach)
        event.remove(Pool, "checkout", hurry)
