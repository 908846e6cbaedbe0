"""Alice sees her bill's pages in place: the worker draws them once, encrypted with her account's key, for some days.
Nobody else sees them, a PDF that cannot be drawn only loses its pictures, and a killed worker leaves nothing behind."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select, update

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from pipeline.page_pictures import drawing_pages
from pipeline.time_slices import TimeSlices
from portal.app import make_app
from render import page_pictures
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.page_pictures import KEPT, PAGE_PICTURES, PagePictures
from store.job import Job, claim_job
from store.vault.pdf_segment import Archive
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.sample_town import World
from tests.render.print.test_foreign_pages import own_pdf
from tests.sample_feeds import batch, ubl
from tests.stories.test_poisonous_letters import POISONS

pytestmark = pytest.mark.beside_any_database


@pytest.fixture
def pipeline(store: Store, config: Config, clock: Clock) -> Pipeline:
    """Lumière has sent two bills, and they are in their holders' space."""
    pipeline = Pipeline(store, config, SmtpClient("smtp://localhost:9", config.sender))
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière de l’Ouest", clock())
    feed = batch([ubl("L-1", account="C-1"), ubl("L-2", account="C-2")])
    drop_feed(store, issuer, BytesIO(feed), "mars.xml", "cli", clock())
    for _ in range(20):
        if not (pipeline.read(clock()) or pipeline.work_chunk(clock())):
            break
    return pipeline


@pytest.fixture
def row(pipeline: Pipeline, store: Store) -> BillRow:
    with store.reading() as session:
        return session.scalars(select(BillRow).where(BillRow.number == "L-1")).one()


@pytest.fixture
def person(store: Store, config: Config, clock: Clock, row: BillRow) -> Callable[[str, str], Browser]:
    """The browser of somebody who holds an account."""
    app = make_app(store, config, clock)

    def signed_in(name: str, number: str) -> Browser:
        browser = Browser(app.test_client())
        browser.sign_in(World(store, clock()).consumer(name, holds={row.issuer_id: number}))
        return browser

    return signed_in


@pytest.fixture
def alice(person: Callable[[str, str], Browser]) -> Browser:
    return person("Alice Martin", "C-1")


@pytest.fixture
def bob(person: Callable[[str, str], Browser]) -> Browser:
    return person("Bob Durand", "C-2")


def draw(pipeline: Pipeline, clock: Clock) -> None:
    while pipeline.run_job(clock()):
        pass


def ask(browser: Browser, row: BillRow) -> str:
    browser.get(f"/factures/{row.uid}")
    return browser.post(f"/factures/{row.uid}/pages").text


def kept(store: Store) -> list[PagePictures]:
    with store.reading() as session:
        return list(session.scalars(select(PagePictures)))


def jobs(store: Store) -> int:
    with store.reading() as session:
        return session.scalars(select(func.count()).select_from(Job).where(Job.kind == PAGE_PICTURES)).one()


def test_alice_sees_the_pages_and_nobody_else_does(
    alice: Browser, bob: Browser, row: BillRow, pipeline: Pipeline, store: Store, clock: Clock
) -> None:
    place = f"/factures/{row.uid}/pages"
    assert "Montrer les pages" in alice.get(place).text
    waiting = ask(alice, row)
    assert "Les pages se préparent" in waiting
    assert "data-again" in waiting
    assert "await_result.js" in waiting
    ask(alice, row)
    assert jobs(store) == 1
    assert alice.client.get(f"{place}/1/petite").status_code == 404
    draw(pipeline, clock)

    page = alice.get(place).text
    assert "Page 1 sur 1 de la facture L-1\u202f; le texte est sur la page de la facture." in page
    assert "await_result.js" not in page
    assert f"{place}/1/petite" in alice.get(f"/factures/{row.uid}").text
    for size, wide in (("petite", 720), ("grande", 1800)):
        answer = alice.client.get(f"{place}/1/{size}")
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert Image.open(BytesIO(answer.data)).size[0] == wide
    assert [alice.client.get(f"{place}/{n}").status_code for n in ("0/petite", "2/petite", "1/autre")] == [404] * 3

    none = bob.client.get("/factures/nobodys/pages")
    for there in (place, f"{place}/1/petite", f"{place}/1/grande"):
        answer = bob.client.get(there)
        assert (answer.status_code, len(answer.data)) == (404, len(none.data))
    assert bob.post(place).status_code == 404
    stranger = alice.client.application.test_client()
    assert stranger.get(f"{place}/1/petite").status_code == 303

    [pictures] = kept(store)
    assert b"WEBP" not in store.blobs.read(pictures.blob_sha256 or "")
    with store.writing() as session:  # erasing the account's key erases them
        ours = CustomerAccount.id == pictures.account_id
        session.execute(update(CustomerAccount).where(ours).values(encrypted_key=b""))
    assert alice.client.get(f"{place}/1/petite").status_code == 404


def test_pictures_are_deleted_after_some_days_and_drawn_again_when_asked(
    alice: Browser, row: BillRow, pipeline: Pipeline, store: Store, clock: Clock
) -> None:
    alice.client.get(f"/factures/{row.uid}/pages")
    with store.reading() as session:  # looking at the pages is a look at the bill
        assert session.get_one(BillRow, row.id).viewed_at is not None
    ask(alice, row)
    draw(pipeline, clock)
    [first] = kept(store)
    pipeline.sweep(clock() + KEPT - timedelta(minutes=1))
    assert len(kept(store)) == 1
    pipeline.sweep(clock() + KEPT)
    assert kept(store) == []
    assert not store.blobs.exists(first.blob_sha256 or "")
    assert "Montrer les pages" in alice.get(f"/factures/{row.uid}/pages").text
    ask(alice, row)
    draw(pipeline, clock)
    assert alice.client.get(f"/factures/{row.uid}/pages/1/petite").status_code == 200


def test_pictures_that_the_blob_store_lost_are_drawn_again_when_asked(
    alice: Browser, row: BillRow, pipeline: Pipeline, store: Store, clock: Clock
) -> None:
    place = f"/factures/{row.uid}/pages"
    ask(alice, row)
    draw(pipeline, clock)
    [pictures] = kept(store)
    store.blobs.delete(pictures.blob_sha256 or "")
    assert alice.client.get(f"{place}/1/petite").status_code == 404
    assert alice.get(f"/factures/{row.uid}").status_code == 200
    assert "Montrer les pages" in alice.get(place).text
    assert "Les pages se préparent" in alice.post(place).text
    alice.post(place)
    assert jobs(store) == 2
    draw(pipeline, clock)
    assert "Montrer les pages" not in alice.get(place).text
    assert alice.client.get(f"{place}/1/petite").status_code == 200


@pytest.mark.parametrize("poison", ["truncated", pytest.param("bomb", marks=pytest.mark.battery)])
def test_a_hostile_pdf_only_loses_its_pictures_and_a_very_long_one_has_its_first(
    alice: Browser, bob: Browser, row: BillRow, pipeline: Pipeline, store: Store, clock: Clock, poison: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    ask(alice, row)
    with monkeypatch.context() as patched:
        patched.setattr(Archive, "pdf", lambda _self, _row: POISONS[poison]())
        draw(pipeline, clock)
    page = alice.get(f"/factures/{row.uid}/pages").text
    assert "ne peuvent pas être montrées en images. Son PDF les a toutes." in page
    assert f"/factures/{row.uid}/pdf" in page
    with store.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == PAGE_PICTURES)).one()
        other = session.scalars(select(BillRow).where(BillRow.number == "L-2")).one()
    assert (job.state, job.reason.code) == ("done", "pages_not_drawn")
    assert alice.client.get(f"/factures/{row.uid}/pages/1/petite").status_code == 404

    monkeypatch.setattr(page_pictures, "MOST_PAGES", 2)
    monkeypatch.setattr(Archive, "pdf", lambda _self, _row: own_pdf(3))
    ask(bob, other)
    draw(pipeline, clock)
    page = bob.get(f"/factures/{other.uid}/pages").text
    assert "Page 2 sur 3" in page
    assert "Page 3 sur 3" not in page
    assert "Les pages suivantes sont dans le PDF." in page


def test_a_page_that_takes_too_long_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_pictures, "_PAGE_SECONDS", 0.0)
    with pytest.raises(page_pictures.PageNotDrawn, match="too long"):
        list(page_pictures.drawn_pages(own_pdf(1)))


def test_a_worker_killed_under_way_leaves_no_picture_behind(
    alice: Browser, row: BillRow, pipeline: Pipeline, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At its worst moment: its blob is written, and that is not recorded yet."""
    ask(alice, row)
    written: list[str] = []
    put = store.blobs.put

    def put_and_die(content: bytes) -> str:
        written.append(put(content))
        raise KeyboardInterrupt

    with store.writing() as session:
        job = claim_job(session, clock(), Job.kind == PAGE_PICTURES)
    assert job is not None
    with monkeypatch.context() as patched:
        patched.setattr(store.blobs, "put", put_and_die)
        with pytest.raises(KeyboardInterrupt):
            list(drawing_pages(store, job))
    with store.writing() as session:
        session.execute(update(Job).values(lease_owner=None, lease_until=0.0))
    draw(pipeline, clock)
    [pictures] = kept(store)
    assert [store.blobs.exists(name) for name in written] == [False]
    assert store.blobs.exists(pictures.blob_sha256 or "")
    assert alice.client.get(f"/factures/{row.uid}/pages/1/petite").status_code == 200


def test_a_worker_that_was_overtaken_writes_nothing_and_a_rehearsal_keeps_no_reader_waiting(
    alice: Browser, row: BillRow, pipeline: Pipeline, store: Store, clock: Clock
) -> None:
    ask(alice, row)
    with store.writing() as session:
        job = claim_job(session, clock(), Job.kind == PAGE_PICTURES)
    assert job is not None
    work = drawing_pages(store, job)
    next(work)
    with store.writing() as session:
        session.execute(update(Job).values(lease_owner="another", lease_until=0.0))
    for _ in work:
        pass
    assert [(each.blob_sha256, each.places) for each in kept(store)] == [(None, [])]

    # A long job of the same issuer is under way: its readers' pictures have slices of their own.
    def endless() -> Iterator[None]:
        while True:
            yield

    pipeline.jobs._long = TimeSlices(0.0, 4)
    pipeline.jobs._long.begin(row.issuer_id, endless())
    for _ in range(10):
        pipeline.run_job(clock())
    pipeline.stop()
    assert alice.client.get(f"/factures/{row.uid}/pages/1/petite").status_code == 200
