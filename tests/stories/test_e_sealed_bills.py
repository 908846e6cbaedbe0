"""Bills that are sealed on the pipeline: archived, shown and printed like all others, and never without their seal."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select, update

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bills.bill import BillRow
from store.feeds.chunk import Chunk
from tests.issuers.test_pdf_e_seal import Authority
from tests.render.sample_bills import text_of
from tests.sample_feeds import batch, ubl

pytest.importorskip("pyhanko", reason="the extra `seal` is not installed")

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

pytestmark = pytest.mark.beside_any_database

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("signets"))


@contextmanager
def a_road(store: Store, config: Config, e_seals: Path, tsa_url: str = "") -> Iterator[Pipeline]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, msgspec.structs.replace(config, e_seals=e_seals, tsa_url=tsa_url), post)
        post.hang_up()


def send(pipeline: Pipeline, slug: str, *numbers: str) -> None:
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, slug, "Lumière de l'Ouest", NOW)
    drop_feed(pipeline.store, issuer, io.BytesIO(batch(ubl(number) for number in numbers)), f"{slug}.xml", "cli", NOW)


def states(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {row.number: row.state for row in session.scalars(select(BillRow))}


def test_a_sealed_bill_is_archived_and_printed(store: Store, config: Config, authority: Authority) -> None:
    with a_road(store, config, authority.folder) as pipeline:
        send(pipeline, "lumiere", "L-1", "L-2")
        send(pipeline, "eaux", "E-1")
        pipeline.work_until_idle(NOW)
        assert pipeline.close_batch(NOW) == 1
    with store.reading() as session:
        for row in session.scalars(select(BillRow)).all():
            seals = PdfFileReader(io.BytesIO(store.archive(session).pdf(row))).embedded_signatures
            assert len(seals) == (row.number != "E-1")
            assert all(validate_pdf_signature(seal, authority.trusted()).bottom_line for seal in seals)
    [lot] = config.outbox.glob("*.pdf")
    text = text_of(lot.read_bytes())
    assert all(number in text for number in ("L-1", "L-2", "E-1"))
    assert not any(check(store).invariants.values())


def test_without_a_time_stamp_bills_wait_and_nobody_elses_do(
    store: Store, config: Config, authority: Authority
) -> None:
    with a_road(store, config, authority.folder, "http://127.0.0.1:9/") as pipeline:
        send(pipeline, "lumiere", "L-1")
        send(pipeline, "eaux", "E-1")
        for _ in range(5):
            pipeline.drain(NOW)
    assert states(store) == {"L-1": "released", "E-1": "chosen"}
    with a_road(store, config, authority.folder) as pipeline:  # somebody stamps again, a minute later
        with store.writing() as session:
            session.execute(update(Chunk).values(not_before=0.0))
        pipeline.drain(NOW)
    assert states(store) == {"L-1": "chosen", "E-1": "chosen"}
    assert not any(check(store).invariants.values())


def test_a_signet_that_cannot_be_opened_lets_no_bill_go_unsealed(
    store: Store, config: Config, authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "lumiere.p12").write_bytes((authority.folder / "lumiere.p12").read_bytes())
    with a_road(store, config, tmp_path) as pipeline:
        send(pipeline, "lumiere", "L-1")
        for _ in range(5):
            pipeline.drain(NOW)
    assert states(store) == {"L-1": "released"}
