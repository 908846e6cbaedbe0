"""Measures what the store costs above its driver: items staged and bills released, against the same rows inserted raw.

    python -m bench.store [rounds]

Each round inserts the rows of some feeds into a new store, one transaction a chunk: through `store.db.bulk_insert` from
what the pipeline has, and by the driver alone (`executemany` of SQLite, COPY of PostgreSQL) from tuples that are ready
in the driver's types. Same tables, same indexes, same bytes; the sides take turns. Promised: 75 % at least, 90 % aimed
at. PostgreSQL is a server in a temporary folder, where it is installed.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import psycopg

from bench.ingest import document
from bill import Bill
from feeds.accounts.account_assignment import open_accounts
from feeds.release import _bill_row
from feeds.stage_items import Staged, _item_row
from ingest.xml.document_reader import read_document
from ingest.xml.shapes import ShapeCache
from store import open_store
from store.base import Base
from store.bills.bill import BillRow
from store.db.bulk_insert import insert_rows
from store.feeds.feed import Feed, receive_feed
from store.feeds.item import Item
from store.issuer import Issuer
from store.vault.key_ring import KeyRing
from tests.postgresql_server import Cluster, find_postgres

CHUNK = 500
NOW = datetime(2026, 11, 22, tzinfo=UTC)
Rows = list[dict[str, Any]]


def _bill(n: int) -> Bill:
    bill = read_document(document(n), "usable", "document", ShapeCache()).bill
    assert bill is not None
    return bill


BILLS = [_bill(n) for n in range(CHUNK)]


class Side:
    """A new store with an issuer, a feed and an account, written to through SQLAlchemy or by its driver alone."""

    def __init__(self, url: str, folder: Path) -> None:
        folder.mkdir()
        self.store = open_store(url, f"file://{folder}/blobs", KeyRing(b"a secret of the bench, long enough"), folder)
        with self.store.writing() as session:
            issuer = Issuer(slug="loire", name="Loire", profile="", added_at=NOW, changed_at=NOW)
            session.add(issuer)
            session.flush()
            receive_feed(session, issuer.id, "0" * 64, 1, "feed.xml", "cli", NOW)
            open_accounts(session, issuer.id, 1, {1: BILLS[0]}, None, lambda key: key, NOW)
        self.driver = self._connect(url)

    def _connect(self, url: str) -> sqlite3.Connection | psycopg.Connection[Any]:
        if not self.store.is_sqlite:
            return psycopg.connect(url.replace("+psycopg", ""))
        driver = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            driver.execute(f"PRAGMA {pragma}")
        return driver

    def ours(self, noun: type[Base], rows: Rows) -> None:
        """Insert through `store.db.bulk_insert`."""
        with self.store.writing() as session:
            insert_rows(session, noun, rows, new=noun is BillRow)

    def ready(self, noun: type[Base], rows: Rows) -> tuple[str, list[tuple[Any, ...]]]:
        """Return the statement and the rows as the driver takes them."""
        table, dialect = noun.__table__, self.store.engine.dialect
        columns = [table.c[name] for name in rows[0]]
        each = [
            column.type.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value) for column in columns
        ]
        ready = [tuple(process(row[c.name]) for c, process in zip(columns, each, strict=True)) for row in rows]
        names = ", ".join(rows[0])
        if self.store.is_sqlite:
            conflict = " ON CONFLICT DO NOTHING" if noun is BillRow else ""
            return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * len(columns))}){conflict}", ready
        return f"COPY {table.name} ({names}) FROM STDIN", ready

    def raw(self, statement: str, ready: Sequence[tuple[Any, ...]]) -> None:
        """Insert by the driver alone."""
        if isinstance(self.driver, sqlite3.Connection):
            self.driver.execute("BEGIN IMMEDIATE")
            self.driver.executemany(statement, ready)
            self.driver.execute("COMMIT")
            return
        with self.driver.transaction(), self.driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in ready:
                copy.write_row(row)


def rows_of(noun: type[Base], chunk: int) -> Rows:
    """Return a chunk's rows: staged items or released bills."""
    numbered = [msgspec.structs.replace(bill, number=f"{chunk}-{n}") for n, bill in enumerate(BILLS)]
    entries = [Staged(chunk * CHUNK + n, "invoice", "0" * 64, bill.number, bill, ()) for n, bill in enumerate(numbered)]
    items = [_item_row(1, entry) for entry in entries]
    if noun is Item:
        return items
    feed = Feed(id=1, issuer_id=1, received_at=NOW)
    return [
        _bill_row(feed, Item(**item), bill, 1, NOW.date()) | {"used_unit": ""}
        for item, bill in zip(items, numbered, strict=True)
    ]


def seconds(write: Callable[[], None]) -> float:
    """Return the wall clock seconds that *write* takes."""
    began = time.perf_counter()
    write()
    return time.perf_counter() - began


def compare(name: str, url: Callable[[], str], folder: Path, rounds: int) -> None:
    """Print the ratio, by wall clock, because a store waits for the disk."""
    ours, raw = Side(url(), folder / "ours"), Side(url(), folder / "raw")
    print(f"{name}, chunks of {CHUNK}, medians of {rounds}")
    for noun in (Item, BillRow):
        taken: list[tuple[float, float]] = []
        for chunk in range(rounds):
            rows = rows_of(noun, chunk)
            ready = raw.ready(noun, rows)
            taken.append((seconds(lambda: ours.ours(noun, rows)), seconds(lambda: raw.raw(*ready))))  # noqa: B023
        through, alone = (median(pair[side] for pair in taken) for side in (0, 1))
        what = "items staged" if noun is Item else "bills released"
        speeds = f"{CHUNK / through:8.0f} /s, by the driver alone {CHUNK / alone:8.0f} /s"
        print(f"  {what:15} {speeds}  {100 * alone / through:3.0f} %")
    ours.store.close()
    raw.store.close()
    raw.driver.close()


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sqlite").mkdir()
        files = iter([folder / "sqlite" / "ours.db", folder / "sqlite" / "raw.db"])
        compare("SQLite", lambda: f"sqlite:///{next(files)}", folder / "sqlite", rounds)
        binaries = find_postgres()
        if binaries is None:
            print("PostgreSQL: there is no server here")
            return
        (folder / "postgres").mkdir()
        with Cluster(binaries) as cluster:
            compare("PostgreSQL", cluster.clone, folder / "postgres", rounds)


if __name__ == "__main__":
    main()
