"""Mina tries other looks on her issuer's last bills, sees them beside today's, and adopts them; bills that have gone
out keep theirs."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from threading import Thread

import pikepdf
import pytest
from flask import Flask
from PIL import Image, ImageChops
from sqlalchemy import select

from audit.run_all_checks import check
from bill import SECTIONS
from config import Config
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.brand_preview import PREVIEW, PreviewVault, ask_for_preview, is_readable, preview_in, renew_preview_keys
from issuers.brand_settings import BrandSettings, brand_settings_json
from issuers.profile import BrandTable
from issuers.registry import add_issuer, brand_of_issuer, brand_settings_of
from pipeline.feed_pipeline import Pipeline
from portal.access.password_hash import hash_password
from portal.app import make_app
from store import Store
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.db.event import Event
from store.issuer import Issuer, TemplateRow
from store.job import Job
from store.staff_member import Staff
from store.vault.encryption import DecryptionFailed
from store.vault.key_ring import KeyRing
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.render.sample_bills import draw_logo, text_of
from tests.sample_feeds import batch, ubl
from tests.spelled_reasons import french

pytestmark = pytest.mark.beside_any_database

PASSWORD = "une phrase que je retiens"
NEW = b"the secret that follows"
PROFILE = '[brand]\ntagline = "L’électricité d’ici"\nmessage = "Bonjour à tous"\n'


@pytest.fixture
def pipeline(store: Store, config: Config) -> Iterator[Pipeline]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, config, post)
        post.hang_up()


@pytest.fixture
def lumiere(pipeline: Pipeline, clock: Clock) -> Pipeline:
    """Lumière has sent its bills of March, and so has Eaux; Mina works for the one, Eva for the other."""
    with pipeline.store.writing() as session:
        for slug, name, person in (("lumiere", "Lumière de l'Ouest", "mina"), ("eaux", "Eaux du Val", "eva")):
            issuer = add_issuer(session, slug, name, clock(), PROFILE)
            kept = hash_password(PASSWORD)
            session.add(Staff(email=f"{person}@facteur.example", password_hash=kept, added_at=clock(),
                              issuer_id=issuer.id))  # fmt: skip
    send(pipeline, clock, "lumiere", "L-1", "L-2", "L-3")
    return pipeline


def send(pipeline: Pipeline, clock: Clock, slug: str, *numbers: str) -> None:
    with pipeline.store.reading() as session:
        issuer = session.scalars(select(Issuer).where(Issuer.slug == slug)).one()
    drop_feed(
        pipeline.store, issuer, BytesIO(batch(ubl(number) for number in numbers)), f"{numbers[0]}.xml", "cli", clock()
    )
    pipeline.drain(clock())


@pytest.fixture
def browser(store: Store, config: Config, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Browser]:
    """Makes a browser of somebody who works for an issuer; it does not wait for the pipeline, which works when told."""
    monkeypatch.setattr(import_module("portal.issuers.brand_editor"), "PATIENCE", 0)
    app: Flask = make_app(store, config, clock)

    def signed_in(name: str) -> Browser:
        mine = Browser(app.test_client())
        mine.get("/equipe/connexion")
        assert mine.post("/equipe/connexion", email=f"{name}@facteur.example", password=PASSWORD).status_code == 200
        return mine

    return signed_in


def pdf_of(store: Store, number: str) -> bytes:
    with store.reading() as session:
        row = bill_by_number(session, 1, number)
        assert row is not None
        return store.archive(session).pdf(row)


def try_out(mine: Browser, **changes: str | tuple[BytesIO, str]) -> str:
    """The page that comes of a form; what is not changed is as it was typed the first time."""
    fields = {"colour": "#7a1f3d", "language": "seller", "tagline": "Le courant passe", "message": "", "help_1": "3900"}
    fields["typeface"] = "sans"
    fields |= {f"section_{n}": part for n, part in enumerate(SECTIONS, 1)}
    answer = mine.post("/equipe/marque", **(fields | changes))
    assert answer.status_code == 200
    return answer.text


def picture_on(mine: Browser, job_id: int, name: str) -> Image.Image:
    answer = mine.client.get(f"/equipe/marque/{job_id}/{name}.png", follow_redirects=True)
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "image/png", "no-store")
    return Image.open(BytesIO(answer.data)).convert("RGB")


def test_looks_are_tried_seen_beside_todays_and_adopted(
    lumiere: Pipeline, store: Store, browser: Callable[[str], Browser], clock: Clock
) -> None:
    before = pdf_of(store, "L-1")
    mina = browser("mina")
    assert 'value="#1f4e5a"' in mina.get("/equipe/marque").text
    assert "L’aperçu se prépare" in try_out(mina)
    lumiere.drain(clock())
    page = mina.get("/equipe/marque").text
    for words in ("Essayé le", "mina@facteur.example", "L-1, L-2, L-3", "#1f4e5a", "Le courant passe", "3900"):
        assert words in page
    job_id = last_job(store).id
    seen = mina.client.get(f"/equipe/marque/{job_id}/apercu.pdf", follow_redirects=True)
    assert (seen.mimetype, seen.headers["Cache-Control"]) == ("application/pdf", "no-store")
    text = text_of(seen.data)
    for word in ("L-1", "L-2", "L-3", "Le courant passe", "3900"):
        assert word in text
    assert "Bonjour à tous" not in text
    with pikepdf.open(BytesIO(seen.data)) as pdf:
        assert len(pdf.pages) == 3
    today, tried = (picture_on(mina, job_id, f"{side}-0") for side in ("today", "tried"))
    assert today.size == tried.size == (900, 1273)
    assert ImageChops.difference(today, tried).getbbox() is not None
    assert mina.client.get(f"/equipe/marque/{job_id}/tried-1.png", follow_redirects=True).status_code == 404, (
        "bills of one page"
    )

    # Nothing has changed yet.
    send(lumiere, clock, "lumiere", "L-4")
    assert "Le courant passe" not in text_of(pdf_of(store, "L-4"))

    mina.get("/equipe/marque")
    assert "C’est adopté" in mina.post(f"/equipe/marque/{job_id}/adopter").text
    assert "Adopter pour" not in mina.page.text
    send(lumiere, clock, "lumiere", "L-5")
    assert "Le courant passe" in text_of(pdf_of(store, "L-5"))
    assert pdf_of(store, "L-1") == before, "old bills keep theirs"
    with store.reading() as session:
        versions = {row.number: row.template_id for row in session.scalars(select(BillRow))}
        assert versions["L-1"] == versions["L-4"] != versions["L-5"]
        assert len(session.scalars(select(TemplateRow).where(TemplateRow.issuer_id == 1)).all()) == 2
        adopted = session.scalars(select(Event).where(Event.what == "brand adopted")).one()
        assert (adopted.by, french(adopted.reason)) == ("mina@facteur.example", "colour, tagline, help_lines, message")
    assert not any(check(store).invariants.values())


def test_a_mark_is_handed_in_seen_adopted_and_taken_off_again(
    lumiere: Pipeline, store: Store, browser: Callable[[str], Browser], clock: Clock
) -> None:
    mina = browser("mina")
    mina.get("/equipe/marque")
    try_out(mina, logo=(BytesIO(draw_logo(1600, 480)), "../../etc/passwd.png"))
    lumiere.drain(clock())
    first = last_job(store).id
    assert "ajouté" in mina.get("/equipe/marque").text
    assert picture_on(mina, first, "logo").size == (633, 190), "no larger than print needs"
    assert mina.client.get("/emetteurs/lumiere/logo").status_code == 404, "nobody else sees what is tried"
    today, tried = (picture_on(mina, first, f"{side}-0") for side in ("today", "tried"))
    corner = (80, 50, 330, 125)  # where a mark stands, in pixels of the picture
    assert ImageChops.difference(today.crop(corner), tried.crop(corner)).getbbox() is not None

    # The same mark, other words: the form begins with the trial before.
    mina.get("/equipe/marque")
    try_out(mina, essai=str(first), tagline="Autre chose")
    lumiere.drain(clock())
    second = last_job(store).id
    assert picture_on(mina, second, "logo").tobytes() == picture_on(mina, first, "logo").tobytes()
    before = sha256_of(store, "L-1")
    mina.get("/equipe/marque")
    mina.post(f"/equipe/marque/{second}/adopter")
    send(lumiere, clock, "lumiere", "L-4")
    assert sha256_of(store, "L-1") == before == sha256(pdf_of(store, "L-1")).hexdigest()
    assert [b"/Subtype/Image" in prefix_of(store, number) for number in ("L-1", "L-4")] == [False, True]
    shown = mina.client.get("/emetteurs/lumiere/logo")
    assert (shown.status_code, shown.mimetype) == (200, "image/png")

    # It is taken off again; what went out with it keeps it.
    with_mark = sha256_of(store, "L-4")
    mina.get("/equipe/marque")
    try_out(mina, essai=str(second), no_logo="1")
    lumiere.drain(clock())
    assert "retiré" in mina.get("/equipe/marque").text
    assert mina.client.get(f"/equipe/marque/{last_job(store).id}/logo.png", follow_redirects=True).status_code == 404
    mina.post(f"/equipe/marque/{last_job(store).id}/adopter")
    send(lumiere, clock, "lumiere", "L-5")
    assert [b"/Subtype/Image" in prefix_of(store, number) for number in ("L-4", "L-5")] == [True, False]
    assert sha256_of(store, "L-4") == with_mark == sha256(pdf_of(store, "L-4")).hexdigest()
    assert mina.client.get("/emetteurs/lumiere/logo").status_code == 404
    assert not any(check(store).invariants.values())


def sha256_of(store: Store, number: str) -> str | None:
    with store.reading() as session:
        row = bill_by_number(session, 1, number)
        return row.pdf_sha256 if row else None


def prefix_of(store: Store, number: str) -> bytes:
    with store.reading() as session:
        row = bill_by_number(session, 1, number)
        assert row is not None
        return store.blobs.read(session.get_one(TemplateRow, row.template_id).prefix_sha256)


def last_job(store: Store) -> Job:
    with store.reading() as session:
        return session.scalars(select(Job).where(Job.kind == PREVIEW).order_by(Job.id.desc())).first()


def test_whoever_asks_sees_the_answer_without_asking_twice(
    lumiere: Pipeline, browser: Callable[[str], Browser], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mina = browser("mina")
    mina.get("/equipe/marque")
    monkeypatch.setattr(import_module("portal.issuers.brand_editor"), "PATIENCE", 30)
    monkeypatch.setattr(lumiere.store.wake_up, "send", lambda: worker.start())
    worker = Thread(target=lumiere.drain, args=(clock(),))
    page = try_out(mina)
    worker.join()
    assert "Essayé le" in page
    assert "L’aperçu se prépare" not in page


def test_nobody_sees_or_adopts_what_another_issuer_tries(
    lumiere: Pipeline, store: Store, browser: Callable[[str], Browser], clock: Clock
) -> None:
    mina = browser("mina")
    mina.get("/equipe/marque")
    try_out(mina, logo=(BytesIO(draw_logo()), "logo.png"))
    lumiere.drain(clock())
    job_id = store.public_ids.of("job", last_job(store).id)
    places = [f"/equipe/marque/{job_id}/{name}" for name in ("apercu.pdf", "logo.png", "today-0.png", "tried-0.png")]
    assert [mina.client.get(place).status_code for place in places] == [200] * 4
    eva = browser("eva")
    assert "Votre dernier essai" not in eva.get("/equipe/marque").text
    assert [eva.client.get(place).status_code for place in places] == [404] * 4
    eva.get("/equipe/marque")
    assert eva.post(f"/equipe/marque/{job_id}/adopter").status_code == 404
    eva.get("/equipe/marque")
    assert eva.post("/equipe/marque", colour="#7a1f3d", language="seller", essai=job_id).status_code == 404
    with store.reading() as session:
        assert [(issuer.voice, issuer.logo) for issuer in session.scalars(select(Issuer))] == [(None, None)] * 2


def test_a_preview_is_encrypted_like_the_bills_it_shows_and_the_one_before_is_forgotten(
    lumiere: Pipeline, store: Store, browser: Callable[[str], Browser], clock: Clock
) -> None:
    previews = []
    for tagline in ("Un", "Deux"):
        with store.writing() as session:
            looks = BrandSettings(BrandTable(tagline=tagline), None)
            job_id = ask_for_preview(session, session.get_one(Issuer, 1), looks, "mina", clock()).id
        lumiere.drain(clock())
        previews.append(preview_in(last_job(store)))
    before, preview = previews
    assert before is not None
    assert preview is not None
    assert len(preview.blobs) == 3
    assert [store.blobs.exists(name) for name in (*before.blobs, *preview.blobs)] == [False] * 3 + [True] * 3
    assert not any(mark in store.blobs.read(name) for name in preview.blobs for mark in (b"%PDF-1.7", b"\x89PNG\r\n"))
    assert PreviewVault.of(store, job_id, preview).read(preview.blob, "pdf").startswith(b"%PDF")
    for number, name in ((job_id + 1, "pdf"), (job_id, "today 0")):
        with pytest.raises(DecryptionFailed):
            PreviewVault.of(store, number, preview).read(preview.blob, name)
    mina = browser("mina")
    for name in ("apercu.pdf", "tried-0.png"):
        assert mina.client.get(f"/equipe/marque/{job_id - 1}/{name}", follow_redirects=True).status_code == 404
    mina.get("/equipe/marque")
    assert mina.post(f"/equipe/marque/{job_id - 1}/adopter").status_code == 404, "what nobody can see any more"


def test_before_the_first_feed_a_specimen_is_shown_and_the_first_bill_has_the_looks(
    lumiere: Pipeline, store: Store, browser: Callable[[str], Browser], clock: Clock
) -> None:
    eva = browser("eva")
    eva.get("/equipe/marque")
    try_out(eva, tagline="L’eau d’ici")
    lumiere.drain(clock())
    assert "un spécimen" in eva.get("/equipe/marque").text
    job_id = last_job(store).id
    text = text_of(eva.client.get(f"/equipe/marque/{job_id}/apercu.pdf", follow_redirects=True).data)
    for words in ("SPECIMEN-0001", "L’eau d’ici", "Eaux du Val", "Camille Modèle", "3900"):
        assert words in text
    eva.get("/equipe/marque")
    eva.post(f"/equipe/marque/{job_id}/adopter")
    send(lumiere, clock, "eaux", "E-1")
    with store.reading() as session:
        row = bill_by_number(session, 2, "E-1")
        assert row is not None
        assert "L’eau d’ici" in text_of(store.archive(session).pdf(row))


def test_what_cannot_be_previewed_says_so_and_is_not_adopted(
    lumiere: Pipeline, store: Store, browser: Callable[[str], Browser], clock: Clock
) -> None:
    """A colour that the page would not have taken, as another release may have left it."""
    with store.writing() as session:
        job = ask_for_preview(
            session, session.get_one(Issuer, 1), BrandSettings(BrandTable(colour="#fffffe"), None), "mina", clock()
        )
        job_id = job.id
    lumiere.drain(clock())
    mina = browser("mina")
    page = mina.get("/equipe/marque").text
    assert "L’aperçu n’a pas abouti" in page
    assert "son contraste sur le blanc est 1,0" in page
    assert mina.client.get(f"/equipe/marque/{job_id}/apercu.pdf", follow_redirects=True).status_code == 404
    assert mina.post(f"/equipe/marque/{job_id}/adopter").status_code == 404


def test_another_profile_takes_the_place_of_what_was_adopted(lumiere: Pipeline, store: Store, clock: Clock) -> None:
    with store.writing() as session:
        issuer = session.get_one(Issuer, 1)
        issuer.voice, issuer.logo = '{"colour": "#7a1f3d"}', draw_logo()
        assert brand_of_issuer(issuer).colour == "#7a1f3d"
        add_issuer(session, "lumiere", "Lumière de l'Ouest", clock(), '[brand]\ncolour = "#0b5c6b"\n')
        assert brand_settings_of(issuer) == BrandSettings(BrandTable(colour="#0b5c6b"), None)


def test_a_voice_keeps_what_is_not_changed() -> None:
    before = BrandTable(tagline="a", units={"KWH": "kWh"})
    after = brand_settings_json({"tagline": "b"}, before)
    assert (after.tagline, after.units) == ("b", {"KWH": "kWh"})
    assert BrandSettings(after, b"a mark").differences(BrandSettings(before, None)) == ("logo", "tagline")


def test_a_preview_whose_root_is_gone_says_so_and_is_tried_again(
    lumiere: Pipeline, store: Store, browser: Callable[[str], Browser], clock: Clock, config: Config
) -> None:
    """Its page offered links that were not there."""
    _, job_id = previewed(lumiere, store, browser, clock)
    alone = Store(store.engine, store.blobs, KeyRing(NEW), store.wake_up, store.incoming)
    later = Browser(make_app(alone, config, clock).test_client())
    later.get("/equipe/connexion")
    later.post("/equipe/connexion", email="mina@facteur.example", password=PASSWORD)
    page = later.get("/equipe/marque").text
    assert "la clé qui l’ouvre n’est plus là" in page
    assert "apercu.pdf" not in page
    assert "/today-0.png" not in page
    assert 'value="#7a1f3d"' in page, "the form has kept what was tried"
    asked = later.get(f"/equipe/marque/{job_id}/apercu.pdf")
    assert (asked.status_code, asked.request.path) == (200, "/equipe/marque")
    assert later.post(f"/equipe/marque/{job_id}/adopter").status_code == 404, "nobody adopts what they have not seen"


def test_a_preview_is_taken_over_with_the_accounts(
    lumiere: Pipeline, store: Store, browser: Callable[[str], Browser], clock: Clock, config: Config
) -> None:
    _, job_id = previewed(lumiere, store, browser, clock)
    both = Store(store.engine, store.blobs, KeyRing(NEW, [config.secret]), store.wake_up, store.incoming)
    assert [renew_preview_keys(both), renew_preview_keys(both)] == [1, 0]
    alone = Store(store.engine, store.blobs, KeyRing(NEW), store.wake_up, store.incoming)
    with alone.reading() as session:
        preview = preview_in(session.get_one(Job, job_id))
    assert preview is not None
    assert is_readable(alone, preview)
    assert PreviewVault.of(alone, job_id, preview).read(preview.blob, "pdf").startswith(b"%PDF")


def previewed(lumiere: Pipeline, store: Store, browser: Callable[[str], Browser], clock: Clock) -> tuple[Browser, int]:
    """Mina has tried another colour, and it was drawn."""
    with store.writing() as session:
        looks = BrandSettings(BrandTable(colour="#7a1f3d"), None)
        job_id = ask_for_preview(session, session.get_one(Issuer, 1), looks, "mina", clock()).id
    lumiere.drain(clock())
    mina = browser("mina")
    assert "apercu.pdf" in mina.get("/equipe/marque").text
    return mina, job_id
