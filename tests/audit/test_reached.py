"""Which bills have reached nobody is kept, and found by an index of them alone."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from sqlalchemy import select

from audit.silent_bills import silent_bills
from bench.million_bill_store import fill
from config import Config
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.channels.paper.vanished_print_files import ALL_THERE, LostLetters
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bills.bill import BillRow
from tests.conftest import Clock
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_a_bill_says_when_a_letter_of_it_was_posted(store: Store, config: Config, clock: Clock) -> None:
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", clock())
    drop_feed(store, issuer, BytesIO(batch([ubl("L-1")])), "mars.xml", "cli", clock())
    pipeline.work_until_idle(clock())
    with store.reading() as session:
        assert session.scalars(select(BillRow.posted_at)).all() == [None]
    pipeline.close_batch(clock())
    with store.reading() as session:
        assert session.scalars(select(BillRow.posted_at)).all() == [clock()]


@pytest.mark.parametrize("lost", [ALL_THERE, LostLetters([3], [1, 2])])
def test_bills_that_reached_somebody_are_not_looked_at(store: Store, lost: LostLetters) -> None:
    fill(store, 2_000, NOW)
    query = silent_bills(NOW, Calendar(), lost).compile(store.engine, compile_kwargs={"literal_binds": True})
    with store.reading() as session:
        connection = session.connection()
        if not store.is_sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")  # there are too few of them for it to matter
        explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
        plan = " ".join(str(step) for step in connection.exec_driver_sql(f"{explain} {query}").all())
    assert "ix_bill_unreached" in plan
    assert "SCAN bill" not in plan
    assert "Seq Scan on bill" not in plan
