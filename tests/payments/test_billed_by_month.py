"""What Alice was billed month by month, by the database and by hand: credits, correctives, copies and two currencies
among six hundred bills."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from bill import CREDIT_NOTE_TYPES
from payments.billed_by_month import MonthlySum, billed_by_month, billed_of_all, summed
from store import Store
from store.accounts.consumer import Consumer, Enrolment
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import PRESENTABLE, BillRow, new_uid
from store.bills.bill_filter import BillFilter
from store.bills.bills_of_consumer import listed_bills
from store.bills.references_between_bills import BillReference
from store.feeds.feed import Feed, receive_feed
from store.issuer import Issuer

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ALICE, BOB = 1, 2
#: Three accounts of Alice, one that she left, one of Bob.
HERS, LEFT, HIS = (1, 2, 3), 4, 5
WINDOW = date(2025, 1, 1), date(2026, 12, 31)


def _row(n: int, chance: Random) -> dict[str, Any]:
    payable = Decimal(chance.randrange(-500, 20_000)) / 100
    return {
        "id": n, "uid": new_uid(), "issuer_id": 1, "number": f"F-{n}", "feed_id": 1, "item_seq": n,
        "account_id": 1 + n % 5, "state": chance.choice(["chosen"] * 9 + ["released", "recalled"]),
        "type_code": chance.choice(["380"] * 8 + ["381", "384", "386"]),
        "issue_date": date(2024, 11, 1) + timedelta(days=chance.randrange(700)),
        "currency": chance.choice(["EUR"] * 5 + ["CHF"]), "payable": payable,
        "gross": chance.choice([None, payable, payable + Decimal("30.005")]), "to_pay": Decimal(0),
        "is_copy": chance.random() < 0.2, "seller_name": "Lumière", "buyer_name": "Alice", "line_count": 1,
        "content": b"", "content_sha256": "0" * 64, "body_sha256": "0" * 64, "received_at": NOW, "pdf_sha256": "0" * 64,
    }  # fmt: skip


@pytest.fixture
def bills(store: Store) -> list[BillRow]:
    chance = Random(17)
    with store.writing() as session:
        for each in (ALICE, BOB):
            session.add(Consumer(id=each, email=f"{each}@example.org", password_hash="-", signed_up_at=NOW))
        session.add(Issuer(id=1, slug="lumiere", name="Lumière", added_at=NOW, changed_at=NOW))
        session.flush()
        for account_id in (*HERS, LEFT, HIS):
            session.add(CustomerAccount(
                id=account_id, issuer_id=1, term="BT-46", value=f"C-{account_id}", address=b"",
                as_of=date(2026, 1, 1), encrypted_key=b"",
            ))  # fmt: skip
        session.flush()
        for account_id in (*HERS, LEFT):
            ended = NOW if account_id == LEFT else None
            session.add(Enrolment(consumer_id=ALICE, account_id=account_id, enrolled_at=NOW, ended_at=ended))
        session.add(Enrolment(consumer_id=BOB, account_id=HIS, enrolled_at=NOW))
        feed, _ = receive_feed(session, 1, "0" * 64, 1, "a.xml", "cli", NOW)
        session.get_one(Feed, feed.id).state = "released"
        rows = [BillRow(**_row(n, chance)) for n in range(1, 601)]
        session.add_all(rows)
        session.flush()
        for row in rows:
            if row.type_code == "384" and row.id > 5:  # it stands for the bill of its account before it
                session.add(BillReference(bill_id=row.id, n=1, issuer_id=1, number=f"F-{row.id - 5}"))
        session.flush()
        session.expunge_all()
        return rows


def _replaced(bills: list[BillRow]) -> set[int]:
    """By hand: a corrective that asks for money stands for the bill of its account, in its currency, to which it
    refers; a document of the other direction is no invoice to stand for."""
    by_id = {row.id: row for row in bills}
    found = set()
    for row in bills:
        named = by_id.get(row.id - 5)
        total = row.payable if row.gross is None else row.gross
        if row.type_code != "384" or named is None or row.state not in PRESENTABLE or total < 0:
            continue
        if named.currency == row.currency and named.state != "recalled":
            found.add(named.id)
    return found


def _by_hand(bills: list[BillRow], accounts: tuple[int, ...]) -> dict[tuple[int, date, str], tuple[Decimal, int]]:
    found: dict[tuple[int, date, str], list[Decimal]] = defaultdict(list)
    replaced = _replaced(bills)
    for row in bills:
        counts = row.account_id in accounts and row.state in PRESENTABLE and row.id not in replaced
        if counts and WINDOW[0] <= row.issue_date <= WINDOW[1]:
            amount = row.payable if row.gross is None else row.gross
            key = row.account_id, row.issue_date.replace(day=1), row.currency
            found[key].append(-amount if row.type_code in CREDIT_NOTE_TYPES else amount)
    return {key: (sum(amounts, Decimal(0)), len(amounts)) for key, amounts in found.items()}


def _told(sums: list[MonthlySum]) -> dict[tuple[int, date, str], tuple[Decimal, int]]:
    return {(each.account_id, each.month, each.currency): (each.amount, each.bills) for each in sums}


def test_sums_are_those_of_the_bills(store: Store, bills: list[BillRow]) -> None:
    with store.reading() as session:
        sums = billed_by_month(session, ALICE, WINDOW)
        of_one = billed_by_month(session, ALICE, WINDOW, BillFilter(account_id=2))
        assert len(_replaced(bills)) > 20
        assert _told(sums) == _by_hand(bills, HERS)
        assert _told(of_one) == _by_hand(bills, (2,))
        assert [each.month for each in sums] == sorted(each.month for each in sums)
        assert [summed(sums)[each] for each in ("EUR", "CHF")] == [
            sum(each.amount for each in sums if each.currency == currency) for currency in ("EUR", "CHF")
        ]


def test_bills_that_are_read_make_the_sums_that_the_database_makes(store: Store, bills: list[BillRow]) -> None:
    with store.writing() as session:
        session.execute(update(BillRow).where(BillRow.type_code == "384").values(type_code="380"))
    with store.reading() as session:
        everything = listed_bills(session, ALICE, limit=len(bills) + 1)
        read = billed_of_all(everything)
        assert read is not None
        made: dict[tuple[int, date, str], list[Decimal]] = defaultdict(list)
        for each in read:
            made[each.account_id, each.month, each.currency].append(each.amount)
        told = billed_by_month(session, ALICE, (everything[-1].issue_date, everything[0].issue_date))
        assert {key: (sum(each, Decimal(0)), len(each)) for key, each in made.items()} == _told(told)
        assert summed(read) == summed(told)
        assert [(each.month, each.account_id) for each in read] == sorted(
            (each.month, each.account_id) for each in read
        )
        assert billed_of_all([*everything, everything[0]._replace(type_code="384")]) is None


def test_of_accounts_that_are_not_hers_nothing_is_summed(store: Store, bills: list[BillRow]) -> None:
    with store.reading() as session:
        for account_id in (LEFT, HIS, 99):
            assert billed_by_month(session, ALICE, WINDOW, BillFilter(account_id=account_id)) == []
