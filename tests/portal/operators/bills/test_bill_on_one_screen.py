"""One screen from the line of the feed to the letter box: what became of a bill, its PDF, and taking it back."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from store.bills.bill import BillRow
from store.bills.page_pictures import pictures_of
from store.delivery import Delivery
from store.staff_member import Staff as StaffRow
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.portal.test_row_numbers import asks_a_question, make_busy
from tests.sample_feeds import ubl

Staff = Callable[[str], Browser]


@pytest.fixture
def page(office: Office) -> str:
    """A bill of Alice's that waits for the next lot."""
    office.pipeline.work_feed(office.drop([ubl("R-1"), ubl("R-2", "C-BOB")], name="juin.xml"), office.clock())
    return way_to(office, "R-1")


def way_to(office: Office, number: str) -> str:
    return f"/equipe/factures/{office.store.public_ids.of('bill', row_of(office, number).id)}"


def row_of(office: Office, number: str) -> BillRow:
    with office.store.reading() as session:
        return session.scalars(select(BillRow).where(BillRow.number == number)).one()


def test_one_screen_tells_all_of_a_bill(office: Office, staff: Staff) -> None:
    make_busy(office)
    asks_a_question(office)
    mina = staff("mina")
    shown = mina.get(way_to(office, "K-1")).text
    places = [
        shown.index(each)
        for each in (
            "avril.xml",
            "Par quel chemin",
            "Ses envois",
            "Lot du",
            "Ses paiements",
            "Les questions de son client",
        )
    ]
    assert places == sorted(places), "from the feed to the letter box"
    assert '<td class="place">' in shown
    assert "Toutes les factures de ce compte" in shown
    assert "Rappeler" not in shown, "it is in the post"
    with office.store.reading() as session:
        first = session.scalars(select(BillRow).order_by(BillRow.id)).first()
    assert first is not None
    assert mina.get(way_to(office, first.number)).text.count("/equipe/questions/") >= 3


def test_staff_read_the_pdf_and_its_pages_and_nobody_has_seen_it(office: Office, page: str, staff: Staff) -> None:
    mina, eva = staff("mina"), staff("eva")
    pdf = mina.get(f"{page}/pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert "Montrer les pages" in mina.get(page).text
    assert "se préparent" in mina.post(f"{page}/pages").text
    with office.store.reading() as session:
        pictures = pictures_of(session, row_of(office, "R-1").id)
    assert pictures is not None
    assert pictures.state == "drawing"
    assert mina.get(f"{page}/pages/1/petite").status_code == 404
    assert row_of(office, "R-1").viewed_at is None
    nothing = f"/equipe/factures/{'a' * 26}"
    for path in ("", "/pdf", "/pages/1/petite"):
        theirs, nobodys = eva.get(f"{page}{path}"), eva.get(f"{nothing}{path}")
        assert (theirs.status_code, theirs.data) == (404, nobodys.data)
    for path in ("/pages", "/rappel"):
        eva.get("/equipe/")
        assert eva.post(f"{page}{path}", reason="moi").status_code == 404


def test_a_bill_that_has_reached_nobody_is_recalled_with_a_reason(office: Office, page: str, staff: Staff) -> None:
    mina = staff("mina")
    assert "Rappeler la facture" in mina.get(page).text
    assert "Écrivez la raison" in mina.post(f"{page}/rappel", reason=" ").text
    assert row_of(office, "R-1").state == "chosen"
    told = mina.post(f"{page}/rappel", reason="Mauvais tarif").text
    assert "La facture est rappelée" in told
    assert "Rappeler la facture" not in told
    with office.store.reading() as session:
        bill = session.scalars(select(BillRow).where(BillRow.number == "R-1")).one()
        states = set(session.scalars(select(Delivery.state).where(Delivery.bill_id == bill.id)))
    assert (bill.state, states) == ("recalled", {"cancelled"})
    assert "Quelqu’un a décidé avant vous" in mina.post(f"{page}/rappel", reason="encore").text
    assert mina.get(f"{page}/pdf").status_code == 404, "it is shown to nobody any more"


def test_what_is_in_the_post_is_not_taken_back(office: Office, page: str, staff: Staff) -> None:
    office.pipeline.close_batch(office.clock())
    mina = staff("mina")
    assert "Rappeler la facture" not in mina.get(page).text
    assert "par un avoir" in mina.post(f"{page}/rappel", reason="trop tard").text
    assert row_of(office, "R-1").state == "chosen"


def test_a_reader_looks_and_changes_nothing(office: Office, page: str, staff: Staff) -> None:
    with office.store.writing() as session:
        session.scalars(select(StaffRow).where(StaffRow.email == "mina@facteur.example")).one().role = "reader"
    mina = staff("mina")
    assert "Rappeler la facture" not in mina.get(page).text
    assert "Montrer les pages" in mina.get(page).text
    assert mina.post(f"{page}/rappel", reason="moi").status_code == 404
    assert "se préparent" in mina.get(page).text or mina.post(f"{page}/pages").status_code == 200


def test_a_bill_is_sent_again_from_its_screen_by_who_may(office: Office, page: str, staff: Staff) -> None:
    office.pipeline.close_batch(office.clock())
    mina, eva = staff("mina"), staff("eva")
    assert "Envoyer à nouveau" in mina.get(page).text
    again = f"{page}/nouvel-envoi"
    assert "Écrivez la raison" in mina.post(again, way="letter", why=" ").text
    assert "réclamé ce compte" in mina.post(again, way="email", why="elle l’a perdue").text, (
        "nobody follows this contract"
    )
    assert "la lettre part avec le prochain lot" in mina.post(again, way="letter", why="elle l’a perdue").text
    twice = mina.post(again, way="letter", why="elle l’a perdue").text
    assert "déjà fait" in twice
    assert "Nouvel envoi 1" in twice
    with office.store.reading() as session:
        made = session.scalars(select(Delivery.purpose).where(Delivery.bill_id == row_of(office, "R-1").id))
        assert sorted(made) == ["again-1", "print"]
    eva.get("/equipe/")
    assert eva.post(again, way="letter", why="moi").status_code == 404
    with office.store.writing() as session:
        session.scalars(select(StaffRow).where(StaffRow.email == "mina@facteur.example")).one().role = "reader"
    assert "Envoyer à nouveau" not in mina.get(page).text
    assert mina.post(again, way="letter", why="moi").status_code == 404
