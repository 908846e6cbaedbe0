"""The trail has who did what, when and why; by person, thing and day. What the pipeline does by itself is not in it."""

import re
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import text

from store.db.acts import ActFilter, acts, all_acts
from store.db.event import IS_ACT, record
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office

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
    assert staff("mina").get("/equipe/journal").status_code == 404


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
        plan = str(session.execute(text(NEWEST)).all()) if office.store.is_sqlite else "ix_event_acts"
    assert len(whole) == len(set(whole)) == 17, "and the feed's own arrival, by the API"
    assert [each.id for each in (*first.acts, *second.acts)] == whole[:8]
    assert "ix_event_acts" in plan
