"""Oscar adds an issuer, suspends another one whose feeds then wait, and resumes it: nothing is lost."""

from collections.abc import Callable
from io import BytesIO

from sqlalchemy import select

from doors.feed_drop import drop_feed
from issuers.suspension import resume_issuer, suspend_issuer
from pipeline.steps.read_feed import claim_feed, read_feed, reading_feed
from store.issuer import Issuer, issuer_by_slug
from store.staff_member import Staff
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.sample_feeds import batch, ubl


def test_feeds_of_a_suspended_issuer_wait_and_go_on(office: Office, staff: Callable[[str], Browser]) -> None:
    oscar, mina = staff("oscar"), staff("mina")
    page = f"/equipe/emetteurs/{office.store.public_ids.of('issuer', office.lumiere.id)}"
    assert "en service" in oscar.get(page).text
    assert oscar.post(f"{page}/suspension", decision="suspendre").status_code == 422, "never without a reason"
    told = oscar.post(f"{page}/suspension", decision="suspendre", reason="factures d’essai dans la production").text
    assert "rien n’est perdu" in told
    assert "factures d’essai dans la production" in told, "its history has who and why"
    assert "avant vous" in oscar.post(f"{page}/suspension", decision="suspendre", reason="encore").text
    feed_id = office.drop([ubl("S-1")], name="avril.xml")
    assert office.feed(feed_id).state == "received", "it is taken, and nobody reads it"
    office.pipeline.work_feed(feed_id, office.clock())
    assert office.feed(feed_id).state == "received", "waiting for it comes back"
    assert "Émetteurs suspendus" in oscar.get("/equipe/").text
    assert "Vos flux attendent" in mina.get("/equipe/").text
    oscar.get(page)
    oscar.post(f"{page}/suspension", decision="reprendre", reason="corrigé chez eux")
    assert office.pipeline.read(office.clock(), feed_id)
    assert office.feed(feed_id).state == "released"
    assert mina.get(page).status_code == 404


def test_a_feed_that_is_being_read_is_staged_and_not_released(office: Office) -> None:
    now, content = office.clock(), BytesIO(batch([ubl("S-2")]))
    feed_id = drop_feed(office.store, office.lumiere, content, "mai.xml", "api", now).feed_id
    feed = claim_feed(office.store, now)
    assert feed is not None
    with office.store.writing() as session:
        assert suspend_issuer(session, office.lumiere.id, "Oscar", "un doute", now)
        assert not suspend_issuer(session, office.lumiere.id, "Olga", "un doute", now)
    for _ in reading_feed(office.store, feed, lambda: now):
        pass
    staged = office.feed(feed_id)
    assert (staged.state, staged.entries, staged.released_upto, staged.lease_owner) == ("reading", 1, 0, None)
    assert not read_feed(office.store, now)
    with office.store.writing() as session:
        assert resume_issuer(session, office.lumiere.id, "Oscar", "levé", now)
    assert read_feed(office.store, now)
    assert office.feed(feed_id).state == "released"


def test_an_issuer_is_added_by_an_admin_alone(office: Office, staff: Callable[[str], Browser]) -> None:
    oscar = staff("oscar")
    oscar.get("/equipe/emetteurs/nouveau")
    wrong = oscar.post("/equipe/emetteurs/nouveau", slug="Gaz de l’Est", name="Gaz de l’Est")
    assert (wrong.status_code, "Gaz de l’Est" in wrong.text) == (422, True)
    taken = oscar.post("/equipe/emetteurs/nouveau", slug="lumiere", name="Autre")
    assert (taken.status_code, "déjà ce nom court" in taken.text) == (422, True)
    added = oscar.post("/equipe/emetteurs/nouveau", slug="gaz-est", name="Gaz de l’Est")
    assert "Gaz de l’Est" in added.text
    assert "oscar@facteur.example" in added.text, "who added it"
    with office.store.writing() as session:
        assert issuer_by_slug(session, "gaz-est") is not None
        assert session.scalars(select(Issuer.name).where(Issuer.slug == "lumiere")).one() == "Lumière de l’Ouest"
        session.scalars(select(Staff).where(Staff.email == "oscar@facteur.example")).one().role = "editor"
    assert oscar.get("/equipe/emetteurs/nouveau").status_code == 404
    assert "Ajouter un émetteur" not in oscar.get("/equipe/emetteurs").text
