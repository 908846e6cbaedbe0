"""The bench's store of a million bills, made small: its rows are as the pipeline would have left them."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from adoption.monthly_facts import measure
from audit.run_all_checks import check
from bench.million_bill_store import fill
from store import Store
from store.bills.bill import BillRow


def test_nothing_is_lost_in_it(store: Store) -> None:
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    fill(store, 1_205, now)
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(BillRow)) == 1_205
    assert {name: rows for name, rows in check(store, now=now).invariants.items() if rows} == {}
    measure(store, now)
