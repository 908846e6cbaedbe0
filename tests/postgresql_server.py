"""A private PostgreSQL for the tests: its own folder, a unix socket, nobody else's data."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Final

import psycopg

from tests.compiled_statements import ask_again
from tests.memory_folder import memory_folder


def find_postgres() -> Path | None:
    """The folder of the newest server's programs, Debian's or on the PATH; None where there is no server."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


#: Empties the tables that ever had rows, but for the key of public ids, all at once; foreign keys are not asked.
_EMPTYING: Final = """
DO $$
DECLARE
    used regclass;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR used IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
          AND relname <> 'public_id_key' AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM %s', used);
    END LOOP;
END $$
"""


class Cluster:
    """A server that lives as long as the tests. PostgreSQL refuses to run as root, so root lends it to nobody."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="facteur-pg-", dir=memory_folder()))
        self._user = "nobody" if os.getuid() == 0 else None
        self._numbers = count()
        self._empty: list[str] = []

    def __enter__(self) -> "Cluster":
        if self._user:
            shutil.chown(self._folder, self._user)
        data = self._folder / "data"
        self._run("initdb", "-D", str(data), "-U", "facteur", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        self._start()
        self._sql("CREATE DATABASE template_facteur")
        return self

    def _start(self) -> None:
        self._run(
            "pg_ctl", "-D", str(self._folder / "data"), "-w", "-l", str(self._folder / "log"), "start",
            # Nobody cuts the power of a test: what its processes commit outlives them, with no disk waited for. No plan
            # depends on whether the emptied tables of the test before have just been counted.
            "-o", f"-k {self._folder} -c listen_addresses='' -c max_connections=200 -c fsync=off -c autovacuum=off",
        )  # fmt: skip

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://facteur@/{database}?host={self._folder}"

    def clone(self) -> str:
        """A new database with all tables and no rows."""
        name = f"facteur_{next(self._numbers)}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE template_facteur")
        return self.url(name)

    def copy(self, url: str) -> str:
        """A new database with all that is in this one; nobody may be connected to it."""
        name, other = f"facteur_{next(self._numbers)}", url.partition("@/")[2].partition("?")[0]
        self._sql(f"CREATE DATABASE {name} TEMPLATE {other}")
        return self.url(name)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Nobody listens while this lasts; whoever was connected is cut off."""
        ask_again()
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "fast", "stop")
        try:
            yield
        finally:
            self._start()

    def lend(self) -> str:
        """A database with all tables and no rows: one that was given back, or a new one. To empty one takes a hundredth
        of what it takes to make one."""
        return self._empty.pop() if self._empty else self.clone()

    @contextmanager
    def without_tables(self) -> Iterator[str]:
        """A database with nothing in it, gone afterwards."""
        name = f"empty_{next(self._numbers)}"
        self._sql(f"CREATE DATABASE {name}")
        yield self.url(name)
        self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def take_back(self, url: str) -> None:
        """Empty a database that was lent, whoever may still hold on to it, and number its rows from 1 again. One whose
        tables were counted (ANALYZE) is gone: the plans of the next test would depend on it."""
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            is_counted = connection.execute("SELECT 1 FROM pg_stats WHERE schemaname = 'public' LIMIT 1").fetchone()
            if is_counted is None:
                connection.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    " AND backend_type = 'client backend'"
                )
                connection.execute(_EMPTYING)
                connection.execute(
                    "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences"
                    " WHERE last_value IS NOT NULL"
                )
        if is_counted is None:
            self._empty.append(url)
        else:
            self._sql(f"DROP DATABASE {url.partition('@/')[2].partition('?')[0]} WITH (FORCE)")

    def _sql(self, statement: str) -> None:
        with psycopg.connect(host=str(self._folder), user="facteur", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        user = pwd.getpwnam(self._user).pw_uid if self._user else None
        done = subprocess.run(
            [self._binaries / program, *arguments], user=user, cwd=self._folder, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace')}")
