"""Fills a store with a million bills by SQL in a minute or two, for benchmarks at that size.

    python -m bench.million_bill_store FOLDER|URL [bills]

FOLDER takes a SQLite store, URL is a PostgreSQL, whose blobs go to ./million.home.

Five issuers (the first has half of the bills, the last a hundredth), twelve months, a feed for each month and issuer,
an account for each bill of a month; deliveries, attempts, views, and an event for each change of state. The rows are as
the pipeline would have left them: `facteur check` finds nothing as of the day of filling. All bills say the same and
have a PDF in the archive, except for its real size: 64 kB of template, 300 bytes of its own.
"""

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection, insert, select, text

from bench import million_bill_rows as rows
from bench.million_bill_rows import Drop, Piece
from store import Store, open_store
from store.db.database_engine import writing_engine
from store.facts.fact_trigger import drop_triggers, put_triggers
from store.feeds.chunk import CHUNK_SIZE, Chunk
from store.feeds.feed import Feed
from store.feeds.feed_counts_as_read import FeedCounts
from store.feeds.feed_outcome_counts import keep_tallies
from store.feeds.items_by_outcome import outcome_totals
from store.issuer import Issuer, TemplateRow
from store.last_worked_as_of import note_work
from store.vault.key_ring import KeyRing
from store.vault.pdf_segment import archived, write_segment

MONTHS: Final = 12
#: Where each issuer's share of a month's bills ends.
ISSUERS: Final = (("lumiere", 0.5), ("eaux", 0.75), ("gaz", 0.9), ("telecom", 0.99), ("mairie", 1.0))
#: Accounts that one property manager holds.
MANAGED: Final = 400
SECRET: Final = b"a secret of the bench, long enough"
_PIECE: Final = 10_000
#: Tables whose ids are set here; PostgreSQL's sequences continue from them.
_NUMBERED: Final = ("consumer", "issuer", "template", "account", "feed", "bill", "print_batch")
_PREFIX: Final = b"%PDF-1.7\n" + b"%what all PDFs of a template begin with\n" * 1_600
_SUFFIX: Final = b"%what a bill adds of its own\n" * 10


def fill(store: Store, bills: int = 1_000_000, now: datetime | None = None) -> None:
    """Fill a new store with *bills* bills, as of the moment *now*."""
    now = now or datetime.now(UTC)
    accounts = -(-bills // MONTHS)
    people = max(accounts // 5, 1)
    encrypted_key = store.encryptor.encrypt_key(b"k" * 32)
    template = {"version": "bench", "prefix_sha256": store.blobs.put(_PREFIX), "made_at": now}
    bounds = [0, *(round(accounts * share) for _, share in ISSUERS)]
    began = now - timedelta(days=400)
    with writing(store) as connection:
        drop_triggers(connection)  # everything is counted at the end, as after a migration
        rows.consumers(connection, people, began)
        for issuer_id, (slug, _) in enumerate(ISSUERS, 1):
            at = {"added_at": began, "changed_at": began}
            connection.execute(insert(Issuer), [{"id": issuer_id, "slug": slug, "name": slug.title(), **at}])
            connection.execute(insert(TemplateRow), [{"id": issuer_id, "issuer_id": issuer_id, **template}])
            first, last = bounds[issuer_id - 1] + 1, bounds[issuer_id]
            if first <= last:
                rows.accounts(connection, issuer_id, first, last, encrypted_key, began)
        rows.enrolments(connection, people, MANAGED, began)
    for drop in _drops(bills, accounts, bounds, now):
        with writing(store) as connection:
            add_feed(store, connection, drop, encrypted_key)
    _finish(store, now)


def _drops(bills: int, accounts: int, bounds: list[int], now: datetime) -> Iterator[Drop]:
    """Yield the feeds, oldest month first. The latest came yesterday and may lack some bills."""
    feed_id = 0
    for month in range(MONTHS):
        is_latest = month == MONTHS - 1
        at = (now - timedelta(days=30 * (MONTHS - 1 - month) + 1)).replace(microsecond=0)
        before = month * accounts
        for issuer_id in range(1, len(bounds)):
            first, last = bounds[issuer_id - 1] + 1, min(bounds[issuer_id], bills - before)
            if first <= last:
                feed_id += 1
                yield Drop(
                    feed_id, issuer_id, first, last, before + first, _issued(at), at, now if is_latest else None
                )  # fmt: skip


def _issued(at: datetime) -> date:
    return at.date() - timedelta(days=1)


def add_feed(store: Store, connection: Connection, drop: Drop, encrypted_key: bytes) -> None:
    """Insert a feed with its items, bills, deliveries, attempts and events."""
    settled = {"state": "released"} if drop.is_latest else {"state": "settled", "settled_at": rows.posted(drop)}
    feed = {
        "id": drop.feed_id, "issuer_id": drop.issuer_id, "sha256": f"{drop.feed_id:064}", "size": 3_000 * drop.bills,
        "name": f"lot-{drop.issued}.xml", "door": "sftp", "format": "ubl", "received_at": drop.at, "read_at": drop.at,
        "released_at": drop.at, "entries": drop.bills, "released_upto": drop.bills, **settled,
    }  # fmt: skip
    connection.execute(insert(Feed), [feed])
    bill = rows.a_bill()
    for first in range(drop.first, drop.last + 1, _PIECE):
        last = min(first + _PIECE - 1, drop.last)
        rows.bills(connection, drop, _archive(store, drop, first, last, encrypted_key), rows.text_of(bill))
    rows.items(connection, drop)
    rows.batch(connection, drop)
    rows.deliveries(connection, drop)
    rows.attempts(connection, drop)
    rows.events(connection, drop)
    worked = {"feed_id": drop.feed_id, "work": "choose", "state": "done"}
    chunks = [
        worked | {"first_seq": seq, "last_seq": min(seq + CHUNK_SIZE - 1, drop.bills)}
        for seq in range(1, drop.bills + 1, CHUNK_SIZE)
    ]
    connection.execute(insert(Chunk), chunks)


def _archive(store: Store, drop: Drop, first: int, last: int, encrypted_key: bytes) -> Piece:
    """Encrypt the PDFs of these accounts' bills into one segment."""
    ids = [(account_id + drop.first_bill - drop.first, account_id) for account_id in range(first, last + 1)]
    parts = [_SUFFIX]
    places = write_segment(
        store.blobs, store.encryptor, [(bill_id, account_id, encrypted_key, parts) for bill_id, account_id in ids]
    )
    begins, second = places[ids[0][0]], places[ids[-1][0]]
    assert second.at == begins.at + (len(ids) - 1) * begins.length, "records of one length lie side by side"
    [said] = archived(drop.issuer_id, _PREFIX, {ids[0][0]: parts}, {ids[0][0]: begins})
    same = ("template_id", "segment_sha256", "pdf_sha256", "pdf_size")
    return Piece(first, last, {name: said[name] for name in same}, begins.at, begins.length)


def _finish(store: Store, now: datetime) -> None:
    """Complete what depends on all rows: letters by batch, counts by feed, the planner's statistics."""
    with writing(store) as connection:
        rows.count_letters(connection)
        put_triggers(connection)
    with store.writing() as session:
        for feed in session.scalars(select(Feed)):
            tally = outcome_totals(session, feed.id)["bill"]
            feed.counted = msgspec.to_builtins(
                FeedCounts(items=tally.items, counts={"EUR": tally.items}, sums=tally.sums)
            )
            keep_tallies(session, feed.id)
        note_work(session, now, now)
    if not store.is_sqlite:
        _settle_postgresql(store)


def _settle_postgresql(store: Store) -> None:
    """Move the id sequences behind our rows, and do what autovacuum would have done by then."""
    with store.writing() as session:
        for table in _NUMBERED:
            session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"))
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


@contextmanager
def writing(store: Store) -> Iterator[Connection]:
    """Open one transaction without waiting for the disk and without checking the rows."""
    with writing_engine(store.engine).connect() as connection:
        driver = connection.connection.driver_connection
        if store.is_sqlite:
            assert isinstance(driver, sqlite3.Connection)
            for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000"):
                driver.execute(f"PRAGMA {pragma}")
        with connection.begin():
            yield connection
        if store.is_sqlite:
            connection.detach()  # this connection's settings must not return to the pool


def open_for(where: str) -> Store:
    """Open the store at a URL or in a folder."""
    url = where if "://" in where else f"sqlite:///{Path(where).absolute() / 'facteur.db'}"
    home = Path("million.home" if "://" in where else where).absolute()
    home.mkdir(parents=True, exist_ok=True)
    return open_store(url, (home / "blobs").as_uri(), KeyRing(SECRET), home / "incoming")


def main() -> None:
    store = open_for(sys.argv[1])
    bills = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    began = time.perf_counter()
    fill(store, bills)
    print(f"{bills} bills in {time.perf_counter() - began:.0f} s")
    store.close()


if __name__ == "__main__":
    main()
