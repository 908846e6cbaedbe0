"""Mina tries another look on her issuer's last bills, sees it, and adopts it; bills that have gone out keep theirs."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from delivery.inbox import open_inbox
from delivery.postman import SMTPPostman
from issuers.drop import drop
from issuers.profile import Voice
from issuers.registry import add_issuer, brand_of_issuer
from issuers.voice import PREVIEW, ask_for_preview, open_preview, preview_in, voice_of
from portal.app import make_app
from portal.passwords import hash_password
from road import Road
from store import Store
from store.bill import BillRow, bill_by_number
from store.errand import Errand
from store.event import Event
from store.invariants import check
from store.issuer import Issuer, Template
from store.seal import SealBroken
from store.staff import Staff
from tests.conftest import Clock
from tests.feeds import batch, ubl
from tests.portal.conftest import Browser
from tests.render.world import text_of

PASSWORD = "une phrase que je retiens"
PROFILE = '[brand]\ntagline = "L’électricité d’ici"\nmessage = "Bonjour à tous"\n'


@pytest.fixture
def road(store: Store, config: Config) -> Iterator[Road]:
    with open_inbox(config.inbox) as url:
        post = SMTPPostman(url, config.sender)
        yield Road(store, config, post)
        post.hang_up()


@pytest.fixture
def lumiere(road: Road, clock: Clock) -> Road:
    """Lumière has sent its bills of March, and so has Eaux; Mina works for the one, Eva for the other."""
    with road.store.writing() as session:
        for slug, name, person in (("lumiere", "Lumière de l'Ouest", "mina"), ("eaux", "Eaux du Val", "eva")):
            issuer = add_issuer(session, slug, name, clock(), PROFILE)
            kept = hash_password(PASSWORD)
            session.add(Staff(email=f"{person}@facteur.example", password_hash=kept, added_at=clock(),
                              issuer_id=issuer.id))  # fmt: skip
    send(road, clock, "lumiere", "L-1", "L-2", "L-3")
    return road


def send(road: Road, clock: Clock, slug: str, *numbers: str) -> None:
    with road.store.reading() as session:
        issuer = session.scalars(select(Issuer).where(Issuer.slug == slug)).one()
    drop(road.store, issuer, BytesIO(batch(ubl(number) for number in numbers)), f"{numbers[0]}.xml", "cli", clock())
    road.drain(clock())


@pytest.fixture
def browser(store: Store, config: Config, clock: Clock) -> Callable[[str], Browser]:
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


def try_out(mine: Browser, **changes: str) -> None:
    fields = {"colour": "#7a1f3d", "language": "fr", "tagline": "Le courant passe", "message": "", "help_1": "3900"}
    assert mine.post("/equipe/marque", **(fields | changes)).status_code == 200


def test_a_look_is_tried_seen_and_adopted(lumiere: Road, store: Store, browser: Callable[[str], Browser],
                                          clock: Clock) -> None:  # fmt: skip
    before = pdf_of(store, "L-1")
    mina = browser("mina")
    assert 'value="#1f4e5a"' in mina.get("/equipe/marque").text
    try_out(mina)
    assert "L’aperçu est demandé" in mina.page.text
    lumiere.drain(clock())
    page = mina.get("/equipe/marque").text
    assert "Essayé le" in page
    assert "mina@facteur.example" in page
    assert "L-1, L-2, L-3" in page
    errand_id = only_errand(store).id
    seen = mina.get(f"/equipe/marque/{errand_id}/apercu.pdf")
    assert (seen.mimetype, seen.headers["Cache-Control"]) == ("application/pdf", "no-store")
    text = text_of(seen.data)
    for word in ("L-1", "L-2", "L-3", "Le courant passe", "3900"):
        assert word in text
    assert "Bonjour à tous" not in text
    with pikepdf.open(BytesIO(seen.data)) as pdf:
        assert len(pdf.pages) == 3

    # Nothing has changed yet.
    send(lumiere, clock, "lumiere", "L-4")
    assert "Le courant passe" not in text_of(pdf_of(store, "L-4"))

    mina.get("/equipe/marque")
    assert "C’est adopté" in mina.post(f"/equipe/marque/{errand_id}/adopter").text
    assert "adopté" in mina.get("/equipe/marque").text
    send(lumiere, clock, "lumiere", "L-5")
    assert "Le courant passe" in text_of(pdf_of(store, "L-5"))
    assert pdf_of(store, "L-1") == before, "old bills keep theirs"
    with store.reading() as session:
        versions = {row.number: row.template_id for row in session.scalars(select(BillRow))}
        assert versions["L-1"] == versions["L-4"] != versions["L-5"]
        assert len(session.scalars(select(Template).where(Template.issuer_id == 1)).all()) == 2
        adopted = session.scalars(select(Event).where(Event.what == "brand adopted")).one()
        assert adopted.by == "mina@facteur.example"
    assert not any(check(store).values())


def only_errand(store: Store) -> Errand:
    with store.reading() as session:
        return session.scalars(select(Errand).where(Errand.kind == PREVIEW)).one()


def test_nobody_sees_or_adopts_what_another_issuer_tries(
    lumiere: Road, store: Store, browser: Callable[[str], Browser], clock: Clock
) -> None:
    try_out(signed := browser("mina"))
    lumiere.drain(clock())
    errand_id = only_errand(store).id
    assert signed.get(f"/equipe/marque/{errand_id}/apercu.pdf").status_code == 200
    eva = browser("eva")
    assert "Votre dernier essai" not in eva.get("/equipe/marque").text
    assert eva.get(f"/equipe/marque/{errand_id}/apercu.pdf").status_code == 404
    eva.get("/equipe/marque")
    assert eva.post(f"/equipe/marque/{errand_id}/adopter").status_code == 404
    with store.reading() as session:
        assert [issuer.voice for issuer in session.scalars(select(Issuer))] == [None, None]


def test_a_preview_is_sealed_like_the_bills_it_shows(lumiere: Road, store: Store, clock: Clock) -> None:
    with store.writing() as session:
        ask_for_preview(session, session.get_one(Issuer, 1), Voice(), "mina", clock())
    lumiere.drain(clock())
    errand = only_errand(store)
    preview = preview_in(errand)
    assert preview is not None
    assert b"%PDF" not in store.blobs.read(preview.blob)
    assert open_preview(store, errand.id, preview).startswith(b"%PDF")
    with pytest.raises(SealBroken):
        open_preview(store, errand.id + 1, preview)


@pytest.mark.parametrize(
    ("slug", "colour", "why"),
    [
        pytest.param("eaux", "#7a1f3d", "premier flux", id="no bill yet"),
        pytest.param("lumiere", "#fffffe", "", id="a colour that nobody can read"),
    ],
)
def test_what_cannot_be_previewed_says_why_and_is_not_adopted(
    lumiere: Road, store: Store, browser: Callable[[str], Browser], clock: Clock, slug: str, colour: str, why: str
) -> None:
    mine = browser({"eaux": "eva", "lumiere": "mina"}[slug])
    mine.get("/equipe/marque")
    try_out(mine, colour=colour)
    lumiere.drain(clock())
    page = mine.get("/equipe/marque").text
    assert "L’aperçu n’a pas abouti" in page
    assert why in page
    errand_id = only_errand(store).id
    assert mine.get(f"/equipe/marque/{errand_id}/apercu.pdf").status_code == 404
    mine.get("/equipe/marque")
    assert mine.post(f"/equipe/marque/{errand_id}/adopter").status_code == 404


@pytest.mark.parametrize("changes", [{"colour": "red"}, {"colour": "url(x"}, {"language": "xx"}])
def test_what_is_no_voice_is_told_at_once(
    lumiere: Road, store: Store, browser: Callable[[str], Browser], changes: dict[str, str]
) -> None:
    mina = browser("mina")
    mina.get("/equipe/marque")
    answer = mina.post("/equipe/marque", **({"colour": "#7a1f3d", "language": "fr"} | changes))
    assert answer.status_code == 422
    with store.reading() as session:
        assert session.scalars(select(Errand).where(Errand.kind == PREVIEW)).all() == []


def test_another_profile_takes_the_place_of_what_was_adopted(lumiere: Road, store: Store, clock: Clock) -> None:
    with store.writing() as session:
        issuer = session.get_one(Issuer, 1)
        issuer.voice = '{"colour": "#7a1f3d"}'
        assert brand_of_issuer(issuer).colour == "#7a1f3d"
        add_issuer(session, "lumiere", "Lumière de l'Ouest", clock(), '[brand]\ncolour = "#0b5c6b"\n')
        assert brand_of_issuer(issuer).colour == "#0b5c6b"


def test_a_voice_keeps_what_is_not_changed() -> None:
    before = Voice(tagline="a", units={"KWH": "kWh"})
    after = voice_of({"tagline": "b"}, before)
    assert (after.tagline, after.units) == ("b", {"KWH": "kWh"})
