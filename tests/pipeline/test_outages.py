"""The outside is down for seconds, minutes or a business day: nobody is to blame, and when it is there again
everything ends as if nothing had been. The clock is moved by the test, leases and pauses with it."""

import errno
import gzip
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import product
from types import ModuleType
from typing import Any

import botocore.exceptions
import psycopg
import pytest
import urllib3.exceptions
from sqlalchemy import exc, select, update

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.channels.paper import print_handover
from doors.feed_drop import drop_feed as drop
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from pipeline.steps import read_bills, release_feed
from render.compiled_template import Template
from sandbox.client import Killed
from store import Store
from store.bills.bill import BillRow
from store.db.event import Event
from store.delivery import Delivery
from store.facts.recount_queue import is_any_changed
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed
from store.job import Job, request_job
from store.outage_or_fault import MOST_MEMORY_OUTAGES, Unavailable, is_outage
from store.print_batch import PrintBatch
from store.vault.attachment_staging import StagingBlob
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
A_DAY = timedelta(hours=9)
IS_BATTERY = "FACTEUR_KILLS" in os.environ
#: What a disk and a bucket say, and for how long.
OF_BLOBS = [
    pytest.param(what, lasts, id=f"{what}, {lasts}")
    for what, lasts in product(
        ["the disk is full", "the bucket's host", "the bucket says no"],
        [timedelta(seconds=20), timedelta(minutes=7), A_DAY],
    )
    if IS_BATTERY or lasts == (timedelta(minutes=7) if what == "the disk is full" else timedelta(seconds=20))
]  # fmt: skip
#: The print house and the relay are down for so many days, as `make battery` has it, or one of the everyday suite.
DAYS_OF_PRINTING, DAYS_OF_MAIL = (3, 4) if IS_BATTERY else (1, 1)


def of_sqlite(kind: type[sqlite3.Error], code: int) -> sqlite3.Error:
    """As SQLite raises it, with its code."""
    error = kind("")
    error.sqlite_errorcode = code
    return error


#: What is raised when something outside is down, by those who know it.
DOWN: dict[str, Callable[[], Exception]] = {
    "the disk is full": lambda: OSError(errno.ENOSPC, "No space left on device"),
    "the disk fails": lambda: OSError(errno.EIO, "Input/output error"),
    "nobody listens": lambda: ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
    "nobody answers": lambda: TimeoutError("timed out"),
    "the bucket's host": lambda: botocore.exceptions.EndpointConnectionError(endpoint_url="https://s3.example"),
    "the bucket is slow": lambda: botocore.exceptions.ReadTimeoutError(endpoint_url="https://s3.example"),
    "the bucket's key": lambda: botocore.exceptions.NoCredentialsError(),
    "the bucket says no": lambda: botocore.exceptions.ClientError({"Error": {"Code": "503"}}, "PutObject"),
    "the bucket breaks off": lambda: botocore.exceptions.IncompleteReadError(actual_bytes=1, expected_bytes=2),
    "the bucket's line": lambda: urllib3.exceptions.ProtocolError("Connection broken"),
    "the disk is read-only": lambda: OSError(errno.EROFS, "Read-only file system"),
    "the share is stale": lambda: OSError(errno.ESTALE, "Stale file handle"),
    "too many files are open": lambda: OSError(errno.EMFILE, "Too many open files"),
    "no process can be started": lambda: BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"),
    "memory is short": lambda: MemoryError(),
    "the kernel ended a child": lambda: Killed("the worker was killed"),
    "SQLite's disk fails": lambda: of_sqlite(sqlite3.OperationalError, sqlite3.SQLITE_IOERR),
    "SQLite is damaged": lambda: of_sqlite(sqlite3.DatabaseError, sqlite3.SQLITE_CORRUPT),
    "another file is there": lambda: of_sqlite(sqlite3.DatabaseError, sqlite3.SQLITE_NOTADB),
    "PostgreSQL is a standby": lambda: psycopg.errors.ReadOnlySqlTransaction("cannot execute UPDATE"),
    "SQLite is full": lambda: sqlite3.OperationalError("database or disk is full"),
    "PostgreSQL restarts": lambda: psycopg.errors.AdminShutdown("terminating connection"),
    "a deadlock": lambda: psycopg.errors.DeadlockDetected("deadlock detected"),
    "as SQLAlchemy says it": lambda: exc.OperationalError("INSERT", {}, psycopg.OperationalError("gone")),
    "no connection is free": lambda: exc.TimeoutError("QueuePool limit"),
    "as rooms of ours say it": lambda: Unavailable("the time stamp authority"),
}  # fmt: skip

#: What speaks of the work itself.
ITS_OWN: dict[str, Exception] = {
    "a bug": ZeroDivisionError("of ours"),
    "a value no column holds": exc.DataError("INSERT", {}, psycopg.errors.NumericValueOutOfRange("too large")),
    "too many columns": exc.OperationalError("INSERT", {}, psycopg.errors.TooManyColumns("1700 columns")),
    "a number twice": exc.IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE")),
    "a place before a file's beginning": OSError(errno.EINVAL, "Invalid argument"),
    "a name too long": OSError(errno.ENAMETOOLONG, "File name too long"),
    "a call that we make wrongly": botocore.exceptions.ParamValidationError(report="Bucket"),
    "a number too large for SQLite": OverflowError("Python int too large to convert to SQLite INTEGER"),
    "broken gzip": gzip.BadGzipFile("Not a gzipped file"),
}


def test_work_that_asks_for_more_memory_than_there_is_is_blamed_in_the_end() -> None:
    assert is_outage(MemoryError(), MOST_MEMORY_OUTAGES - 1)
    assert not is_outage(MemoryError(), MOST_MEMORY_OUTAGES)
    assert is_outage(OSError(errno.ENOSPC, "No space left on device"), MOST_MEMORY_OUTAGES), (
        "of a disk there is no doubt"
    )


@pytest.mark.parametrize("what", DOWN)
def test_an_outage_is_told_from(what: str) -> None:
    assert is_outage(DOWN[what]())


@pytest.mark.parametrize("what", ITS_OWN)
def test_what_is_the_works_own_fault(what: str) -> None:
    assert not is_outage(ITS_OWN[what])


def test_a_wrong_statement_is_ours(store: Store) -> None:
    with store.reading() as session, pytest.raises(exc.DBAPIError) as raised:
        session.connection().exec_driver_sql("SELECT no_such_column FROM bill")
    assert not is_outage(raised.value)


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender, timeout=1))


def drop_feed(pipeline: Pipeline, slug: str, *invoices: str) -> int:
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, slug, slug, NOW)
    return drop(pipeline.store, issuer, BytesIO(batch(invoices)), f"{slug}.xml", "cli", NOW).feed_id


def pass_time(store: Store, by: timedelta) -> None:
    """Leases run out and pauses end as they would so much later."""
    with store.writing() as session:
        for row in (Feed, Chunk, PrintBatch, Job, Delivery):
            session.execute(update(row).values(lease_until=row.lease_until - by.total_seconds()))  # type: ignore[attr-defined]
        for row in (Feed, Chunk, PrintBatch):
            session.execute(update(row).values(not_before=row.not_before - by.total_seconds()))  # type: ignore[attr-defined]


def live(pipeline: Pipeline, since: datetime, until: datetime, every: timedelta) -> None:
    """The worker's rounds in this time."""
    now = since
    while now < until:
        while pipeline.step(now):
            pass
        now += every
        pass_time(pipeline.store, every)


@contextmanager
def down(where: Any, name: str, what: str) -> Iterator[list[int]]:
    """Everybody who calls this is told that it is down; how often it was called."""
    calls = [0]

    def fails(*_: Any, **__: Any) -> Any:
        calls[0] += 1
        raise DOWN[what]()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, name, fails)
        yield calls


def nobody_is_blamed(store: Store) -> None:
    with store.reading() as session:
        assert set(session.scalars(select(Feed.state))) <= {"released", "settled"}
        assert set(session.scalars(select(BillRow.state))) == {"chosen"}
        assert "failed" not in set(session.scalars(select(Delivery.state)))
        told = session.scalars(select(Event.what).where(Event.what.in_(["failed", "held", "rejected"])))
        assert told.all() == []
    assert not any(check(store).invariants.values())


@pytest.mark.beside_any_database
@pytest.mark.parametrize(("what", "lasts"), OF_BLOBS)
def test_blobs_are_down(pipeline: Pipeline, store: Store, what: str, lasts: timedelta) -> None:
    """A feed is read and rendered beside a blob store that is down; the pause grows."""
    for name in ("open", "put"):
        drop_feed(pipeline, f"alice-{name}", ubl("A-1"), ubl("A-2", "C-BOB"))
        every = max(timedelta(seconds=5), lasts / 100)
        with down(type(store.blobs), name, what) as calls:
            live(pipeline, NOW, NOW + lasts, every)
        assert 0 < calls[0] < 60, "it is not asked all the time"
        live(pipeline, NOW + lasts, NOW + lasts + timedelta(minutes=11), timedelta(minutes=1))
        nobody_is_blamed(store)


@pytest.mark.parametrize("what", ["SQLite is full", "PostgreSQL restarts", "a deadlock", "as SQLAlchemy says it"])
@pytest.mark.parametrize(
    ("module", "where"),
    [(read_bills, "stage_items"), (release_feed, "release_items"), (release_feed, "cut_into_chunks")],
    ids=["stage", "claim", "release"],
)
def test_the_database_is_down_while_a_feed_is_read(
    pipeline: Pipeline, store: Store, what: str, module: ModuleType, where: str
) -> None:
    drop_feed(pipeline, "alice", ubl("A-1"), ubl("A-2", "C-BOB"))
    with down(module, where, what):
        live(pipeline, NOW, NOW + A_DAY, timedelta(hours=1))
    live(pipeline, NOW + A_DAY, NOW + A_DAY + timedelta(minutes=11), timedelta(minutes=1))
    nobody_is_blamed(store)


def test_the_database_is_down_when_work_is_to_be_given_back(pipeline: Pipeline, store: Store) -> None:
    """The very row that would say it was an outage cannot be written: it is written when the database is back."""
    drop_feed(pipeline, "alice", ubl("A-1"))
    pipeline.read(NOW)
    for _ in range(8):
        with down(Template, "parts", "PostgreSQL restarts"), down(store, "writing", "PostgreSQL restarts"):
            claims_only(pipeline)
        pass_time(store, timedelta(minutes=1))
        store.catch_up()
    live(pipeline, NOW, NOW + timedelta(minutes=11), timedelta(minutes=1))
    nobody_is_blamed(store)


def claims_only(pipeline: Pipeline) -> None:
    """One round of the pipeline in which the database goes away after the claim."""
    real = Store.writing
    with pytest.MonkeyPatch.context() as patch:
        times = iter([True])

        def once(store: Store) -> Any:
            if next(times, False):
                return real(store)
            raise DOWN["PostgreSQL restarts"]()

        patch.setattr(pipeline.store, "writing", lambda: once(pipeline.store))
        pipeline.work_chunk(NOW)


@pytest.mark.beside_any_database
def test_the_print_house_is_down(pipeline: Pipeline, store: Store) -> None:
    drop_feed(pipeline, "alice", ubl("A-1"))
    pipeline.work_until_idle(NOW)
    with down(print_handover, "write_lot", "the disk is full") as calls:
        live(pipeline, NOW, NOW + timedelta(days=DAYS_OF_PRINTING), timedelta(minutes=10))
    assert calls[0] > 5
    late = NOW + timedelta(days=DAYS_OF_PRINTING)
    live(pipeline, late, late + timedelta(minutes=11), timedelta(minutes=1))
    nobody_is_blamed(store)
    with store.reading() as session:
        assert session.scalars(select(PrintBatch.state)).all() == ["handed_over"]


@pytest.mark.beside_any_database
def test_the_relay_is_down_and_a_password_mail_waits_as_long(pipeline: Pipeline, store: Store) -> None:
    with store.writing() as session:
        request_job(session, "already_signed_up", {"email": "alice@example.org"}, NOW)
    live(pipeline, NOW, NOW + timedelta(days=DAYS_OF_MAIL), timedelta(minutes=10))
    with store.reading() as session:
        [job] = session.scalars(select(Job))
        assert (job.state, job.attempts) == ("todo", 0)
        assert 0 < job.setbacks < 125 * DAYS_OF_MAIL


def test_what_was_put_back_is_tried_at_once_by_hand(pipeline: Pipeline, store: Store) -> None:
    """`facteur work --until-idle` asks now: whoever calls it wants to know."""
    drop_feed(pipeline, "alice", ubl("A-1"))
    with down(type(store.blobs), "put", "the disk is full"):
        pipeline.work_until_idle(NOW)
    with store.reading() as session:
        assert session.scalars(select(BillRow.state)).all() == ["released"]
    pipeline.work_until_idle(NOW)
    nobody_is_blamed(store)


def test_what_one_does_for_all_waits_by_hand_too(
    pipeline: Pipeline, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """The bucket goes down when what lay on the stage is to be deleted; what comes after that is done."""
    drop_feed(pipeline, "alice", ubl("A-1"))
    with store.writing() as session:
        session.add(StagingBlob(sha256="0" * 64))
    with down(type(store.blobs), "delete", "the bucket's host") as calls:
        pipeline.work_until_idle(NOW)
    assert calls == [1]
    assert "sweep waits, something outside is down" in caplog.text
    assert not store_is_behind(store)
    nobody_is_blamed(store)


def store_is_behind(store: Store) -> bool:
    """Whether facts are still to be counted."""
    with store.reading() as session:
        return is_any_changed(session)
