"""Alice's fifth bill: compared with April's, her months drawn; and drawn again to the byte, whatever comes later."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bills.bill import BillRow
from store.bills.earlier_bills import frozen_history, histories_of
from store.issuer import Issuer
from tests.sample_feeds import batch, ubl

pytestmark = pytest.mark.beside_any_database

MAY = datetime(2026, 5, 3, 9, tzinfo=UTC)


@pytest.fixture
def pipeline(store: Store, config: Config) -> Iterator[Pipeline]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, config, post)
        post.hang_up()


def drop_months(pipeline: Pipeline, *months: int) -> None:
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", MAY)
    for month in months:
        invoice = ubl(f"E-{month}", issued=f"2026-{month:02}-02", due="2026-07-15")
        feed = drop_feed(pipeline.store, issuer, io.BytesIO(batch([invoice])), f"{month}.xml", "cli", MAY)
        pipeline.work_feed(feed.feed_id, MAY)


def bill_of(session: Session, month: int) -> BillRow:
    return session.scalars(select(BillRow).where(BillRow.number == f"E-{month}")).one()


def test_a_bill_is_drawn_beside_those_before_it_and_again_to_the_byte(pipeline: Pipeline, store: Store) -> None:
    drop_months(pipeline, 1, 2, 4, 5)
    with store.reading() as session:
        may, february = bill_of(session, 5), bill_of(session, 2)
        archive = store.archive(session)
        text = PdfReader(io.BytesIO(archive.pdf(may))).pages[0].extract_text()
        assert "Consommation, kWh" in text
        assert "Autant que le mois dernier" in text
        assert "Consommation, kWh" not in PdfReader(io.BytesIO(archive.pdf(february))).pages[0].extract_text()
    drop_months(pipeline, 3)
    with store.reading() as session:
        may = bill_of(session, 5)
        assert len(histories_of(session, [may])[may.id].spans) == 4, "March came late"
        assert len(frozen_history(may).spans) == 3
        _, template = pipeline.context.templates.of(session.scalars(select(Issuer)).one(), MAY)
        drawn_again = template.prefix + template.suffix(may.bill, frozen_history(may))
        assert drawn_again == store.archive(session).pdf(may)
    assert {name: rows for name, rows in check(store).invariants.items() if rows} == {}
