"""The open store: database sessions, blobs, encryptor and wake-up signal together."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Executable, select
from sqlalchemy.orm import Session

from store.base import insert_new
from store.blobs.blob_store import Blobs
from store.db.database_engine import writing_engine
from store.db.wake_up_signal import WakeUpSignal
from store.outage_or_fault import is_outage
from store.public_id import PublicIdKey, PublicIds
from store.vault.encryption import Encryptor
from store.vault.key_ring import KeyRing
from store.vault.pdf_segment import Archive


class _Reading(Session):
    """A session that only reads. It opens its connection when it is first asked for one, and knows it: a page asks a
    dozen times, and for little else (docs/fast-paths.md). Nothing is committed; what it has read is one snapshot."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, expire_on_commit=False)
        self._engine = engine
        self._known: Connection | None = None

    def connection(self, *args: Any, **options: Any) -> Connection:
        if args or options:
            return super().connection(*args, **options)
        if self._known is None or self._known.closed:
            if self.in_transaction():
                self._known = super().connection()
            else:
                self._known = self.bind = self._engine.connect()
        return self._known

    def close(self) -> None:
        super().close()
        if self._known is not None:
            self._known.close()
            self._known, self.bind = None, self._engine


class Store:
    """The open store: database sessions by `reading()` and `writing()`, blobs, key ring and encryptor. Send `wake_up`
    after a commit, never inside."""

    def __init__(self, engine: Engine, blobs: Blobs, keys: KeyRing, wake_up: WakeUpSignal, incoming: Path) -> None:
        self.engine = engine
        self.blobs = blobs
        self.keys = keys
        self.encryptor = Encryptor(keys)
        self.wake_up = wake_up
        self.incoming = incoming  # the folder of incoming uploads
        self._writing = writing_engine(engine)
        # SQLite's readers see a snapshot anyway.
        self._snapshot = engine if self.is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
        self._unwritten: list[Executable] = []

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads."""
        with _Reading(self.engine) as session:
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
        return Archive(session, self.blobs, self.encryptor)

    @cached_property
    def public_ids(self) -> PublicIds:
        """What rows are called outside. Their key is made when it is first needed."""
        with self.reading() as session:
            key = session.scalar(select(PublicIdKey.key))
        if key is None:
            with self.writing() as session:
                insert_new(session, PublicIdKey, [{"id": 1, "key": os.urandom(16)}])
                key = session.scalars(select(PublicIdKey.key)).one()
        return PublicIds(key)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        self.engine.dispose()
