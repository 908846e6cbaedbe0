"""What is outside, and how each of it is broken: really, where that can be done; else by what the system would say."""

import errno
import os
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, Final

import boto3
import psycopg
import pytest
from botocore.config import Config
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url

from delivery.channels.email.side_transport import SideTransport
from issuers.pdf_e_seal import ESealCertificates
from store.db.database_engine import PATIENCE
from tests.compiled_statements import ask_again
from tests.outages.bucket import ERRORS
from tests.outages.relay import ANSWERS
from tests.outages.six_issuers import World

Outage = Callable[[World], AbstractContextManager[None]]
#: Seconds that somebody is waited for who hangs on purpose.
NO_PATIENCE: Final = 0.05


@contextmanager
def nothing(_world: World) -> Iterator[None]:
    yield


# -- folders -----------------------------------------------------------------------------------------------------


def _folder(world: World, which: str) -> Path:
    return world.config.home / which


def full(which: str) -> Outage:
    """Every byte that is written there is one too many: Linux keeps a device that says so."""

    @contextmanager
    def down(world: World) -> Iterator[None]:
        mkstemp, path_open, folder = tempfile.mkstemp, Path.open, _folder(world, which)

        def made(*args: Any, **kw: Any) -> tuple[int, str]:
            descriptor, name = mkstemp(*args, **kw)
            if Path(name).parent == folder:
                os.close(descriptor)
                descriptor = os.open("/dev/full", os.O_WRONLY)
            return descriptor, name

        def opened(path: Path, mode: str = "r", *args: Any, **kw: Any) -> Any:
            stands_for = Path("/dev/full") if path.parent == folder and "w" in mode else path
            return path_open(stands_for, mode, *args, **kw)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tempfile, "mkstemp", made)
            patch.setattr(Path, "open", opened)
            yield
        assert not [*folder.glob(".draft-*"), *folder.glob("*.part")], "nothing is left there of what did not fit"

    return down


def gone(which: str, *, leaves: str = "nothing") -> Outage:
    """A mount that went away; it *leaves* nothing, the empty folder that it was mounted on, or something else."""

    @contextmanager
    def down(world: World) -> Iterator[None]:
        folder = _folder(world, which)
        away = folder.with_name(f"{folder.name}-away")
        folder.rename(away)
        if leaves == "an empty folder":
            folder.mkdir()
        if leaves == "a file":
            folder.touch()
        try:
            yield
        finally:
            if folder.is_dir():
                assert list(folder.iterdir()) == [], "nothing was written beside the mount"
                folder.rmdir()
            folder.unlink(missing_ok=True)
            away.rename(folder)

    return down


def refusing(which: str, number: int) -> Outage:
    """Whoever opens or makes a file there is told so by the system."""

    @contextmanager
    def down(world: World) -> Iterator[None]:
        folder, os_open, io_open = str(_folder(world, which)), os.open, Path.open

        def refuse(path: Any) -> None:
            if str(path).startswith(folder + "/"):
                raise OSError(number, os.strerror(number), str(path))

        def opened(path: Any, *args: Any, **kw: Any) -> int:
            refuse(path)
            return os_open(path, *args, **kw)

        def path_opened(path: Path, *args: Any, **kw: Any) -> Any:
            refuse(path)
            return io_open(path, *args, **kw)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "open", opened)
            patch.setattr(tempfile._os, "open", opened)  # type: ignore[attr-defined]
            patch.setattr(Path, "open", path_opened)
            yield

    return down


# -- bucket ------------------------------------------------------------------------------------------------------


def bucket(manner: str) -> Outage:
    @contextmanager
    def down(world: World) -> Iterator[None]:
        assert world.bucket is not None
        world.bucket.manner = manner
        try:
            yield
        finally:
            world.bucket.manner = ""

    return down


@contextmanager
def bucket_silent(world: World) -> Iterator[None]:
    """It takes a call and never answers."""
    impatient = Config(connect_timeout=NO_PATIENCE, read_timeout=NO_PATIENCE, retries={"total_max_attempts": 1})
    with pytest.MonkeyPatch.context() as patch, bucket("is silent")(world):
        patch.setitem(vars(world.store.blobs), "client", boto3.client("s3", config=impatient))
        yield


# -- database ----------------------------------------------------------------------------------------------------


@contextmanager
def postgres_stopped(world: World) -> Iterator[None]:
    assert world.cluster is not None
    with world.cluster.stopped():
        yield


@contextmanager
def postgres_read_only(world: World) -> Iterator[None]:
    """As a server that is a standby by now."""
    url = world.config.database_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute("ALTER SYSTEM RESET default_transaction_read_only")
            connection.execute("SELECT pg_reload_conf()")


@contextmanager
def postgres_has_no_room_for_us(world: World) -> Iterator[None]:
    """Others have all connections."""
    ask_again()
    url = make_url(world.config.database_url)
    with psycopg.connect(host=url.query["host"], user=url.username, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {url.database} WITH ALLOW_CONNECTIONS false".encode())
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",
            (url.database,),
        )
        try:
            yield
        finally:
            connection.execute(f"ALTER DATABASE {url.database} WITH ALLOW_CONNECTIONS true".encode())


@contextmanager
def sqlite_locked(world: World) -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""

    def no_patience(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout={NO_PATIENCE * 1000:.0f}")

    def patience(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")

    pool = world.store.engine.pool
    other = sqlite3.connect(make_url(world.config.database_url).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    event.listen(pool, "checkout", no_patience)
    try:
        yield
    finally:
        event.remove(pool, "checkout", no_patience)
        event.listen(pool, "checkout", patience)
        other.execute("ROLLBACK")
        other.close()


def sqlite_says(begins: str, code: int) -> Outage:
    """SQLite's own words, at the beginning of each transaction that writes, and at each commit."""

    @contextmanager
    def down(world: World) -> Iterator[None]:
        def fails(connection: Any) -> None:
            error = sqlite3.OperationalError(begins)
            error.sqlite_errorcode = code
            raise error

        event.listen(Engine, "commit", fails)
        try:
            yield
        finally:
            event.remove(Engine, "commit", fails)

    return down


@contextmanager
def sqlite_full(world: World) -> Iterator[None]:
    """No page more, as on a disk that is full."""

    def limit(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA max_page_count=1")  # it is never less than there are

    def no_limit(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA max_page_count=1073741823")

    pool = world.store.engine.pool
    event.listen(pool, "checkout", limit)
    try:
        yield
    finally:
        event.remove(pool, "checkout", limit)
        event.listen(pool, "checkout", no_limit)


# -- those we speak with -----------------------------------------------------------------------------------------


def relay(manner: str) -> Outage:
    @contextmanager
    def down(world: World) -> Iterator[None]:
        world.relay.manner = manner
        try:
            yield
        finally:
            world.relay.manner = ""

    return down


def smtp_client(world: World) -> Any:
    """What sends all mail but that of test sides."""
    transport = world.pipeline.context.post
    assert isinstance(transport, SideTransport)
    return transport._post


@contextmanager
def relay_silent(world: World) -> Iterator[None]:
    """It takes a call and never says a word."""
    with pytest.MonkeyPatch.context() as patch, relay("is silent")(world):
        patch.setattr(smtp_client(world), "_timeout", NO_PATIENCE)
        yield


@contextmanager
def relay_gone(world: World) -> Iterator[None]:
    post = smtp_client(world)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        there, post._url = post._url, post._url._replace(netloc=f"127.0.0.1:{closed.getsockname()[1]}")
        try:
            yield
        finally:
            post._url = there


def relay_named(url: str) -> Outage:
    """A host that nobody has, or that nobody can have."""

    @contextmanager
    def down(world: World) -> Iterator[None]:
        post = smtp_client(world)
        there, post._url = post._url, post._url._replace(netloc=url)
        try:
            yield
        finally:
            post._url = there

    return down


def answering(status: bytes) -> Outage:
    """The time stamp authority answers so; b"" hangs up."""

    @contextmanager
    def down(world: World) -> Iterator[None]:
        with socket.create_server(("127.0.0.1", 0)) as server:

            def serve() -> None:
                with suppress(OSError):
                    while True:
                        line, _ = server.accept()
                        with line:
                            line.recv(65536)
                            line.sendall(status)

            Thread(target=serve, daemon=True).start()
            with stamped_by(world, f"http://127.0.0.1:{server.getsockname()[1]}"):
                yield
            server.shutdown(socket.SHUT_RDWR)

    return down


@contextmanager
def stamped_by(world: World, url: str) -> Iterator[None]:
    sound, world.pipeline.context.e_seals = world.pipeline.context.e_seals, ESealCertificates(world.config.e_seals, url)
    try:
        yield
    finally:
        world.pipeline.context.e_seals = sound


@contextmanager
def authority_gone(world: World) -> Iterator[None]:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with stamped_by(world, f"http://127.0.0.1:{closed.getsockname()[1]}"):
            yield


FOLDERS: Final[dict[str, Outage]] = {
    "the blobs' disk is full": full("blobs"),
    "the blobs' folder is gone": gone("blobs"),
    "the blobs' mount is gone": gone("blobs", leaves="an empty folder"),
    "the blobs' folder is a file": gone("blobs", leaves="a file"),
    "the blobs' disk fails": refusing("blobs", errno.EIO),
    "the blobs' share is stale": refusing("blobs", errno.ESTALE),
    "the blobs' folder is read-only": refusing("blobs", errno.EROFS),
    "too many files are open": refusing("blobs", errno.EMFILE),
    "the print house's disk is full": full("outbox"),
    "the print house's folder is gone": gone("outbox"),
    "the print house's mount is gone": gone("outbox", leaves="an empty folder"),
    "the print house's folder is a file": gone("outbox", leaves="a file"),
    "the print house's folder is read-only": refusing("outbox", errno.EROFS),
    "the print house keeps us out": refusing("outbox", errno.EACCES),
}
BUCKETS: Final[dict[str, Outage]] = {
    f"the bucket {manner}": bucket(manner) for manner in (*ERRORS, "hangs up", "breaks off")
} | {"the bucket is silent": bucket_silent}
RELAYS: Final[dict[str, Outage]] = {
    "the relay is gone": relay_gone,
    "the relay's name is unknown": relay_named("no.such.host.invalid:25"),
    "the relay's name is none": relay_named("a..b:25"),
    "the relay is silent": relay_silent,
} | {f"the relay {manner}": relay(manner) for manner in ANSWERS}
AUTHORITIES: Final[dict[str, Outage]] = {
    "the authority is gone": authority_gone,
    "the authority hangs up": answering(b""),
    "the authority fails": answering(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"),
    "the authority says nothing sensible": answering(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: 4\r\n\r\nnope"
    ),
}
DATABASES: Final[dict[str, dict[str, Outage]]] = {
    "sqlite": {
        "the database is locked": sqlite_locked,
        "the database's disk is full": sqlite_full,
        "the database's disk fails": sqlite_says("disk I/O error", sqlite3.SQLITE_IOERR),
        "the database is damaged": sqlite_says("database disk image is malformed", sqlite3.SQLITE_CORRUPT),
    },
    "postgresql": {
        "the database is stopped": postgres_stopped,
        "the database is a standby": postgres_read_only,
        "the database takes nobody": postgres_has_no_room_for_us,
    },
}
