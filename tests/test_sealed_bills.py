"""Bills that are sealed on the road: archived, shown and printed like all others, and never without their seal."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select, update

from audit.check import check
from config import Config
from delivery.inbox import open_inbox
from delivery.postman import SMTPPostman
from issuers.drop import drop
from issuers.registry import add_issuer
from road import Road
from store import Store
from store.bill import BillRow
from store.chunk import Chunk
from tests.feeds import batch, ubl
from tests.issuers.test_signet import Authority
from tests.render.world import text_of

pytest.importorskip("pyhanko", reason="the extra `seal` is not installed")

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("signets"))


@contextmanager
def a_road(store: Store, config: Config, signets: Path, tsa_url: str = "") -> Iterator[Road]:
    with open_inbox(config.inbox) as url:
        post = SMTPPostman(url, config.sender)
        yield Road(store, msgspec.structs.replace(config, signets=signets, tsa_url=tsa_url), post)
        post.hang_up()


def send(road: Road, slug: str, *numbers: str) -> None:
    with road.store.writing() as session:
        issuer = add_issuer(session, slug, "Lumière de l'Ouest", NOW)
    drop(road.store, issuer, io.BytesIO(batch(ubl(number) for number in numbers)), f"{slug}.xml", "cli", NOW)


def states(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {row.number: row.state for row in session.scalars(select(BillRow))}


def test_a_sealed_bill_is_archived_and_printed(store: Store, config: Config, authority: Authority) -> None:
    with a_road(store, config, authority.folder) as road:
        send(road, "lumiere", "L-1", "L-2")
        send(road, "eaux", "E-1")
        road.work_until_idle(NOW)
        assert road.close_batch(NOW) == 1
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
    with a_road(store, config, authority.folder, "http://127.0.0.1:9/") as road:
        send(road, "lumiere", "L-1")
        send(road, "eaux", "E-1")
        for _ in range(5):
            road.drain(NOW)
    assert states(store) == {"L-1": "released", "E-1": "chosen"}
    with a_road(store, config, authority.folder) as road:  # somebody stamps again, a minute later
        with store.writing() as session:
            session.execute(update(Chunk).values(not_before=0.0))
        road.drain(NOW)
    assert states(store) == {"L-1": "chosen", "E-1": "chosen"}
    assert not any(check(store).invariants.values())


def test_a_signet_that_cannot_be_opened_lets_no_bill_go_unsealed(
    store: Store, config: Config, authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "lumiere.p12").write_bytes((authority.folder / "lumiere.p12").read_bytes())
    with a_road(store, config, tmp_path) as road:
        send(road, "lumiere", "L-1")
        for _ in range(5):
            road.drain(NOW)
    assert states(store) == {"L-1": "released"}
