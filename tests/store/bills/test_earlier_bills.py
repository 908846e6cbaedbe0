"""The bills before a bill: of its account alone, read when it is rendered, and frozen with it."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from bill import Bill, Line, Party, Period, PostalAddress, Totals, pack_history
from feeds.release import ReleaseTerms, release_items
from feeds.stage_items import Staged, stage_items
from store import Store
from store.base import insert_new
from store.bills.bill import BillRow
from store.bills.earlier_bills import frozen_history, histories_of
from store.feeds.feed import receive_feed
from store.issuer import Issuer

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
HOME = PostalAddress(line1="1 rue Haute", city="Nantes", postcode="44000", country="FR")


@pytest.fixture
def issuer(store: Store) -> int:
    with store.writing() as session:
        insert_new(session, Issuer, [{"slug": "l", "name": "L", "profile": "", "added_at": NOW, "changed_at": NOW}])
        return session.scalars(select(Issuer.id)).one()


def monthly(account: str, month: int, used: int, year: int = 2026, **changes: object) -> Bill:
    """The bill of one month's kilowatt-hours, issued on the fourth of the next."""
    start = date(year, month, 1)
    end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    line = Line(quantity=Decimal(used), unit="KWH", net_amount=Decimal(used) / 5)
    fields = {
        "number": f"{account}-{year}-{month}", "issue_date": end + timedelta(days=4), "currency": "EUR",
        "totals": Totals(payable=Decimal(used) / 4, gross=Decimal(used) / 4), "seller": Party(name="L"),
        "buyer": Party(name="Alice Martin", address=HOME), "contract": account, "lines": (line,),
        "period": Period(start=start, end=end),
    }  # fmt: skip
    return Bill(**(fields | changes))


def release(store: Store, issuer: int, *bills: Bill) -> None:
    sha = hashlib.sha256("|".join(bill.number for bill in bills).encode()).hexdigest()[:32]
    with store.writing() as session:
        feed, _ = receive_feed(session, issuer, sha * 2, 10, "f.xml", "cli", NOW)
        feed.entries = len(bills)
        entries = [Staged(n, "", f"{sha}{n:032}", each.number, each, []) for n, each in enumerate(bills, 1)]
        stage_items(session, feed.id, entries)
        release_items(session, store.encryptor, feed, 1, len(bills), ReleaseTerms(), NOW)


def used_before(store: Store, number: str) -> list[Decimal | None]:
    with store.reading() as session:
        row = session.scalars(select(BillRow).where(BillRow.number == number)).one()
        return [span.used for span in histories_of(session, [row])[row.id].spans]


def test_alice_s_months_in_order_and_nobody_else_s(store: Store, issuer: int) -> None:
    release(store, issuer, monthly("A", 3, 300), monthly("A", 1, 100), monthly("B", 1, 999), monthly("A", 2, 200))
    assert used_before(store, "A-2026-3") == [100, 200]
    assert used_before(store, "A-2026-1") == []


def test_credit_notes_other_currencies_and_bills_taken_back_are_no_history(store: Store, issuer: int) -> None:
    release(
        store, issuer, monthly("A", 1, 100), monthly("A", 2, 200, type_code="381"),
        monthly("A", 3, 300, currency="CHF"), monthly("A", 4, 400), monthly("A", 5, 500),
    )  # fmt: skip
    with store.writing() as session:
        session.execute(update(BillRow).where(BillRow.number == "A-2026-4").values(state="recalled"))
    assert used_before(store, "A-2026-5") == [100]


def test_two_years_and_a_month_are_enough(store: Store, issuer: int) -> None:
    months = [(2024 + n // 12, n % 12 + 1) for n in range(31)]
    release(store, issuer, *(monthly("A", month, n + 1, year) for n, (year, month) in enumerate(months)))
    assert used_before(store, "A-2026-7") == list(range(6, 31))


def freeze(store: Store) -> None:
    """What rendering does: each bill that is not drawn yet, with what came before it."""
    with store.writing() as session:
        rows = session.scalars(select(BillRow).where(BillRow.history.is_(None)).order_by(BillRow.issue_date)).all()
        for row in rows:
            row.history = pack_history(histories_of(session, [row])[row.id])
            session.flush()


def test_the_bill_before_tells_what_came_before_it(store: Store, issuer: int) -> None:
    for month in range(1, 7):
        release(store, issuer, monthly("A", month, month * 100), monthly("B", month, month))
        freeze(store)
    with store.writing() as session:
        session.execute(update(BillRow).where(BillRow.number.in_(["A-2026-1", "A-2026-2"])).values(used=7))
    release(store, issuer, monthly("A", 7, 700))
    assert used_before(store, "A-2026-7") == [100, 200, 300, 400, 500, 600], "only June's row was asked"


@pytest.mark.parametrize(
    "late",
    [
        monthly("A", 2, 200),
        monthly("A", 4, 200, number="A-late"),
        monthly("A", 2, 200, type_code="381"),
    ],
    ids=["a month between", "the last day again", "a credit note"],
)
def test_a_bill_that_comes_late_is_found_all_the_same(store: Store, issuer: int, late: Bill) -> None:
    for month in (1, 3, 4):
        release(store, issuer, monthly("A", month, month * 100))
        freeze(store)
    release(store, issuer, late)
    release(store, issuer, monthly("A", 5, 500))
    expected = {"A-2026-2": [100, 200, 300, 400], "A-late": [100, 300, 400, 200]}
    is_credit = late.type_code == "381"
    assert used_before(store, "A-2026-5") == ([100, 300, 400] if is_credit else expected[late.number])
    freeze(store)
    release(store, issuer, monthly("A", 6, 600))
    assert used_before(store, "A-2026-6")[-1] == 500


def test_what_a_bill_was_drawn_with_stays_when_another_comes_late(store: Store, issuer: int) -> None:
    release(store, issuer, monthly("A", 1, 100), monthly("A", 3, 300))
    with store.writing() as session:
        row = session.scalars(select(BillRow).where(BillRow.number == "A-2026-3")).one()
        drawn = histories_of(session, [row])[row.id]
        row.history = pack_history(drawn)
    release(store, issuer, monthly("A", 2, 200))
    assert used_before(store, "A-2026-3") == [100, 200]
    with store.reading() as session:
        row = session.scalars(select(BillRow).where(BillRow.number == "A-2026-3")).one()
        assert frozen_history(row) == drawn
        assert frozen_history(session.scalars(select(BillRow).where(BillRow.number == "A-2026-1")).one()).spans == ()
