"""Alice asks for her archive on a page, watches it being made, is told by mail, and saves it, in one go or in parts.
To Bob it is not there."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from pipeline.bill_archives import part_writer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.consumer import Consumer
from store.bill_archives.bill_archive import KEPT, BillArchivePart
from store.db.event import Event
from store.public_id import PublicIds
from tests.conftest import Clock
from tests.pipeline.bill_archives.archives_made import work
from tests.portal.conftest import Browser, Mailbox
from tests.portal.sample_town import World, furnish

PLACE = "/emporter"
FILE = f"{PLACE}/factures.zip"


@pytest.fixture
def pipeline(store: Store, config: Config, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """Parts are small, so that there are several."""
    monkeypatch.setattr(part_writer, "PART_BILLS", 4)
    return Pipeline(store, config, SmtpClient("smtp://localhost:9", config.sender))


@pytest.fixture
def alice(world: World, browser: Callable[[], Browser]) -> Browser:
    numbers = furnish(world)
    holds = dict(zip(numbers.values(), ("C-1001", "R-1187", "0612345678", "00412"), strict=True))
    mine = browser()
    mine.sign_in(world.consumer("Alice Martin", holds=holds))
    return mine


def test_alice_asks_waits_is_told_and_saves_it(
    alice: Browser, app: Flask, pipeline: Pipeline, store: Store, clock: Clock, post: Callable[[], Mailbox]
) -> None:
    assert 'href="/emporter"' in alice.get("/profil").text
    page = alice.get(PLACE).text
    assert "Toutes vos factures\u00a0: 31 factures" in page
    assert "L’année 2025\u00a0:" in page
    assert "Banque des Deux Rives, numéro de client 00412\u00a0: 1 facture" in page
    waiting = alice.post(PLACE, quoi="tout").text
    assert "L’archive se prépare." in waiting
    assert '<progress aria-label="Factures rangées dans l’archive" value="0" max="31">' in waiting
    assert "await_result.js" in waiting
    alice.post(PLACE, quoi="2025")
    assert alice.client.get(FILE).status_code == 404
    work(pipeline, clock)

    page = alice.get(PLACE).text
    assert "Votre archive est prête" in page
    assert "await_result.js" not in page
    mailbox = post()
    assert [to for to, _ in mailbox.mails] == ["alice@exemple.fr"]
    assert mailbox.link_to("alice@exemple.fr") == PLACE, "the page, and never the file"

    answer = alice.client.get(FILE)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Factures 2026-03-03.zip"'
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "no-store"
    whole = answer.data
    assert len(whole) == int(answer.headers["Content-Length"])
    with ZipFile(BytesIO(whole)) as archive:
        assert archive.testzip() is None
    with store.reading() as session:
        said = session.scalars(select(Event.what).where(Event.what.like("archive %")).order_by(Event.id)).all()
    assert said == ["archive asked", "archive ready", "archive downloaded"]


def test_it_is_saved_in_parts_and_gone_on_with(alice: Browser, pipeline: Pipeline, store: Store, clock: Clock) -> None:
    alice.get(PLACE)
    alice.post(PLACE, quoi="tout")
    work(pipeline, clock)
    first = alice.client.get(FILE)
    whole, tag = first.data, first.headers["ETag"]
    size = len(whole)
    with store.reading() as session:
        parts = session.scalars(select(BillArchivePart).order_by(BillArchivePart.n)).all()
    assert len(parts) > 3
    edge = parts[1].at
    for start, end in ((0, 0), (edge - 5, edge + 5), (size - 10, size - 1), (1, size - 2)):
        answer = alice.client.get(FILE, headers={"Range": f"bytes={start}-{end}", "If-Range": tag})
        assert (answer.status_code, answer.data) == (206, whole[start : end + 1])
        assert answer.headers["Content-Range"] == f"bytes {start}-{end}/{size}"
    assert alice.client.get(FILE, headers={"Range": "bytes=-7"}).data == whole[-7:]
    assert alice.client.get(FILE, headers={"Range": "bytes=5-", "If-Range": '"another"'}).data == whole
    assert alice.client.get(FILE, headers={"Range": "bytes=0-1,4-5"}).data == whole
    assert alice.client.get(FILE, headers={"Range": f"bytes={size}-"}).status_code == 416
    head = alice.client.head(FILE)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(size))


def test_to_others_it_is_not_there(
    alice: Browser, browser: Callable[[], Browser], world: World, app: Flask, pipeline: Pipeline, clock: Clock,
    store: Store,
) -> None:  # fmt: skip
    alice.get(PLACE)
    alice.post(PLACE)
    work(pipeline, clock)
    bob = browser()
    bob.sign_in(world.consumer("Bob Durand"))
    assert "Rien à emporter" in bob.get(PLACE).text
    assert bob.client.get(FILE).status_code == 404
    with store.reading() as session:
        account_id = session.scalars(select(BillArchivePart.archive_id)).first() or 1
    ids: PublicIds = store.public_ids
    for foreign in (str(account_id), ids.of("account", account_id), "nonsense", "9" * 30):
        bob.get(PLACE)
        assert bob.post(PLACE, quoi=foreign).status_code == 404
    bob.get(PLACE)
    assert "pas encore de facture" in bob.post(PLACE, quoi="tout").text
    assert app.test_client().get(FILE).headers["Location"].startswith("/connexion")
    alice.get(PLACE)
    assert "L’archive est effacée" in alice.post(f"{PLACE}/effacer").text
    assert alice.client.get(FILE).status_code == 404


def test_it_goes_after_some_days_and_one_that_was_lost_says_so(
    alice: Browser, browser: Callable[[], Browser], pipeline: Pipeline, store: Store, clock: Clock
) -> None:
    alice.get(PLACE)
    alice.post(PLACE, quoi="2026")
    work(pipeline, clock)
    clock.forward(seconds=KEPT.total_seconds())
    alice.get(PLACE)
    assert alice.client.get(FILE).status_code == 404
    assert "Préparer l’archive" in alice.get(PLACE).text
    assert alice.post(PLACE, quoi="2026").request.path == "/confirmer-identite", "a session left open is not enough"
    alice = browser()
    with store.reading() as session:
        alice.sign_in(session.scalars(select(Consumer)).one())
    alice.get(PLACE)
    alice.post(PLACE, quoi="2026")
    work(pipeline, clock)
    with store.reading() as session:
        for sha256 in session.scalars(select(BillArchivePart.blob_sha256)):
            store.blobs.delete(sha256)
    assert "n’a pas pu être préparée" in alice.get(PLACE).text
    assert alice.client.get(FILE).status_code == 404
    alice.post(PLACE)
    work(pipeline, clock)
    assert alice.client.get(FILE).status_code == 200
