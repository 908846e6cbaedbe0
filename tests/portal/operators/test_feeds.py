"""Feeds on staff's pages: Oscar decides on what is held, Mina of Lumière reads every item's outcome, Eva of Eaux sees
nothing of it."""

import csv
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bill import ControlTotals, Reason
from export.saved_files.csv_table import plain
from issuers.registry import add_issuer
from store.bills.bill import BillRow
from store.db.event import events_of
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.issuer_profiles.profile_version import add_version
from tests.portal.conftest import Browser
from tests.portal.staff_office import FEED, Office
from tests.pseudo_locale import text_of
from tests.sample_feeds import ubl


def test_a_held_feed_says_why_to_both_and_asks_them(office: Office, staff: Callable[[str], Browser]) -> None:
    assert office.feed(office.held).state == "held"
    why = "7 factures annoncées (API), 6 lues"
    for name in ("oscar", "mina"):
        assert why in staff(name).get("/equipe/").text
        assert why in staff(name).get(f"/equipe/flux/{office.held}").text
        assert "Libérer le flux" in staff(name).get(f"/equipe/flux/{office.held}").text
    assert "Relire" not in staff("mina").get(f"/equipe/flux/{office.held}").text
    oscar = staff("oscar")
    oscar.get("/equipe/")
    oscar.post("/langue", language="en", suite="/equipe/")
    assert "7 bills are declared (API), 6 were read" in oscar.get(f"/equipe/flux/{office.held}").text


def test_a_feed_says_by_which_version_of_the_profile_it_was_read(
    office: Office, staff: Callable[[str], Browser]
) -> None:
    with office.store.writing() as session:
        feed = session.get_one(Feed, office.feed(office.held).id)
        issuer = session.get_one(Issuer, feed.issuer_id)
        saved = add_version(session, issuer, issuer.profile, "mina", "", office.clock(), base=issuer.profile_version)
        number = saved.number
        feed.profile_version = number
    way = f'<a href="/equipe/profil/versions/{number}">version {number} du profil</a>'
    mina, oscar = staff("mina").get(f"/equipe/flux/{office.held}").text, staff("oscar")
    assert way in mina
    shown = oscar.get(f"/equipe/flux/{office.held}").text
    assert f"version {number} du profil" in shown
    assert way not in shown, "profiles are their issuer's"
    assert staff("mina").get(f"/equipe/profil/versions/{number}").status_code == 200


def test_a_refusal_reads_as_two_sentences(office: Office, staff: Callable[[str], Browser]) -> None:
    office.drop(["<Invoice>"], name="cut.xml")
    mina = staff("mina")
    assert "XML que nous ne pouvons pas lire. Ce XML est abîmé" in mina.get("/equipe/flux").text
    mina.post("/langue", language="en", suite="/equipe/")
    assert "XML that we cannot read. This XML is broken" in mina.get("/equipe/flux").text


def test_oscar_releases_with_a_reason_and_his_name(office: Office, staff: Callable[[str], Browser]) -> None:
    oscar, page, act = staff("oscar"), f"/equipe/flux/{office.held}", f"/equipe/flux/{office.held}/decision"
    oscar.get(page)
    assert "Écrivez la raison" in oscar.post(act, decision="liberer", reason="  ").text
    assert oscar.post(act, decision="brûler", reason="non").status_code == 400
    assert office.feed(office.held).decided_by == ""
    oscar.get(page)
    said = oscar.post(act, decision="liberer", reason="la septième suit demain")
    assert "Le flux est libéré" in said.text
    other = staff("oscar")
    other.get("/equipe/lots")
    office.pipeline.work_until_idle(office.clock())
    released = office.feed(office.held)
    assert (released.state, released.decided_by) == ("released", "oscar@facteur.example")
    page_then = oscar.get(page).text
    assert "la septième suit demain" in page_then
    assert "Libérer le flux" not in page_then
    with office.store.reading() as session:
        whys = [event.why for event in events_of(session, "feed", office.held) if event.by == "oscar@facteur.example"]
    assert "la septième suit demain" in whys


def test_a_held_feed_stands_beside_those_before_it(office: Office, staff: Callable[[str], Browser]) -> None:
    assert "Comparé avec" not in staff("mina").get(f"/equipe/flux/{office.held}").text, "it is the first"
    for month in ("avril", "mai"):
        office.pipeline.work_feed(
            office.drop([ubl(f"{month}-{n}") for n in range(4)], name=f"{month}.xml"), office.clock()
        )
    held = office.drop([ubl("J-1")], ControlTotals(count=2, sums={}, source="API"), name="juin.xml")
    page = " ".join(text_of(staff("mina").get(f"/equipe/flux/{held}").text).split())
    assert "Comparé avec les 2 flux d’avant" in page
    assert "Nombre de factures 1 4 de 4 à 4" in page


def test_oscar_rejects_and_a_second_word_comes_too_late(office: Office, staff: Callable[[str], Browser]) -> None:
    oscar, act = staff("oscar"), f"/equipe/flux/{office.held}/decision"
    oscar.get(f"/equipe/flux/{office.held}")
    assert "Le flux est refusé" in oscar.post(act, decision="refuser", reason="à refaire").text
    assert office.feed(office.held).state == "rejected"
    assert "Quelqu’un a décidé avant vous" in oscar.post(act, decision="liberer", reason="si").text
    assert office.feed(office.held).state == "rejected"


def test_mina_decides_on_what_lumiere_has_sent(office: Office, staff: Callable[[str], Browser]) -> None:
    mina = staff("mina")
    mina.get(f"/equipe/flux/{office.held}")
    said = mina.post(f"/equipe/flux/{office.held}/decision", decision="liberer", reason="la septième suit demain")
    assert "Le flux est libéré" in said.text
    office.pipeline.work_until_idle(office.clock())
    released = office.feed(office.held)
    assert (released.state, released.decided_by) == ("released", "mina@facteur.example")


def test_what_we_could_not_read_an_operator_decides(office: Office, staff: Callable[[str], Browser]) -> None:
    with office.store.writing() as session:
        session.get_one(Feed, office.held).read_at = None
    mina = staff("mina")
    page = mina.get(f"/equipe/flux/{office.held}").text
    assert "Libérer le flux" not in page
    assert "attend la décision d’un opérateur" in page
    act = f"/equipe/flux/{office.held}/decision"
    assert mina.post(act, decision="refuser", reason="moi").status_code == 404
    oscar = staff("oscar")
    oscar.get(f"/equipe/flux/{office.held}")
    assert "Le flux est refusé" in oscar.post(act, decision="refuser", reason="illisible").text


def test_nobody_else_decides(office: Office, staff: Callable[[str], Browser], app: Flask) -> None:
    for name, act in [("mina", "relecture"), ("mina", "essai"), *(("eva", act) for act in ("decision", "relecture"))]:
        mine = staff(name)
        mine.get("/equipe/")
        theirs = mine.post(f"/equipe/flux/{office.held}/{act}", decision="liberer", reason="moi")
        assert theirs.status_code == 404
    oscar = staff("oscar")
    bare = oscar.client.post(f"/equipe/flux/{office.held}/decision", data={"decision": "liberer", "reason": "x"})
    assert bare.status_code == 400, "without the page's token"
    assert office.feed(office.held).state == "held"


def test_the_reckoning_comes_to_nothing_when_all_is_out(office: Office, staff: Callable[[str], Browser]) -> None:
    feed_id = office.drop([*FEED, ubl("L-7")], ControlTotals(count=7, sums={"EUR": Decimal("525.00")}, source="API"))
    office.pipeline.work_until_idle(office.clock())
    page = " ".join(staff("mina").get(f"/equipe/flux/{feed_id}").text.split())
    assert page.count('<tr class="good">') == 2, "against the declaration, and against what was read"
    assert '<tr class="bad">' not in page
    assert "525,00" in page
    held = " ".join(staff("mina").get(f"/equipe/flux/{office.held}").text.split())
    assert (
        '<tr class="bad"><th scope="row">Écart avec l’annonce</th><td class="number" data-label="Articles">1</td>'
        in held
    )


def test_findings_are_grouped_by_rule_with_examples(office: Office, staff: Callable[[str], Browser]) -> None:
    bad = [ubl(f"B-{n}", gross=Decimal(1)) for n in range(5)]
    feed_id = office.drop([*bad, ubl("G-1")])
    page = staff("mina").get(f"/equipe/flux/{feed_id}").text
    [row] = [part for part in page.split("<tr") if "regle=BR-CO-15" in part]
    assert ">5<" in row
    assert row.count("<li>") == 3, "the first three"
    assert 'width="100.0"' in row, "the most frequent rule is the whole beam"


def test_every_item_s_fate_is_on_pages_by_outcome(office: Office, staff: Callable[[str], Browser]) -> None:
    feed_id = office.drop([*FEED, *(ubl(f"M-{n}") for n in range(60))])
    office.pipeline.work_until_idle(office.clock())
    mina, path = staff("mina"), f"/equipe/flux/{feed_id}/articles"
    first = mina.get(path).text
    assert first.count("<tr>") == 51
    assert "suite=50" in first
    second = mina.get(f"{path}?suite=50").text
    assert second.count("<tr>") == 17
    assert "M-59" in second
    conflicts = mina.get(f"{path}?sort=conflict").text
    assert "NUMBER-USED" in conflicts
    assert conflicts.count("<tr>") == 2
    assert mina.get(f"{path}?regle=BR-CO-15").text.count("<tr>") == 2
    assert mina.get(f"{path}?sort=nonsense&suite=x").status_code == 200


def sheet(mine: Browser, path: str) -> list[list[str]]:
    answer = mine.get(path)
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_the_sheet_holds_every_item_and_runs_no_formula(office: Office, staff: Callable[[str], Browser]) -> None:
    feed_id = office.drop([*FEED, *(ubl(f"M-{n}") for n in range(600))])
    office.pipeline.work_until_idle(office.clock())
    head, *rows = sheet(staff("mina"), f"/equipe/flux/{feed_id}/articles/feuille.csv")
    assert head == ["Article", "Facture", "Sort", "Montant", "Devise", "Règles", "Constats", "Place"]
    assert [int(row[0]) for row in rows] == list(range(1, 607))
    assert [row[2] for row in rows[:6]] == [
        "prise", "prise", "déjà connue", "numéro déjà pris, autre contenu", "refusée", "prise",
    ]  # fmt: skip
    assert (rows[0][3], rows[0][4], rows[4][3]) == ("84,00", "EUR", "99,00")
    assert rows[5][1] == "'=1+1"
    assert "BR-CO-15" in rows[4][5]
    refused = sheet(staff("mina"), f"/equipe/flux/{feed_id}/articles/feuille.csv?sort=rejected")
    assert [row[1] for row in refused[1:]] == ["L-4"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        "  =1",
        "\0=1",
        '=HYPERLINK("x")',
    ],
)
def test_a_text_of_a_sender_is_no_formula(text: str) -> None:
    assert plain(text).startswith("'")
    assert plain(f"F-{text}")[0] == "F"


def test_what_is_not_yours_looks_like_what_is_not_there(office: Office, staff: Callable[[str], Browser]) -> None:
    eva = staff("eva")
    for path in ("/articles", "/articles/feuille.csv", ""):
        theirs, nobodys = eva.get(f"/equipe/flux/{office.held}{path}"), eva.get(f"/equipe/flux/999999{path}")
        assert theirs.status_code == 404
        assert theirs.data == nobodys.data
    client, path = eva.client, f"/v1/feeds/{office.held}/items"
    assert client.get(path, headers=office.keys["eaux"]).status_code == 404
    assert client.get(path, headers=office.keys["lumiere"]).status_code == 200


def test_a_program_reads_the_items_page_by_page(office: Office, app: Flask) -> None:
    client, seen, path = app.test_client(), [], f"/v1/feeds/{office.held}/items?limit=4"
    while path:
        answer: Any = client.get(path, headers=office.keys["lumiere"]).get_json()
        seen += answer["items"]
        path = answer["next"]
    assert [item["item"] for item in seen] == [1, 2, 3, 4, 5, 6]
    assert (seen[4]["outcome"], seen[4]["amount"], seen[0]["outcome"]) == ("rejected", "99.00", None)
    assert "BR-CO-15" in [finding["rule"] for finding in seen[4]["findings"]]
    only = client.get(f"/v1/feeds/{office.held}/items?outcome=rejected", headers=office.keys["lumiere"]).get_json()
    assert [item["number"] for item in only["items"]] == ["L-4"]
    assert client.get(f"/v1/feeds/{office.held}/items?outcome=x", headers=office.keys["lumiere"]).status_code == 400


def test_oscar_rehearses_a_reading_and_then_reads_again(office: Office, staff: Callable[[str], Browser]) -> None:
    with office.store.writing() as session:
        add_issuer(session, "lumiere", "Lumière de l’Ouest", office.clock(), 'legal_ids = ["552100554"]\n')
    oscar, path = staff("oscar"), f"/equipe/flux/{office.held}"
    oscar.get(path)
    assert "L’essai est demandé" in oscar.post(f"{path}/essai").text
    office.pipeline.work_until_idle(office.clock())
    told = oscar.get(path).text
    assert "Ce que la relecture changerait" in told
    assert "SELLER-OTHER" in told
    assert office.feed(office.held).state == "held", "nothing is changed by asking"
    assert "Le flux est relu" in oscar.post(f"{path}/relecture").text
    office.pipeline.work_until_idle(office.clock())
    assert (office.feed(office.held).state, office.feed(office.held).reading) == ("rejected", 2)
    assert "Ce que la relecture changerait" not in oscar.get(path).text, "that was of the reading before"


def test_a_held_letter_is_mended_and_printed(office: Office, staff: Callable[[str], Browser]) -> None:
    feed_id = office.drop([ubl("P-1")])
    office.pipeline.work_until_idle(office.clock())
    with office.store.writing() as session:
        bill = session.scalars(select(BillRow).where(BillRow.feed_id == feed_id)).one()
        letter = session.scalars(select(Delivery).where(Delivery.bill_id == bill.id)).one()
        letter.state, letter.batch_id = "failed", None
        letter.reason = Reason.of("address_incomplete", address_parts=["line1"])
    path = f"/equipe/factures/{bill.id}"
    assert "Imprimer la lettre" not in staff("mina").get(path).text
    oscar = staff("oscar")
    assert "Imprimer la lettre" in oscar.get(path).text
    act = f"/equipe/lettres/{letter.id}/imprimer"
    assert "Écrivez la raison" in oscar.post(act, reason="").text
    assert "prochain lot" in oscar.post(act, reason="rue retrouvée").text
    with office.store.reading() as session:
        assert session.get_one(Delivery, letter.id).state == "ready"
    oscar.get(path)
    assert "avant vous" in oscar.post(act, reason="encore").text


def test_a_members_feeds_are_listed_by_their_files(office: Office, staff: Callable[[str], Browser]) -> None:
    """An operator's by whose they are."""
    assert '<span class="name">mars.xml</span>' in staff("mina").get("/equipe/flux").text
    assert '<span class="name">Lumière de l’Ouest</span>' in staff("oscar").get("/equipe/flux").text
