"""Measures the CPU time of choosing the channels of many bills: the pure part alone, then with the store.

    python -m bench.choosing [BILLS] [URL]      1,000,000 bills and a new SQLite by default

A quarter of the accounts are without paper and each has a year of bills behind it, as in the second year of an issuer.
Promised: choosing costs no more than a millisecond of CPU a bill, and the same number of queries for any chunk.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import event, select

from bill import Bill, PostalAddress, Totals, pack
from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.choice_inputs import ChoiceInputs
from delivery.choosing.choose_channel import choose, choose_bills
from delivery.choosing.planned_delivery import Holder
from delivery.choosing.print_deadline import BillFacts
from delivery.choosing.risk_score import ReadingHistory
from issuers.profile import Policy
from store import Store
from store.accounts.consumer import Consumer, Enrolment
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.bulk_insert import insert_rows
from store.db.wake_up_signal import NoWakeUpSignal
from store.feeds.chunk import CHUNK_SIZE
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.open_store import open_store
from store.vault.key_ring import KeyRing

PROMISED: Final = 0.001
NOW: Final = datetime(2026, 3, 3, 9, tzinfo=UTC)
HISTORY: Final = 12
_PLACES: Final = ("44000", "67000", "97400", "20000", "97200", "75011", "59000", "98800")


def main(bills: int, url: str | None) -> None:
    """Print what a bill costs in each part."""
    began = time.process_time()
    for inputs in islice(_inputs(), bills):
        choose(inputs)
    pure = (time.process_time() - began) / bills
    print(f"pure       {bills:>9,} bills  {pure * 1e6:8.1f} µs of CPU a bill")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        store = open_store(url or f"sqlite:///{place}/bench.db", place.as_uri(), _keys(), place, NoWakeUpSignal())
        _fill(store, bills)
        stored, queries = _choose_all(store, bills)
    print(f"with store {bills:>9,} bills  {stored * 1e6:8.1f} µs of CPU a bill, queries a chunk: {queries}")
    if stored > PROMISED:
        sys.exit(f"promised: {PROMISED * 1e6:.0f} µs a bill")


def _keys() -> KeyRing:
    return KeyRing(b"a secret for a bench, long enough to be one")


def _inputs() -> Iterator[ChoiceInputs]:
    """Bills of all kinds, without end."""
    calendar, policy, n = Calendar(), Policy(), 0
    while True:
        n += 1
        issued = date(2026, 3, 1) - timedelta(days=n % 20)
        facts = BillFacts(
            issued=issued, received=issued, due=issued + timedelta(days=15 + n % 40), is_collected=n % 3 == 0,
            is_to_pay=n % 3 != 0, region=("", "6AE", "974")[n % 3], time_zone="Indian/Reunion" if n % 3 == 2 else "",
        )  # fmt: skip
        yield ChoiceInputs(
            bill=facts, holders=(Holder(person_id=n),) if n % 2 else (), policy=policy, calendar=calendar, now=NOW,
            paperless=n % 4 == 1, history=ReadingHistory(shown=n % 13, unread_in_row=n % 5 // 3),
        )  # fmt: skip


def _fill(store: Store, bills: int) -> None:
    """Write accounts with a year of bills that were chosen, and one each that is rendered."""
    accounts = bills
    key = store.encryptor.encrypt_key(b"k" * 32)
    content = pack(Bill(number="1", issue_date=NOW.date(), currency="EUR", totals=Totals(payable=Decimal(50))))
    with store.writing() as session:
        session.add(Issuer(id=1, slug="lumiere", name="Lumière", profile="", added_at=NOW, changed_at=NOW))
        session.flush()
        session.add(
            Feed(id=1, issuer_id=1, sha256="0" * 64, name="f", size=1, door="cli", state="released", received_at=NOW)
        )
    for first in range(1, accounts + 1, 5000):
        ids = range(first, min(first + 5000, accounts + 1))
        with store.writing() as session:
            insert_rows(session, CustomerAccount, [_account(each, key) for each in ids])
            insert_rows(session, Consumer, [_consumer(each) for each in ids if each % 2])
            insert_rows(session, Enrolment, [
                {"consumer_id": each, "account_id": each, "enrolled_at": NOW} for each in ids if each % 2
            ])  # fmt: skip
            insert_rows(session, BillRow, [
                _bill(each, month, content) for each in ids for month in range(HISTORY + 1)
            ])  # fmt: skip


def _account(n: int, key: bytes) -> dict[str, Any]:
    address = PostalAddress(line1="1 rue du Port", postcode=_PLACES[n % len(_PLACES)], city="Ici", country="FR")
    paperless = n % 4 == 1
    return {
        "id": n, "issuer_id": 1, "term": "BT-46", "value": f"C-{n}", "number_key": f"C-{n}",
        "address": msgspec.msgpack.encode(address), "as_of": NOW.date(), "paperless": paperless, "encrypted_key": key,
        "paperless_since": NOW - timedelta(days=400) if paperless else None,
    }  # fmt: skip


def _consumer(n: int) -> dict[str, Any]:
    return {
        "id": n, "email": f"c{n}@example.org", "password_hash": "-", "signed_up_at": NOW, "confirmed_at": NOW,
    }  # fmt: skip


def _bill(account: int, month: int, content: bytes) -> dict[str, Any]:
    """The account's bill so many months ago; that of this month is not chosen yet."""
    seq = (account - 1) * (HISTORY + 1) + month
    issued, is_old = NOW.date() - timedelta(days=30 * month), month > 0
    return {
        "uid": f"u{seq}", "issuer_id": 1, "number": f"F-{seq}", "feed_id": 1, "item_seq": seq, "account_id": account,
        "state": "chosen" if is_old else "rendered", "type_code": "380", "issue_date": issued,
        "due_date": issued + timedelta(days=30), "currency": "EUR", "payable": Decimal(50), "to_pay": Decimal(50),
        "seller_name": "L", "buyer_name": "C", "line_count": 0, "content": content, "content_sha256": "-",
        "body_sha256": "-", "received_at": datetime(issued.year, issued.month, issued.day, tzinfo=UTC),
        "pdf_sha256": "-", "channel": ("portal" if account % 4 == 1 else "paper") if is_old else None,
        "viewed_at": NOW - timedelta(days=30 * month) if is_old and account % 3 else None,
        "posted_at": NOW - timedelta(days=30 * month - 10) if is_old and not account % 3 else None,
    }  # fmt: skip


def _choose_all(store: Store, bills: int) -> tuple[float, list[int]]:
    """Choose by the chunk. Returns the seconds of CPU a bill, and how many statements the chunks took."""
    asked, counts, calendar = [0], set[int](), Calendar()

    def heard(*_: object) -> None:
        asked[0] += 1

    event.listen(store.engine, "before_cursor_execute", heard)
    began, after = time.process_time(), 0
    while True:
        asked[0] = 0
        with store.writing() as session:
            mine = select(BillRow).where(BillRow.state == "rendered", BillRow.id > after)
            rows = list(session.scalars(mine.order_by(BillRow.id).limit(CHUNK_SIZE)))
            if not rows:
                break
            choose_bills(session, rows, NOW, calendar)
        after = rows[-1].id
        counts |= {asked[0]} if len(rows) == CHUNK_SIZE else set()
    return (time.process_time() - began) / bills, sorted(counts)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, sys.argv[2] if len(sys.argv) > 2 else None)
