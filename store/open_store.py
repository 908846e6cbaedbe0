"""Open the store from its URLs: database engine, blob store, encryptor and wake-up signal together."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, Engine, Executable, create_engine, event, literal, select
from sqlalchemy.engine.url import make_url
from sqlalchemy.orm import Session

from store.blobs.blob_store import Blobs
from store.blobs.folder_blobs import FolderBlobs
from store.db.wake_up_signal import NoWakeUpSignal, WakeUpSignal
from store.feeds.feed import Feed
from store.outage_detection import is_outage
from store.vault.encryption import Encryptor
from store.vault.pdf_segment import Archive

#: Seconds that a writer of SQLite waits for another.
PATIENCE: Final = 30


class Store:
    """The open store: database sessions by `reading()` and `writing()`, blobs and encryptor. Send `wake_up` after a
    commit, never inside."""

    def __init__(self, engine: Engine, blobs: Blobs, sealer: Encryptor, wake_up: WakeUpSignal, incoming: Path) -> None:
        self.engine = engine
        self.blobs = blobs
        self.sealer = sealer
        self.wake_up = wake_up
        self.incoming = incoming  # the folder of incoming uploads
        self._writing = engine.execution_options(writing=True)
        # SQLite's readers see a snapshot anyway.
        self._snapshot = engine if self.is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
        self._unwritten: list[Executable] = []

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def looking_once(self) -> Iterator[Session]:
        """A session that reads one snapshot of the database, for several queries."""
        with Session(self._snapshot, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back on an error."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def write_in_time(self, statement: Executable) -> None:
        """Execute one statement, or keep it for `catch_up` while the database is down. It must be harmless when
        executed late."""
        self._unwritten.append(statement)
        self.catch_up()

    def catch_up(self) -> None:
        """Execute the statements kept while the database was down."""
        if not self._unwritten:
            return
        try:
            with self.writing() as session:
                for statement in self._unwritten:
                    session.execute(statement)
        except Exception as error:
            if not is_outage(error):
                raise
        else:
            self._unwritten.clear()

    def archive(self, session: Session) -> Archive:
        """A reader of archived PDFs."""
        return Archive(session, self.blobs, self.sealer)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        self.engine.dispose()


def open_store(
    database_url: str, blobs_url: str, secret: bytes, incoming: Path, wake_up: WakeUpSignal | None = None
) -> Store:
    """Open the store that these URLs name, and migrate its tables (`store.db.migrations`)."""
    from store.db.migrations import bring_up_to_date

    engine = make_engine(database_url)
    bring_up_to_date(engine)
    blobs = open_blobs(blobs_url, is_new=_is_new(engine))
    return Store(engine, blobs, Encryptor(secret), wake_up or NoWakeUpSignal(), incoming)


def _is_new(engine: Engine) -> bool:
    """Whether no feed was ever dropped here."""
    with engine.connect() as connection:
        return connection.execute(select(literal(1)).select_from(Feed).limit(1)).first() is None


def make_engine(database_url: str) -> Engine:
    """A database engine with the settings that the store needs, for SQLite or PostgreSQL."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    engine = create_engine(url, connect_args={"timeout": PATIENCE, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """Turn JIT off: compiling a query takes up to half a second, longer than any of ours runs."""
    connection.execute("SET jit = off")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL lets readers read while one writes; FULL keeps commits through a power loss."""
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={PATIENCE * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the beginning: a reader that becomes a writer half-way could not wait for it."""
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def open_blobs(url: str, *, is_new: bool = True) -> Blobs:
    """The blob store of a URL: `file:///path` or `s3://bucket/prefix`. *is_new*: nothing was stored in it yet."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderBlobs(Path(unquote(parts.path)), is_new=is_new)
    if parts.scheme == "s3":
        from store.blobs.s3_blobs import S3Blobs  # boto3 takes half a second to import: only where it is used

        return S3Blobs(parts.netloc, parts.path.strip("/"))
    raise ValueError(f"FACTEUR_BLOBS_URL={url!r}: give file:///path or s3://bucket/prefix")
