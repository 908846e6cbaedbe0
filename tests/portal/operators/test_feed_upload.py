"""Mina of Lumière brings feeds in from the console: by the form, and file by file as the page's script does. Oscar, who
works for no issuer, has no such page, and a stranger's file is not even opened."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from portal.access.route_policy import POLICY
from store.db.event import events_of
from store.feeds.feed import Feed
from store.staff_member import Staff
from tests.portal.conftest import Browser
from tests.portal.staff_office import FEED, Office
from tests.sample_feeds import batch, ubl

PAGE = "/equipe/flux/depot"
APRIL, MAY = batch([ubl("A-1"), ubl("A-2")]), batch([ubl("M-1")])


def take(mine: Browser, content: bytes, name: str = "avril.xml", **more: str) -> TestResponse:
    """Send one file as the script does: its bytes are the body, the page's token is in a header."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', mine.get(PAGE).text)
    headers = {"X-CSRFToken": token[1] if token else ""}
    query = {"nom": name, **more}
    kind = "application/octet-stream"
    return mine.client.post(f"{PAGE}/fichier", data=content, query_string=query, headers=headers, content_type=kind)


def said(answer: TestResponse) -> dict[str, Any]:
    assert answer.mimetype == "application/json"
    told: dict[str, Any] = json.loads(answer.data)
    return told


def step_states(page: str) -> list[str]:
    steps = page.partition('<ol class="feed-steps">')[2].partition("</ol>")[0]
    return re.findall(r'<li class="([\w-]+)"', steps)


def feeds_named(office: Office, name: str) -> list[Feed]:
    with office.store.reading() as session:
        return list(session.scalars(select(Feed).where(Feed.name == name)))


def test_mina_s_file_is_a_feed_by_the_door_console_and_bears_her_name(
    office: Office, staff: Callable[[str], Browser]
) -> None:
    mina = staff("mina")
    answer = said(take(mina, APRIL))
    assert (answer["words"], answer["tone"]) == ("reçu", "good")
    [feed] = feeds_named(office, "avril.xml")
    assert (feed.door, feed.state, feed.issuer_id) == ("console", "received", office.lumiere.id)
    with office.store.reading() as session:
        assert [event.by for event in events_of(session, "feed", feed.id)] == ["mina@facteur.example"]
    followed = mina.get(f"{PAGE}?flux={answer['feed']}").text
    assert f'data-live="{PAGE}?flux={answer["feed"]}" data-every="2"' in followed
    assert "reçu, à lire" in followed
    office.pipeline.work_until_idle(office.clock())
    assert 'data-every="0"' in mina.get(f"{PAGE}?flux={answer['feed']}").text, "and nobody asks any more"
    assert "console" in mina.get(f"/equipe/flux/{answer['feed']}").text


def test_the_same_file_again_is_the_same_feed(office: Office, staff: Callable[[str], Browser]) -> None:
    mina = staff("mina")
    first, again = said(take(mina, APRIL)), said(take(mina, APRIL, "copie.xml"))
    assert (again["tone"], again["feed"]) == ("ask", first["feed"])
    assert "rien n’est pris deux fois" in again["words"]
    assert len(feeds_named(office, "avril.xml")) == 1


def test_the_form_takes_several_files_and_one_that_is_empty_keeps_no_other_back(
    office: Office, staff: Callable[[str], Browser]
) -> None:
    mina = staff("mina")
    mina.get(PAGE)
    token = re.search(r'name="csrf_token" value="([^"]+)"', mina.page.text if mina.page else "")
    files = [(BytesIO(APRIL), "avril.xml"), (BytesIO(b""), "rien.xml"), (BytesIO(MAY), "mai.xml")]
    fields = {"csrf_token": token[1] if token else "", "fichiers": files}
    page = mina.client.post(PAGE, data=fields, follow_redirects=True)
    assert "rien.xml\xa0: Il n’y a rien dedans" in page.text
    assert [len(feeds_named(office, name)) for name in ("avril.xml", "mai.xml", "rien.xml")] == [1, 1, 0]
    assert page.text.index("avril.xml") < page.text.index("mars.xml"), "what was just brought in comes first"


def test_the_form_without_a_file_or_a_token_brings_nothing(office: Office, staff: Callable[[str], Browser]) -> None:
    mina = staff("mina")
    mina.get(PAGE)
    assert "Choisissez au moins un fichier" in mina.post(PAGE).text
    assert mina.client.post(PAGE, data={"fichiers": (BytesIO(APRIL), "avril.xml")}).status_code == 400
    assert mina.client.post(f"{PAGE}/fichier?nom=avril.xml", data=APRIL).status_code == 400
    assert feeds_named(office, "avril.xml") == []


def test_totals_that_differ_hold_the_feed_before_anything_goes_out(
    office: Office, staff: Callable[[str], Browser]
) -> None:
    mina = staff("mina")
    wrong = said(take(mina, APRIL, nombre="deux"))
    assert (wrong["tone"], feeds_named(office, "avril.xml")) == ("bad", [])
    several = said(take(mina, APRIL, nombre="3", plusieurs="1"))
    assert "un par un" in several["words"]
    take(mina, APRIL, nombre="3", somme="1 252,00")
    office.pipeline.work_until_idle(office.clock())
    [feed] = feeds_named(office, "avril.xml")
    assert feed.state == "held"
    assert "3 factures annoncées (console), 2 lues" in mina.get(f"/equipe/flux/{feed.id}").text


def test_nobody_else_has_this_page(office: Office, staff: Callable[[str], Browser], app: Flask) -> None:
    oscar = staff("oscar")
    assert oscar.get(PAGE).status_code == 404
    assert take(staff("oscar"), APRIL).status_code in {400, 404}
    eva = staff("eva")
    theirs = eva.get(f"{PAGE}?flux={office.held}").text
    assert "mars.xml" not in theirs, "a feed of Lumière"
    with office.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Feed)) == 1


def test_a_reader_of_lumiere_brings_nothing_in(office: Office, staff: Callable[[str], Browser]) -> None:
    with office.store.writing() as session:
        session.execute(update(Staff).where(Staff.email == "mina@facteur.example").values(role="reader"))
    mina = staff("mina")
    assert "Déposer un flux" not in mina.get("/equipe/flux").text
    assert mina.get(PAGE).status_code == 404
    mina.get("/equipe/flux")
    assert mina.post(PAGE, fichiers=(BytesIO(APRIL), "avril.xml")).status_code == 404
    assert feeds_named(office, "avril.xml") == []


@pytest.mark.parametrize("size", [1, 100_000])
def test_a_stranger_s_form_is_not_read(size: int, app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(_self: object) -> None:
        raise AssertionError("the form was read")

    monkeypatch.setattr("werkzeug.formparser.FormDataParser.parse", opened)
    answer = app.test_client().post(PAGE, data={"fichiers": (BytesIO(b"x" * size), "avril.xml")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/equipe/connexion")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    office: Office, staff: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = POLICY["feed_upload.take", "POST"]
    monkeypatch.setitem(POLICY, ("feed_upload.take", "POST"), line._replace(body=100))
    assert take(staff("mina"), APRIL).status_code == 413
    assert feeds_named(office, "avril.xml") == []


def test_the_steps_of_a_feed_say_where_it_is(office: Office, staff: Callable[[str], Browser]) -> None:
    mina = staff("mina")
    page = mina.get(f"/equipe/flux/{office.held}").text
    assert step_states(page) == ["done", "done", "stopped", "to-come", "to-come"]
    taken = said(take(mina, batch([*FEED, ubl("S-1")])))
    first = mina.get(f"/equipe/flux/{taken['feed']}").text
    assert step_states(first) == ["done", "now", "to-come", "to-come", "to-come"]
    office.pipeline.work_until_idle(office.clock())
    last = mina.get(f"/equipe/flux/{taken['feed']}").text
    assert "en route" in last
    assert step_states(last) == [], "nothing moves any more, and nobody asks again"
