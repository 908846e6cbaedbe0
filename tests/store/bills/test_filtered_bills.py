"""The bills of one consumer that a filter leaves: each filter alone and all together, page by page, by index."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from bill import CREDIT_NOTE_TYPES, Instalment
from bill.payment.document_amount import CORRECTIVE_TYPES
from store import Store
from store.accounts.consumer import Consumer, Enrolment
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import PRESENTABLE, BillRow, new_uid, pack_instalments
from store.bills.bill_filter import EVERYTHING, BillFilter
from store.bills.bill_tag import tag_bill
from store.bills.bills_of_consumer import bills_of_consumer
from store.feeds.feed import receive_feed
from store.issuer import Issuer
from store.search.search_entry import SearchEntry, place_of

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ME, OTHER = 1, 2
#: Accounts of three issuers: mine, one that I left, one that is somebody else's.
MINE, LEFT, NOT_MINE = (1, 2, 3, 4), 5, 6
ISSUERS = {1: 1, 2: 1, 3: 2, 4: 3, 5: 1, 6: 1}


def _row(n: int) -> dict[str, Any]:
    """The n-th bill: each property has a rhythm of its own, so that all combinations occur."""
    account = 1 + n % 6
    parts = (Instalment(amount=Decimal(5), due=date(2026, 4, 1)), Instalment(amount=Decimal(5), due=date(2026, 5, 1)))
    type_code = {0: "381", 5: "384", 7: "386"}.get(n % 11, "380")
    return {
        "id": n, "uid": new_uid(), "issuer_id": ISSUERS[account], "number": f"F-{n}", "feed_id": 1, "item_seq": n,
        "account_id": account, "state": "released" if n % 17 == 0 else "chosen", "type_code": type_code,
        "issue_date": date(2023, 11, 1) + timedelta(days=n * 7 % 800), "currency": "EUR", "payable": Decimal(10),
        "to_pay": Decimal(0 if n % 3 else 10), "seller_name": "Lumière", "buyer_name": "Alice", "line_count": 1,
        "content": b"", "content_sha256": "0" * 64, "body_sha256": "0" * 64, "received_at": NOW, "pdf_sha256": "0" * 64,
        "said_paid_at": NOW if n % 2 else None, "said_paid": Decimal(4) if n % 4 == 1 else None,
        "instalments": pack_instalments(parts) if n % 7 == 0 else None,
    }  # fmt: skip


def _tokens(n: int) -> str:
    return f"f-{n} {'froid' if n % 5 == 0 else 'chaud'}"


@pytest.fixture
def bills(store: Store) -> list[BillRow]:
    with store.writing() as session:
        for each in (ME, OTHER):
            session.add(Consumer(id=each, email=f"{each}@example.org", password_hash="-", signed_up_at=NOW))
        names = {1: "Lumière", 2: "Eaux", 3: "Gaz froid"}
        for n, name in names.items():
            session.add(Issuer(id=n, slug=f"i{n}", name=name, added_at=NOW, changed_at=NOW))
        session.flush()
        for account_id, issuer_id in ISSUERS.items():
            session.add(CustomerAccount(
                id=account_id, issuer_id=issuer_id, term="BT-46", value=f"C-{account_id}", address=b"",
                as_of=date(2026, 1, 1), encrypted_key=b"",
            ))  # fmt: skip
        session.flush()
        for account_id in (*MINE, LEFT):
            ended = NOW if account_id == LEFT else None
            session.add(Enrolment(consumer_id=ME, account_id=account_id, enrolled_at=NOW, ended_at=ended))
        session.add(Enrolment(consumer_id=OTHER, account_id=NOT_MINE, enrolled_at=NOW))
        receive_feed(session, 1, "0" * 64, 1, "a.xml", "cli", NOW)
        rows = [BillRow(**_row(n)) for n in range(1, 301)]
        session.add_all(rows)
        session.flush()
        for n in range(9, 301, 9):
            tag_bill(session, ME, n, "Impôts" if n % 2 else "impots", NOW)
            tag_bill(session, OTHER, n + 1, "Impôts", NOW)
        session.add_all(
            SearchEntry(
                place=place_of(row.issue_date, row.id),
                bill_id=row.id,
                account_id=row.account_id,
                tokens=_tokens(row.id),
            )
            for row in rows
        )
        session.flush()
        session.expunge_all()
    return rows


def _leaves(only: BillFilter, row: BillRow) -> bool:
    """What the filter says, in plain words."""
    open_ = row.said_paid_at is None or (row.said_paid is not None and row.said_paid < row.to_pay)
    is_credit, is_corrective = row.type_code in CREDIT_NOTE_TYPES, row.type_code in CORRECTIVE_TYPES
    is_kind = {
        None: True, "credit_note": is_credit, "corrective": is_corrective, "invoice": not (is_credit or is_corrective),
        "instalments": row.instalments is not None,
    }  # fmt: skip
    is_tagged = not only.tag or (row.id % 9 == 0 and only.tag == "impots")
    says = only.asked in _tokens(row.id) or (only.asked == "froid" and row.issuer_id == 3)
    return (
        row.account_id in MINE and row.state in PRESENTABLE and is_kind[only.kind] and says and is_tagged
        and only.issuer_id in (None, row.issuer_id) and only.account_id in (None, row.account_id)
        and only.year in (None, row.issue_date.year) and (not only.is_unpaid or (row.to_pay > 0 and open_))
    )  # fmt: skip


ALL_FILTERS = [
    BillFilter(issuer, account, year, kind, is_unpaid, tag, asked)
    for issuer, account, year, kind, is_unpaid, tag, asked in product(
        (None, 1, 2, 99), (None, 2, NOT_MINE, LEFT), (None, 2025, 1),
        (None, "invoice", "credit_note", "corrective", "instalments"), (False, True),
        ("", "impots", "garage"), ("", "froid"),
    )
]  # fmt: skip


def test_each_filter_alone_and_all_together(store: Store, bills: list[BillRow]) -> None:
    newest = sorted(bills, key=lambda row: (row.issue_date, row.id), reverse=True)
    with store.reading() as session:
        for only in ALL_FILTERS[::23] + [each for each in ALL_FILTERS if len(each.parts) <= 1]:
            right = [row.id for row in newest if _leaves(only, row)]
            assert [row.id for row, _ in bills_of_consumer(session, ME, only, limit=1000)] == right, only


def test_the_pages_together_are_the_whole(store: Store, bills: list[BillRow]) -> None:
    with store.reading() as session:
        for only in (
            EVERYTHING,
            BillFilter(issuer_id=1, kind="invoice"),
            BillFilter(is_unpaid=True),
            BillFilter(tag="impots"),
        ):
            whole = [row.id for row, _ in bills_of_consumer(session, ME, only, limit=1000)]
            assert len(whole) > 15
            assert _pages(session, only) == whole


def _pages(session: Session, only: BillFilter) -> list[int]:
    found: list[int] = []
    before = None
    while page := bills_of_consumer(session, ME, only, before, 7):
        found += [row.id for row, _ in page]
        before = page[-1][0].issue_date, page[-1][0].id
    return found


INDEXES = {
    EVERYTHING: "ix_bill_account_id_issue_date_id", BillFilter(year=2025): "ix_bill_account_id_issue_date_id",
    BillFilter(is_unpaid=True): "ix_bill_to_pay", BillFilter(kind="credit_note"): "ix_bill_uncommon",
    BillFilter(issuer_id=1, kind="instalments"): "ix_bill_uncommon", BillFilter(tag="impots"): "bill_tag",
}  # fmt: skip


def test_every_filter_reads_its_bills_by_index(store: Store, bills: list[BillRow]) -> None:
    """No query reads through a table."""
    asked: list[tuple[str, Any]] = []
    with store.reading() as session:
        event.listen(store.engine, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
        for only in INDEXES:
            bills_of_consumer(session, ME, only, (date(2025, 6, 1), 40), 7)
        questions = [each for each in asked if "FROM bill" in each[0] or "JOIN bill" in each[0]]
        assert len(questions) == len(INDEXES)
        explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
        if not store.is_sqlite:
            session.execute(text("SET enable_seqscan = off"))
        for (question, values), (only, index) in zip(questions, INDEXES.items(), strict=True):
            steps = session.connection().exec_driver_sql(f"{explain} {question}", values)
            plan = "\n".join(str(step[-1]) for step in steps)
            assert index in plan, (only, plan)
            assert "SCAN bill" not in plan
