"""The bills of one issuer that a filter leaves: each filter alone and all together, page by page, by index."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills import issuer_bills
from store.bills.bill import BillRow, new_uid
from store.bills.issuer_bills import ASKED_STATES, BillPlace, IssuerBillFilter, bills_of_issuer
from store.feeds.feed import receive_feed
from store.issuer import Issuer

NOW: Final = datetime(2026, 3, 3, 9, tzinfo=UTC)
#: Of the first issuer: 1 and 2 are out, 3 is held; 4 is the other issuer's.
FEEDS: Final = {1: ("released", 1), 2: ("settled", 1), 3: ("held", 1), 4: ("released", 2)}
MANY: Final = 400


def _row(n: int) -> dict[str, Any]:
    """The n-th bill: each property has a rhythm of its own, so that all combinations occur."""
    feed, state = 1 + n % 4, ASKED_STATES[n * n % 7 % len(ASKED_STATES)]
    issuer = FEEDS[feed][1]
    return {
        "id": n, "uid": new_uid(), "issuer_id": issuer, "number": f"F-{n}", "feed_id": feed, "item_seq": MANY - n,
        "account_id": issuer * 10 + n % 3, "state": state, "channel": (None, "portal", "paper")[n % 3],
        "type_code": "380", "issue_date": date(2026, 1, 1) + timedelta(days=n * 7 % 40),
        "due_date": None if n % 11 == 0 else date(2026, 2, 1) + timedelta(days=n * 5 % 30), "currency": "EUR",
        "payable": Decimal(n % 9), "to_pay": Decimal(0), "seller_name": "Lumière", "buyer_name": "Alice",
        "line_count": 1, "content": b"", "content_sha256": "0" * 64, "body_sha256": "0" * 64, "received_at": NOW,
        "pdf_sha256": "0" * 64, "changed_at": NOW + timedelta(seconds=n * 13 % 50),
        "viewed_at": NOW if state == "chosen" and n % 2 else None,
    }  # fmt: skip


@pytest.fixture
def rows(store: Store) -> list[BillRow]:
    with store.writing() as session:
        for issuer in (1, 2):
            session.add(Issuer(id=issuer, slug=f"i{issuer}", name=f"I{issuer}", added_at=NOW, changed_at=NOW))
        session.flush()
        for account in (10, 11, 12, 20, 21, 22):
            session.add(CustomerAccount(
                id=account, issuer_id=account // 10, term="BT-46", value=f"C-{account}", address=b"",
                as_of=date(2026, 1, 1), encrypted_key=b"",
            ))  # fmt: skip
        session.flush()
        for feed_id, (state, issuer) in FEEDS.items():
            feed, _ = receive_feed(session, issuer, f"{feed_id}" * 64, 1, "a.xml", "cli", NOW)
            assert feed.id == feed_id
            feed.state = state
        session.flush()
        made = [BillRow(**_row(n)) for n in range(1, MANY)]
        session.add_all(made)
        session.flush()
        session.expunge_all()
    return made


def expected(rows: list[BillRow], only: IssuerBillFilter) -> set[int]:
    """What the filter leaves, looked at bill by bill."""
    tests: list[tuple[object, Callable[[BillRow], bool]]] = [
        (only.number, lambda row: row.number == only.number),
        (only.account_id, lambda row: row.account_id == only.account_id),
        (only.state, lambda row: row.state == only.state),
        (only.channel, lambda row: row.channel == only.channel),
        (only.feed_id, lambda row: row.feed_id == only.feed_id),
        (only.amount, lambda row: row.payable == only.amount),
        (only.changed_since, lambda row: row.changed_at is not None and row.changed_at >= (only.changed_since or NOW)),
        (only.issued[0], lambda row: row.issue_date >= (only.issued[0] or date.min)),
        (only.issued[1], lambda row: row.issue_date <= (only.issued[1] or date.max)),
        (only.due[0], lambda row: row.due_date is not None and row.due_date >= (only.due[0] or date.min)),
        (only.due[1], lambda row: row.due_date is not None and row.due_date <= (only.due[1] or date.max)),
        (only.number, lambda row: row.state != "superseded"),
    ]
    asked = [test for value, test in tests if value is not None]
    mine = [row for row in rows if row.issuer_id == 1 and row.feed_id != 3]
    return {row.id for row in mine if all(test(row) for test in asked)}


def pages(session: Session, only: IssuerBillFilter, limit: int) -> list[list[BillRow]]:
    found: list[list[BillRow]] = []
    after: BillPlace | None = None
    while True:
        page = bills_of_issuer(session, 1, only, limit, after)
        assert len(page.rows) <= limit
        found.append(list(page.rows))
        if page.last is None:
            return found
        assert page.last != after
        after = page.last


def filters() -> list[IssuerBillFilter]:
    """Each part alone, and some hundred combinations."""
    parts: dict[str, list[Any]] = {
        "number": ["F-8", "F-9"], "account_id": [11], "state": list(ASKED_STATES), "channel": ["paper"],
        "issued": [(date(2026, 1, 9), date(2026, 1, 25)), (None, date(2026, 1, 9))],
        "due": [(date(2026, 2, 3), None), (date(2026, 2, 3), date(2026, 2, 20))], "feed_id": [2],
        "amount": [Decimal(4)], "changed_since": [NOW + timedelta(seconds=20)],
    }  # fmt: skip
    chance = random.Random(7)
    alone = [IssuerBillFilter(**{name: value}) for name, values in parts.items() for value in values]
    mixed = [
        IssuerBillFilter(**{name: chance.choice(parts[name]) for name in chance.sample(sorted(parts), 2 + n % 2)})
        for n in range(120)
    ]
    return [IssuerBillFilter(), *alone, *mixed]


@pytest.mark.parametrize("looked_at", [5_000, 23])
def test_pages_hold_what_the_filter_leaves_once_each(
    store: Store, rows: list[BillRow], monkeypatch: pytest.MonkeyPatch, looked_at: int
) -> None:
    """Also where a page looks at few rows, and holds fewer than it has room for."""
    monkeypatch.setattr(issuer_bills, "LOOKED_AT", looked_at)
    with store.reading() as session:
        for only in filters():
            ids = [row.id for page in pages(session, only, 19) for row in page]
            assert len(ids) == len(set(ids)), only
            assert set(ids) == expected(rows, only), only


def test_in_which_order(store: Store, rows: list[BillRow]) -> None:
    def keys(only: IssuerBillFilter, *columns: str) -> list[tuple[Any, ...]]:
        with store.reading() as session:
            return [tuple(getattr(row, each) for each in columns) for page in pages(session, only, 50) for row in page]

    for only in (IssuerBillFilter(), IssuerBillFilter(account_id=11), IssuerBillFilter(channel="paper")):
        issued = keys(only, "issue_date", "id")
        assert issued == sorted(issued, reverse=True)
    due = keys(IssuerBillFilter(due=(date(2026, 2, 3), None)), "due_date", "id")
    changed = keys(IssuerBillFilter(changed_since=NOW), "changed_at", "id")
    of_feed = keys(IssuerBillFilter(feed_id=1), "item_seq")
    failed = keys(IssuerBillFilter(state="failed"), "id")
    assert (due, changed, of_feed) == (sorted(due), sorted(changed), sorted(of_feed))
    assert failed == sorted(failed, reverse=True)


INDEXES: Final[dict[str, IssuerBillFilter]] = {
    "ix_bill_issuer_id_issue_date_id": IssuerBillFilter(issued=(date(2026, 1, 9), None)),
    "uq_bill_issuer_id_number": IssuerBillFilter(number="F-8"),
    "ix_bill_account_id_issue_date_id": IssuerBillFilter(account_id=11),
    "ix_bill_unreached": IssuerBillFilter(state="failed"),
    "ix_bill_channel": IssuerBillFilter(channel="paper"),
    "ix_bill_issuer_id_due_date_id": IssuerBillFilter(due=(date(2026, 2, 3), None)),
    "ix_bill_issuer_id_payable_id": IssuerBillFilter(amount=Decimal(4)),
    "ix_bill_issuer_id_changed_at_id": IssuerBillFilter(changed_since=NOW),
}


@pytest.mark.parametrize("index", INDEXES)
def test_each_filter_is_read_along_its_index(store: Store, rows: list[BillRow], index: str) -> None:
    """And never sorted: the last page costs what the first does."""
    statements: list[tuple[str, Any]] = []
    with store.reading() as session:
        connection = session.connection()
        listen = (connection, "before_cursor_execute", lambda *args: statements.append((args[2], args[3])))
        event.listen(*listen)
        bills_of_issuer(session, 1, INDEXES[index], 20)
        event.remove(*listen)
        if not store.is_sqlite:
            for way in ("seqscan", "bitmapscan"):
                connection.exec_driver_sql(f"SET enable_{way} = off")  # there are too few rows for it to matter
        explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
        plans = [
            " ".join(str(step) for step in connection.exec_driver_sql(f"{explain} {said}", values).all())
            for said, values in statements
            if "FROM bill" in said
        ]
    assert len(plans) == 2
    for plan in plans:
        assert "SCAN bill" not in plan
        assert "Seq Scan on bill" not in plan
        if store.is_sqlite:  # of so few rows PostgreSQL may choose another index: bench/query_times_at_scale.py
            assert index in plan
            assert "TEMP B-TREE" not in plan or INDEXES[index].number  # which is of one bill


def test_a_row_says_when_it_changed(store: Store, rows: list[BillRow]) -> None:
    before = datetime.now(UTC)
    with store.writing() as session:
        session.execute(update(BillRow).where(BillRow.id == 5).values(channel="paper"))
    with store.reading() as session:
        changed = IssuerBillFilter(changed_since=before - timedelta(seconds=1))
        assert [row.id for row in bills_of_issuer(session, 1, changed, 10).rows] == [5]
