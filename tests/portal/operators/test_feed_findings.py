"""What is wrong with a feed, kind by kind: Mina sees the lines of her file, and has words for whoever makes it. Eva of
Eaux sees nothing of it."""

import csv
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO, StringIO

from doors.feed_drop import drop_feed
from store.db.event import events_of
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.sample_feeds import batch, ubl

BAD = [ubl(f"B-{n}", gross=Decimal("99.00")) for n in range(12)]


def test_a_kind_shows_its_cases_in_the_lines_of_the_file(office: Office, staff: Callable[[str], Browser]) -> None:
    feed_id = office.drop([*BAD, ubl("G-1")])
    mina = staff("mina")
    page = mina.get(f"/equipe/flux/{feed_id}/constats?regle=BR-CO-15").text
    assert page.count('<pre class="source"') == 10
    assert page.count("<mark>99.00</mark>") == 10
    assert "12 fois" in page
    assert "facture 3, ligne 4" in page
    assert "recalculez les totaux" in page
    assert mina.get(f"/equipe/flux/{feed_id}/constats?regle=BR-NONE").status_code == 404
    assert "constats?regle=BR-CO-15" in mina.get(f"/equipe/flux/{feed_id}").text


def test_a_file_that_is_gone_leaves_findings_without_lines(office: Office, staff: Callable[[str], Browser]) -> None:
    feed_id = office.drop(BAD)
    office.store.blobs.delete(office.feed(feed_id).sha256)
    page = staff("mina").get(f"/equipe/flux/{feed_id}/constats?regle=BR-CO-15")
    assert page.status_code == 200
    assert "<pre" not in page.text


def test_the_message_is_there_in_both_languages_whatever_the_reader_s(
    office: Office, staff: Callable[[str], Browser]
) -> None:
    feed_id = office.drop(BAD, name="<b>mai.xml")
    page = staff("mina").get(f"/equipe/flux/{feed_id}/constats").text
    french, english = page.index("Objet\xa0: &lt;b&gt;mai"), page.index("Subject: &lt;b&gt;mai")
    assert french < english, "the reader's own first"
    assert "(BR-CO-15), 12 fois" in page
    assert "(BR-CO-15), 12 times" in page
    assert "B-2, facture 3, ligne 4, BT-112" in page
    assert "<b>mai" not in page
    assert page.count("data-copy=") == 2


def test_all_findings_are_a_sheet(office: Office, staff: Callable[[str], Browser]) -> None:
    feed_id = office.drop(BAD, name="mai.xml")
    path = f"/equipe/flux/{feed_id}/constats/feuille.csv"
    text = staff("mina").get(path).get_data(as_text=True).removeprefix("\ufeff")
    head, *rows = list(csv.reader(StringIO(text), delimiter=";"))
    assert head == ["Règle", "Gravité", "Ce que c’est", "Facture", "Place", "Constat"]
    about_totals = [row for row in rows if row[0] == "BR-CO-15"]
    assert [row[3] for row in about_totals] == [f"B-{n}" for n in range(12)]
    assert {row[1] for row in about_totals} == {"refus"}
    of_one = staff("mina").get(f"{path}?regle=BR-CO-15").get_data(as_text=True)
    assert len(of_one.splitlines()) == 13


def test_eva_sees_none_of_it(office: Office, staff: Callable[[str], Browser]) -> None:
    eva = staff("eva")
    for path in ("constats", "constats/feuille.csv", "constats?regle=CONTROL-TOTALS"):
        theirs, nobodys = eva.get(f"/equipe/flux/{office.held}/{path}"), eva.get(f"/equipe/flux/999999/{path}")
        assert (theirs.status_code, theirs.data) == (404, nobodys.data)


def test_mina_cancels_a_feed_before_its_release(office: Office, staff: Callable[[str], Browser]) -> None:
    mina, page = staff("mina"), f"/equipe/flux/{office.held}"
    assert "Annuler ce flux" not in mina.get(page).text, "a held one is released or refused"
    dropped = drop_feed(office.store, office.lumiere, BytesIO(batch(BAD)), "mai.xml", "api", office.clock())
    waiting = f"/equipe/flux/{dropped.feed_id}"
    assert "Annuler ce flux" in mina.get(waiting).text
    assert "Le flux est annulé" in mina.post(f"{waiting}/annulation", reason="trop tôt").text
    office.pipeline.work_until_idle(office.clock())
    assert office.feed(dropped.feed_id).state == "rejected"
    assert "Écrivez la raison" in mina.post(f"{page}/annulation", reason=" ").text
    assert office.feed(office.held).state == "held"
    assert "Le flux est annulé" in mina.post(f"{page}/annulation", reason="mauvais mois").text
    cancelled = office.feed(office.held)
    assert (cancelled.state, cancelled.decided_by) == ("rejected", "mina@facteur.example")
    with office.store.reading() as session:
        assert [each.by for each in events_of(session, "feed", office.held)][-1] == "mina@facteur.example"
    assert "Annuler ce flux" not in mina.get(page).text
    assert "n’attend plus" in mina.post(f"{page}/annulation", reason="encore").text


def test_eva_cancels_nothing_of_another_issuer_s(office: Office, staff: Callable[[str], Browser]) -> None:
    eva = staff("eva")
    eva.get("/equipe/")
    assert eva.post(f"/equipe/flux/{office.held}/annulation", reason="moi").status_code == 404
    assert office.feed(office.held).state == "held"
