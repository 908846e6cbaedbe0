"""A bill that was set apart is not lost: once what was wrong is mended, a named person has it worked again."""

from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

import delivery
from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from feeds.failed_bill_retry import failed_bills, retry_bills
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from render.compiled_template import Template
from store import Store
from store.bills.bill import BillRow
from store.db.event import events_of
from store.db.leases import acquire_lease
from store.feeds.chunk import MOST_ATTEMPTS, Chunk
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    with store.writing() as session:
        issuer = add_issuer(session, "alice-energie", "Alice Énergie", NOW)
    drop_feed(store, issuer, BytesIO(batch([ubl("A-1"), ubl("A-2", "C-BOB"), ubl("A-3")])), "mars.xml", "cli", NOW)
    return pipeline


def stumbles_over(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Template.parts

    def parts(self: Any, bill: Any, *before: Any) -> list[bytes]:
        if bill.number == number:
            raise ZeroDivisionError("a template of ours is wrong")
        return real(self, bill, *before)

    monkeypatch.setattr(Template, "parts", parts)


def retry(store: Store, **narrow: Any) -> list[str]:
    with store.writing() as session:
        bills = [each.bill for each in failed_bills(session, **narrow)]
        return [bill.number for bill in retry_bills(session, bills, "Charlie", "the template is mended", NOW)]


def states(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(BillRow.state).order_by(BillRow.number)))


def test_bob_gets_his_bill_after_all(pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    stumbles_over("A-2", monkeypatch)
    pipeline.work_until_idle(NOW)
    assert states(store) == ["chosen", "failed", "chosen"]
    with store.reading() as session:
        [failed] = failed_bills(session)
        assert (failed.bill.number, failed.since) == ("A-2", NOW)
        assert "ZeroDivisionError" in str(failed.why.values["error"])
    monkeypatch.undo()
    assert retry(store, numbers=["A-1", "A-2"]) == ["A-2"]
    pipeline.work_until_idle(NOW)
    assert states(store) == ["chosen"] * 3
    assert retry(store) == []
    with store.reading() as session:
        said = [(event.what, event.by, event.why) for event in events_of(session, "bill", failed.bill.id)]
    assert said[2] == ("released", "Charlie", "the template is mended")
    assert not any(check(store).invariants.values())


def test_a_bill_that_could_not_be_chosen_keeps_its_pdf(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = delivery.choose_bills

    def stumbles(session: Any, rows: Any, *more: Any) -> Any:
        if any(row.number == "A-3" for row in rows):
            raise ZeroDivisionError("a rule of ours is wrong")
        return real(session, rows, *more)

    monkeypatch.setattr(delivery, "choose_bills", stumbles)
    for _ in range(2 * MOST_ATTEMPTS):  # first with the chunk's other bills, then alone
        with suppress(ZeroDivisionError):
            pipeline.work_until_idle(NOW)
    assert states(store) == ["chosen", "chosen", "failed"]
    monkeypatch.undo()
    with store.reading() as session:
        before = session.scalars(select(BillRow.pdf_sha256).order_by(BillRow.number)).all()
    assert retry(store) == ["A-3"]
    pipeline.work_until_idle(NOW)
    assert states(store) == ["chosen"] * 3
    with store.reading() as session:
        assert session.scalars(select(BillRow.pdf_sha256).order_by(BillRow.number)).all() == before


def test_a_bill_that_fails_again_is_set_apart_again(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stumbles_over("A-2", monkeypatch)
    pipeline.work_until_idle(NOW)
    assert retry(store) == ["A-2"]
    pipeline.work_until_idle(NOW)
    assert states(store) == ["chosen", "failed", "chosen"]


def test_a_chunk_that_is_worked_is_left_alone(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stumbles_over("A-2", monkeypatch)
    pipeline.work_until_idle(NOW)
    with store.writing() as session:
        chunk_id = session.scalars(select(Chunk.id)).one()
        assert acquire_lease(session, Chunk, chunk_id)
    assert retry(store) == []
    assert states(store) == ["chosen", "failed", "chosen"]
