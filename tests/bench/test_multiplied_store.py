"""The bench's five million bills, made small: a store whose rows were copied is as one whose bills all came."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from adoption.fact_verification import verify
from adoption.monthly_facts import measure
from audit.run_all_checks import check
from bench.million_bill_store import fill
from bench.multiplied_store import multiply
from store import Store
from store.bills.bill import BillRow
from store.facts.monthly_fact import counted_bill_total


@pytest.mark.beside_any_database
def test_every_figure_is_that_of_its_copied_rows(store: Store) -> None:
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    fill(store, 245, now)
    multiply(store, 3, now)
    assert not measure(store, now, seconds=0), "nothing is left to count"
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(BillRow)) == 3 * 245 == counted_bill_total(session)
    assert verify(store, now) == []
    found = {name for name, rows in check(store, now=now).invariants.items() if rows}
    assert found == {"bills_not_found", "pdfs_changed"}, "copies have no search entry and no key of their own"
