"""The trail has who did what, when and why; by person, thing and day. What the pipeline does by itself is not in it."""

import re
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import text

from store.campaigns.campaign import CAMPAIGN_STATES
from store.db.acts import ActFilter, acts, all_acts
from store.db.event import IS_ACT, record
from tests.portal.conftest import Browser
from tests.portal.sample_campaign import draft_a_campaign
from tests.portal.staff_office import Office
from words.act_names import ACT

OLGA = "olga@facteur.example"
NEWEST = f"EXPLAIN QUERY PLAN SELECT id FROM event WHERE {IS_ACT} ORDER BY at DESC, id DESC"


def test_the_trail_tells_who_did_what(office: Office, staff: Callable[[str], Browser]) -> None:
    now = office.clock()
    with office.store.writing() as session:
        record(session, "feed", office.held, "release decided", now, by=OLGA, why="Lumière l’a confirmé")
        record(session, "issuer", office.lumiere.id, "closed", now - timedelta(days=3), by=OLGA, why="contrat échu")
        record(session, "bill", 1, "viewed", now, by="consumer 7")
    oscar = staff("oscar")
    page = oscar.get(f"/equipe/journal?par={OLGA}").text
    assert "libération décidée" in page
    assert "Lumière l’a confirmé" in page
    assert "mars.xml" in page, "the feed's name, which leads to it"
    assert "parti du service" in page
    assert "contrat échu" not in oscar.get(f"/equipe/journal?depuis={now:%Y-%m-%d}").text
    assert "contrat échu" not in oscar.get("/equipe/journal?quoi=feed").text
    everything = oscar.get("/equipe/journal").text
    assert ">road<" not in everything, "the pipeline's own events are no acts"
    assert "une personne inscrite" not in everything
    assert "une personne inscrite" in oscar.get("/equipe/journal?tous=1").text
    sheet = oscar.get(f"/equipe/journal/feuille.csv?par={OLGA}")
    assert sheet.mimetype == "text/csv"
    assert len(re.findall(OLGA, sheet.text)) == 2
    assert "journal pris en feuille de calcul" in oscar.get("/equipe/journal?quoi=staff").text
    assert "libération décidée" not in oscar.get("/equipe/journal?par=oscar").text
    with office.store.writing() as session:
        record(session, "feed", office.held, "rejected", now, by="mina@facteur.example", why="faux départ")
        record(session, "issuer", office.lumiere.id, "sftp closed", now - timedelta(days=1), by="cli", why="clé perdue")
    of_mina = oscar.get("/equipe/journal?par=MINA@f").text
    assert "faux départ" in of_mina, "a part of her address is enough"
    assert "Lumière l’a confirmé" not in of_mina
    assert "clé perdue" in oscar.get("/equipe/journal?par=ligne+de").text, "and of what people call a program"
    both = oscar.get("/equipe/journal?par=i").text
    assert both.index("faux départ") < both.index("clé perdue"), "newest first, whoever acted"
    assert "Rien de tel" in oscar.get("/equipe/journal?par=%25").text, "what is typed is no pattern"
    assert staff("mina").get("/equipe/journal").status_code == 404


def test_a_campaign_is_named_in_the_trail_and_leads_to_its_page(
    office: Office, staff: Callable[[str], Browser]
) -> None:
    draft_a_campaign(office.store, office.lumiere.id, office.clock())
    trail = staff("oscar").get("/equipe/journal?quoi=campaign").text
    assert "brouillon écrit ou changé" in trail
    assert re.search(r'<a href="/equipe/campagnes/[a-z0-9]+">[^<]*Automne', trail)
    assert {("campaign", state) for state in CAMPAIGN_STATES} <= set(ACT)


def test_pages_follow_each_other_without_a_gap(office: Office) -> None:
    now = office.clock()
    with office.store.writing() as session:
        for n in range(25):
            by = OLGA if n % 3 else "consumer 7"
            record(session, "feed", office.held, "received", now - timedelta(hours=n // 2), by=by)
    asked = ActFilter(of_team=True, subject="feed", since=now - timedelta(days=1))
    with office.store.reading() as session:
        whole = [each.id for each in all_acts(session, asked, 4)]
        first = acts(session, asked, 4)
        second = acts(session, asked, 4, first.following)
        names = (OLGA, "consumer 7", "nobody")
        merged = [each.id for each in all_acts(session, asked._replace(by=names, of_team=False), 4)]
        plan = str(session.execute(text(NEWEST)).all()) if office.store.is_sqlite else "ix_event_acts"
    assert len(whole) == len(set(whole)) == 17, "and the feed's own arrival, by the API"
    assert [each.id for each in (*first.acts, *second.acts)] == whole[:8]
    assert len(merged) == len(set(merged)) == 25
    assert len(set(whole) - set(merged)) == 1, "the feed's own arrival"
    assert "ix_event_acts" in plan
