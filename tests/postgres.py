"""A private PostgreSQL for the tests: its own folder, a unix socket, nobody else's data."""

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from types import TracebackType

import psycopg


def find_postgres() -> Path | None:
    """The folder of the newest server's programs, Debian's or on the PATH; None where there is no server."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Cluster:
    """A server that lives as long as the tests. PostgreSQL refuses to run as root, so root lends it to nobody."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="facteur-pg-"))
        self._user = "nobody" if os.getuid() == 0 else None
        self._numbers = count()

    def __enter__(self) -> "Cluster":
        if self._user:
            shutil.chown(self._folder, self._user)
        data = self._folder / "data"
        self._run("initdb", "-D", str(data), "-U", "facteur", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self._run(
            "pg_ctl", "-D", str(data), "-w", "-l", str(self._folder / "log"), "start",
            "-o", f"-k {self._folder} -c listen_addresses='' -c max_connections=200",
        )  # fmt: skip
        self._sql("CREATE DATABASE template_facteur")
        return self

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
