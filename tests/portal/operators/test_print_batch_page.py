"""A print batch's page: what became of its letters, what its house answered, and how a dispute about it ends."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select

from bill import Reason
from config import Config
from delivery.channels.paper.print_houses.configured_houses import PrintHouses
from portal.operators import batch_letters, print_batches
from store.bills.bill import BillRow
from store.delivery import Delivery, record_receipt
from store.print_batch import PrintBatch
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

Staff = Callable[[str], Browser]


@lived_once
def lot(office: Office) -> PrintBatch:
    """A handed-over batch with three letters of Lumière's customers."""
    feed = office.drop([ubl("N-1"), ubl("N-2", "C-BOB"), ubl("N-3", "C-CHARLIE")], name="avril.xml")
    office.pipeline.work_feed(feed, office.clock())
    office.pipeline.work_until_idle(office.clock())
    office.pipeline.close_batch(office.clock())
    with office.store.reading() as session:
        return session.scalars(select(PrintBatch)).one()


def page_of(office: Office, lot: PrintBatch) -> str:
    return f"/equipe/lots/{office.store.public_ids.of('print_batch', lot.id)}"


def answer(office: Office, outbox: Path, name: str, letters: int) -> None:
    (outbox / f"{name}.ack.json").write_text(json.dumps({"letters": letters, "sheets": letters}))
    office.pipeline.hear(office.clock())


def figures(page: str) -> list[str]:
    return [re.sub("<[^>]*>", "", each.partition("</dd>")[0]) for each in page.split("<dd>")[1:]]


def test_a_disputed_batch_adds_up_and_is_settled_by_a_named_person(
    office: Office, config: Config, lot: PrintBatch, staff: Staff
) -> None:
    oscar, page = staff("oscar"), page_of(office, lot)
    assert figures(oscar.get(page).text) == ["celui de tous les jours", "3", "3", "0", "0", "3", "0"]
    title = oscar.get(page).text.partition("<title>")[2].partition("</title>")[0]
    assert title.startswith("Lot du 3 mars 2026"), "no markup of its moment"
    assert "n°" not in title
    with office.store.writing() as session:
        session.get_one(PrintBatch, lot.id).part = 2
    title = oscar.get(page).text.partition("<title>")[2].partition("</title>")[0]
    assert re.match(r"Lot du 3 mars 2026 à \d\d:\d\d, n° 2", title), title
    answer(office, config.outbox, lot.name, 6)
    shown = oscar.get("/equipe/").text
    assert "Un imprimeur conteste" in shown
    assert page in shown
    shown = oscar.get(page).text
    assert "6 plis, 6 feuilles" in shown
    assert "Clore le litige" in shown
    oscar.post(f"{page}/accord", reason="")
    assert "Clore le litige" in oscar.get(page).text, "a reason is asked for"
    oscar.post(f"{page}/accord", reason="Deux fois imprimé, une fois posté.")
    with office.store.writing() as session:
        letter = session.scalars(select(Delivery).where(Delivery.batch_id == lot.id)).first()
        assert letter is not None
        record_receipt(session, letter.id, "returned", office.clock() + timedelta(days=3))
    shown = oscar.get(page).text
    assert figures(shown) == ["celui de tous les jours", "3", "3", "3", "0", "0", "1"]
    assert "Clore le litige" not in shown
    assert "Un imprimeur conteste" not in oscar.get("/equipe/").text


def test_a_member_sees_their_own_letters_and_settles_nothing(
    office: Office, config: Config, lot: PrintBatch, staff: Staff
) -> None:
    page = page_of(office, lot)
    answer(office, config.outbox, lot.name, 6)
    mina, eva = staff("mina"), staff("eva")
    shown = mina.get(page).text
    assert figures(shown)[1] == "3"
    assert "Clore le litige" not in shown
    assert f"{lot.name}.ack.json" not in shown
    assert "6 plis" in staff("oscar").get("/equipe/lots").text
    assert not any("6 plis" in mina.get(each).text for each in (page, "/equipe/lots", "/equipe/")), "others' are in it"
    assert mina.post(f"{page}/accord", reason="moi").status_code == 404
    assert eva.get(page).status_code == 404, "a batch without letters of hers is not there"


def test_what_a_house_does_not_take_and_what_has_none_is_told(
    office: Office, config: Config, lot: PrintBatch, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    oscar, page = staff("oscar"), page_of(office, lot)
    answer(office, config.outbox, "lot-000999-abcdefabcdef", 3)
    assert "lot-000999-abcdefabcdef.ack.json" in oscar.get("/equipe/").text
    assert "lot-000999-abcdefabcdef.ack.json" in oscar.get("/equipe/lots").text
    monkeypatch.setattr(PrintHouses, "slugs", ["liege"])
    monkeypatch.setattr(PrintHouses, "named", lambda *_: None)
    assert "Un imprimeur n’est plus configuré" in oscar.get("/equipe/").text
    assert "Un imprimeur n’est plus configuré" in oscar.get(page).text


def test_lots_go_on_page_by_page_and_a_member_turns_pages_of_their_own(
    office: Office, lot: PrintBatch, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many lots of others came since."""
    at = office.clock()
    with office.store.writing() as session:
        for n in range(3):
            session.add(PrintBatch(state="handed_over", house=f"h{n}", opened_at=at, cut_off_at=at, letters=7777))
    monkeypatch.setattr(print_batches, "A_PAGE", 2)
    oscar, mina, page = staff("oscar"), staff("mina"), page_of(office, lot)
    first = oscar.get("/equipe/lots").text
    assert page not in first
    further = first.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    assert page in oscar.get(further).text
    hers = mina.get("/equipe/lots").text
    assert page in hers
    assert "7777" not in hers.replace("\u202f", "")
    assert 'rel="next"' not in hers


def test_each_figure_opens_its_letters_and_lost_ones_are_printed_again(
    office: Office, config: Config, lot: PrintBatch, staff: Staff
) -> None:
    oscar, page = staff("oscar"), page_of(office, lot)
    lists = re.findall(rf'href="({page}/plis[^"]*)">(\d)</a>', oscar.get(page).text)
    assert [number for _, number in lists] == ["3", "3", "3"], "all, handed over, not heard of"
    for url, number in lists:
        assert len(re.findall(r">N-\d</a>", oscar.get(url).text)) == int(number)
    assert "N-1" not in oscar.get(f"{page}/plis?etat=manquants").text
    oscar.get(page)
    wrong = oscar.post(f"{page}/plis/reimpression", plis="4", reason="perdu").text
    assert "a les plis 1 à" in wrong
    told = oscar.post(f"{page}/plis/reimpression", plis="2", reason="perdu au tri").text
    assert "1 lettre part avec le prochain lot" in told
    with office.store.reading() as session:
        letters = session.scalars(select(Delivery).where(Delivery.batch_id == lot.id).order_by(Delivery.mail_piece))
        assert [each.state for each in letters] == ["sent", "failed", "sent"], "another letter replaces the second"
    with office.store.writing() as session:
        lost = session.scalars(select(Delivery).where(Delivery.batch_id == lot.id, Delivery.mail_piece == 3)).one()
        lost.state, lost.reason = "failed", Reason("letter_not_printed")
        number = session.get_one(BillRow, lost.bill_id).number
    missing = oscar.get(f"{page}/plis?etat=manquants").text
    assert re.findall(r">(N-\d)</a>", missing) == [number], "the other one was lost later"
    mina = staff("mina")
    assert "N-1" in mina.get(f"{page}/plis").text
    assert mina.post(f"{page}/plis/reimpression", plis="1", reason="x").status_code == 404
    assert staff("eva").get(f"{page}/plis").status_code == 404


def test_a_batch_is_closed_before_its_cut_off_and_a_stray_answer_is_put_aside(
    office: Office, config: Config, staff: Staff
) -> None:
    """By somebody, for a reason that the trail keeps; a member can do neither."""
    office.pipeline.work_feed(office.drop([ubl("N-1"), ubl("N-2", "C-BOB")], name="avril.xml"), office.clock())
    (config.outbox / "lot-000999-abcdefabcdef.ack.json").write_text(json.dumps({"letters": 3, "sheets": 3}))
    office.pipeline.work_until_idle(office.clock())
    oscar, mina = staff("oscar"), staff("mina")
    shown = oscar.get("/equipe/lots").text
    aside = shown.partition('action="/equipe/lots/reponses/')[2].partition('"')[0]
    assert "Fermer avant l’heure" in shown
    assert "Fermer avant l’heure" not in mina.get("/equipe/lots").text
    for path in ("/equipe/lots/fermeture", f"/equipe/lots/reponses/{aside}"):
        mina.get("/equipe/lots")
        assert mina.post(path, reason="moi").status_code == 404
        assert "Écrivez la raison" in oscar.post(path, reason="").text
    assert "2 lettres partent maintenant" in oscar.post("/equipe/lots/fermeture", reason="grève demain").text
    assert "Aucune lettre n’attend" in oscar.post("/equipe/lots/fermeture", reason="grève demain").text
    assert "mise de côté" in oscar.post(f"/equipe/lots/reponses/{aside}", reason="un lot d’essai chez eux").text
    assert "Réponses sans lot" not in oscar.get("/equipe/lots").text
    office.pipeline.work_until_idle(office.clock())
    with office.store.reading() as session:
        assert session.scalars(select(PrintBatch)).one().state == "handed_over"
    trail = oscar.get("/equipe/journal").text
    for words in ("fermé avant l’heure", "grève demain", "un lot d’essai chez eux"):
        assert words in trail


def test_mail_pieces_that_a_machine_has_spoiled_are_saved_as_a_pdf(
    office: Office, lot: PrintBatch, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    oscar, page = staff("oscar"), page_of(office, lot)
    cut = f"{page}/plis/decoupe"
    assert "Prendre des plis en PDF" in oscar.get(page).text
    saved = oscar.post(cut, plis="1,3", reason="bourrage")
    assert saved.mimetype == "application/pdf"
    with pikepdf.open(BytesIO(saved.data)) as pdf:
        assert len(pdf.pages) == 2
    assert saved.headers["Cache-Control"] == "no-store"
    trail = oscar.get("/equipe/journal?quoi=print_batch").text
    assert "plis pris en PDF" in trail
    assert "1,3 : bourrage" in trail
    assert "Écrivez la raison" in oscar.post(cut, plis="1", reason="").text
    assert "a les plis 1 à" in oscar.post(cut, plis="4", reason="bourrage").text
    monkeypatch.setattr(batch_letters, "MOST_CUT_OUT", 1)
    oscar.get(page)
    assert "Au plus 1 plis à la fois" in oscar.post(cut, plis="1-2", reason="bourrage").text
    mina = staff("mina")
    assert "Prendre des plis en PDF" not in mina.get(page).text
    assert mina.post(cut, plis="1", reason="moi").status_code == 404
    with office.store.reading() as session:
        assert {each.state for each in session.scalars(select(Delivery).where(Delivery.batch_id == lot.id))} == {"sent"}
