"""Sellers of three countries in one feed, and no profile: each bill is labelled in its seller's language."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bills.bill import BillRow
from tests.sample_feeds import batch, ubl

pytestmark = pytest.mark.beside_any_database

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
#: The seller's country, the language of its bill, and what that calls the amount due.
SELLERS = (("FR", "fr", "À payer"), ("DE", "de", "Zu zahlen"), ("NL", "nl", "Te betalen"))


@pytest.fixture
def pipeline(store: Store, config: Config) -> Iterator[Pipeline]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, config, post)
        post.hang_up()


def of(country: str) -> str:
    """An invoice of a seller in this country."""
    sent = ubl(f"L-{country}", issued="2026-11-02", due="2026-12-15")
    return sent.replace(">FR</cbc:IdentificationCode>", f">{country}</cbc:IdentificationCode>", 1)


def drop(pipeline: Pipeline, profile: str = "") -> dict[str, tuple[str, str]]:
    """The language and the text of each bill's PDF, by its seller's country."""
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", NOW, profile)
    feed = drop_feed(
        pipeline.store, issuer, io.BytesIO(batch([of(country) for country, *_ in SELLERS])), "11.xml", "cli", NOW
    )
    pipeline.work_feed(feed.feed_id, NOW)
    found = {}
    with pipeline.store.reading() as session:
        archive = pipeline.store.archive(session)
        for row in session.scalars(select(BillRow)):
            pdf = PdfReader(io.BytesIO(archive.pdf(row)))
            found[row.number[-2:]] = (str(pdf.trailer["/Root"]["/Lang"]), pdf.pages[0].extract_text())
    return found


def test_each_bill_is_in_the_language_of_its_sellers_country(pipeline: Pipeline, store: Store) -> None:
    found = drop(pipeline)
    assert {country: language for country, (language, _) in found.items()} == {"FR": "fr", "DE": "de", "NL": "nl"}
    for country, _, said in SELLERS:
        assert said in found[country][1]
    assert {name: rows for name, rows in check(store).invariants.items() if rows} == {}


def test_a_profile_that_names_a_language_has_its_way(pipeline: Pipeline) -> None:
    found = drop(pipeline, '[brand]\nlanguage = "en"\n')
    assert {language for language, _ in found.values()} == {"en"}
