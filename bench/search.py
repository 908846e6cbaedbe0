"""Measures the search of a reader with few bills and of one with many, in one store with everybody else's bills.

    python -m bench.search [bills of everybody else] [database URL]

Three readers have 12, 500 and 50,000 bills (a tenth of what everybody else has, at most). Each search is a page of 24,
the newest first: a word of every bill, of some, of one, an amount, the beginning of a word, and what nobody has. 50,000
bills should be like 500. PostgreSQL: name the URL of an empty database.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, text

from store import Store, open_store
from store.accounts.consumer import Consumer, Enrolment
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_filter import BillFilter
from store.bills.bills_of_consumer import bills_of_consumer
from store.db.bulk_insert import insert_rows
from store.feeds.feed import receive_feed
from store.issuer import Issuer
from store.search.amount_token import amount_token
from store.search.bill_tokens import add_words
from store.search.day_token import day_tokens
from store.search.search_entry import SearchEntry, place_of
from store.vault.key_ring import KeyRing

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FIRST = date(2016, 1, 1)
ROUNDS = 7
SEARCHES = ("électricité", "régularisation", "numéro", "84,20", "elec", "piscine", "janvier", "consommation heures")
_WORDS = "Électricité consommation heures pleines abonnement mensuel contribution acheminement kWh relevé estimé"


def main(others: int, url: str | None) -> None:
    readers = [12, min(500, others), min(50_000, max(others // 10, 1_000))]
    with tempfile.TemporaryDirectory() as folder:
        url = url or f"sqlite:///{folder}/facteur.db"
        store = open_store(url, f"file://{folder}/blobs", KeyRing(b"a secret of the bench, long enough"), Path(folder))
        fill(store, [*readers, *([12] * (others // 12))])
        print(f"{'search':24}" + "".join(f"{count:>12,}" for count in readers) + "  ms, and the most by the few")
        for asked in SEARCHES:
            took = [seconds(store, reader, asked) * 1000 for reader in range(1, len(readers) + 1)]
            print(f"{asked:24}" + "".join(f"{each:12.2f}" for each in took) + f"{took[-1] / took[-2]:8.1f}")
        store.close()


def fill(store: Store, counts: list[int]) -> None:
    """Insert an account with so many bills for each count; the readers are the consumers of the first three."""
    with store.writing() as session:
        session.add(Issuer(id=1, slug="loire", name="Loire", profile="", added_at=NOW, changed_at=NOW))
        session.flush()
        receive_feed(session, 1, "0" * 64, 1, "feed.xml", "cli", NOW)
        accounts = [
            {
                "id": n,
                "issuer_id": 1,
                "term": "BT-46",
                "value": str(n),
                "address": b"",
                "as_of": FIRST,
                "encrypted_key": b"",
            }
            for n in range(1, len(counts) + 1)
        ]  # fmt: skip
        session.execute(insert(CustomerAccount), accounts)
        for n in range(1, 4):
            session.add(Consumer(id=n, email=f"{n}@example.org", password_hash="-", signed_up_at=NOW))
            session.flush()
            session.add(Enrolment(consumer_id=n, account_id=n, enrolled_at=NOW))
    rows = ((n, k) for n, count in enumerate(counts, 1) for k in range(count))
    bill_id = 0
    while chunk := [each for each, _ in zip(rows, range(5_000))]:  # noqa: B905
        with store.writing() as session:
            made = [_row(bill_id + at, n, k) for at, (n, k) in enumerate(chunk, 1)]
            insert_rows(session, BillRow, made)
            insert_rows(session, SearchEntry, [_entry(row, k) for row, (_, k) in zip(made, chunk, strict=True)])
        bill_id += len(chunk)
    with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE"))


def _row(bill_id: int, account_id: int, k: int) -> dict[str, Any]:
    return {
        "id": bill_id, "uid": f"b-{bill_id}", "issuer_id": 1, "number": f"F-{bill_id}", "feed_id": 1,
        "item_seq": bill_id, "account_id": account_id, "state": "chosen", "type_code": "380",
        "issue_date": FIRST + timedelta(days=k * 7 % 3_900), "currency": "EUR", "payable": Decimal(10),
        "to_pay": Decimal(0),
        "seller_name": "Loire", "buyer_name": "Alice", "line_count": 1, "content": b"", "content_sha256": "0" * 64,
        "body_sha256": "0" * 64, "received_at": NOW, "pdf_sha256": "0" * 64,
    }  # fmt: skip


def _entry(row: dict[str, Any], k: int) -> dict[str, Any]:
    return {
        "place": place_of(row["issue_date"], row["id"]), "bill_id": row["id"], "account_id": row["account_id"],
        "tokens": " ".join(_tokens(row, k)),
    }  # fmt: skip


def _tokens(row: dict[str, Any], k: int) -> Iterator[str]:
    """What a bill of energy says: a word in each hundredth, one in the third, an amount in each thirtieth."""
    tokens: dict[str, None] = {f"f{row['id']}": None, amount_token(row["payable"]): None}
    add_words(tokens, _WORDS)
    if k % 100 == 7:
        add_words(tokens, "régularisation annuelle")
    if k == 3:
        add_words(tokens, "numéro")
    tokens["_84_20" if k % 30 == 5 else f"_{row['id'] % 300}_10"] = None
    yield from tokens
    yield from day_tokens(row["issue_date"])
    yield from (f"n{row['id']}x{n}" for n in range(40))


def seconds(store: Store, consumer_id: int, asked: str) -> float:
    """Return the median wall clock seconds of one page."""
    took = []
    for _ in range(ROUNDS):
        with store.reading() as session:
            began = time.perf_counter()
            bills_of_consumer(session, consumer_id, BillFilter(asked=asked), limit=25)
            took.append(time.perf_counter() - began)
    return median(took)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, sys.argv[2] if len(sys.argv) > 2 else None)
