"""Payments that wait for a person: Mina of Lumière decides on hers, Eva of Eaux sees none of them."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

from sqlalchemy import select

from audit.run_all_checks import check
from doors.feed_drop import drop_feed
from payments.amounts_due import amounts_left
from store import Store
from store.bills.bill_lookup import bill_by_number
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import parts_of_payments
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl
from tests.sample_payments import BankEntry, camt

NewStaff = Callable[[str], Browser]


@lived_once
def payment(office: Office, store: Store) -> str:
    """84 euros came, and name a bill that nobody knows; two bills ask for them. Returns the page's path."""
    feed_id = office.drop([ubl("LUM-1001"), ubl("LUM-1002", "C-BOB")], name="deux.xml")
    office.pipeline.work_feed(feed_id, office.clock())
    came = camt([BankEntry("84.00", "LUM-7777", "R1", name="ALICE MARTIN")])
    dropped = drop_feed(store, office.lumiere, BytesIO(came), "releve.xml", "sftp", office.clock())
    office.pipeline.work_feed(dropped.feed_id, office.clock())
    with store.reading() as session:
        row = session.scalars(select(PaymentRow)).one()
    return f"/equipe/paiements/{store.public_ids.of('payment', row.id)}"


def of_bills(store: Store) -> dict[str, str]:
    with store.reading() as session:
        row = session.scalars(select(PaymentRow)).one()
        return {
            part.number: str(part.allocation.amount) for part in parts_of_payments(session, [row.id]).get(row.id, [])
        }


def outcome(store: Store) -> tuple[str, str]:
    with store.reading() as session:
        row = session.scalars(select(PaymentRow)).one()
        return row.outcome, row.decided_by


def left(store: Store, number: str) -> Decimal:
    with store.reading() as session:
        row = bill_by_number(session, 1, number)
        assert row is not None
        return amounts_left(session, [row])[row.id].left


def test_mina_sees_what_waits_and_assigns_it(staff: NewStaff, store: Store, payment: str) -> None:
    mina = staff("mina")
    assert "1 paiement à rapprocher" in plain(mina.get("/equipe/attente").text)
    assert "sa référence est inconnue" in plain(mina.get("/equipe/paiements").text)
    page = plain(mina.get(payment).text)
    assert "ALICE MARTIN" in page
    mina.post(f"{payment}/decision", decision="attribuer", numero="LUM-1001", montant="", reason="appel de la cliente")
    assert of_bills(store) == {"LUM-1001": "84.0000"}
    assert outcome(store) == ("matched", "mina@facteur.example")
    assert left(store, "LUM-1001") == 0
    assert "appel de la cliente" in plain(mina.get(payment).text)
    assert not any(check(store).invariants.values())


def test_a_reason_is_asked_and_no_more_than_came_is_shared_out(staff: NewStaff, store: Store, payment: str) -> None:
    mina = staff("mina")
    mina.post(f"{payment}/decision", decision="attribuer", numero="LUM-1001", montant="", reason="")
    mina.post(f"{payment}/decision", decision="attribuer", numero="LUM-1001", montant="84,01", reason="trop")
    mina.post(f"{payment}/decision", decision="attribuer", numero="LUM-9", montant="", reason="inconnue")
    for amount in ("40,005", "1e30", "NaN", "0"):
        mina.post(f"{payment}/decision", decision="attribuer", numero="LUM-1001", montant=amount, reason="faute")
    assert (of_bills(store), outcome(store)) == ({}, ("waiting", ""))


def test_a_decision_is_taken_back(staff: NewStaff, store: Store, payment: str) -> None:
    mina = staff("mina")
    mina.post(f"{payment}/decision", decision="attribuer", numero="LUM-1001", montant="50,00", reason="une partie")
    assert (of_bills(store), outcome(store)[0]) == ({"LUM-1001": "50.0000"}, "part")
    assert left(store, "LUM-1001") == Decimal("34.00")
    mina.post(f"{payment}/decision", decision="ecarter", reason="trop tard")  # what is decided is taken back first
    assert of_bills(store) == {"LUM-1001": "50.0000"}
    mina.post(f"{payment}/decision", decision="reprendre", reason="erreur")
    assert (of_bills(store), outcome(store)) == ({}, ("waiting", ""))
    assert left(store, "LUM-1001") == Decimal("84.00")
    mina.post(f"{payment}/decision", decision="ecarter", reason="intérêts")
    assert outcome(store) == ("ignored", "mina@facteur.example")


def test_a_number_is_read_as_one_line(staff: NewStaff, store: Store, payment: str) -> None:
    mina = staff("mina")
    mina.get(payment)
    page = mina.post(f"{payment}/decision", decision="attribuer", numero="LUM\x00-1001", montant="", reason="collé")
    assert "pas de facture de ce numéro" in plain(page.text)
    mina.post(f"{payment}/decision", decision="attribuer", numero=" LUM-1001\x00", montant="", reason="collé")
    assert of_bills(store) == {"LUM-1001": "84.0000"}


def test_two_parts_of_one_bill_are_added_up(staff: NewStaff, store: Store, payment: str) -> None:
    mina = staff("mina")
    mina.get(payment)
    parts: Any = {"numero": ["LUM-1001", "LUM-1001"], "montant": ["40,00", "44,00"]}
    mina.post(f"{payment}/decision", decision="attribuer", reason="deux moitiés", **parts)
    assert (of_bills(store), outcome(store)[0]) == ({"LUM-1001": "84.0000"}, "matched")


def test_a_credit_note_is_set_off_in_a_decision(staff: NewStaff, office: Office, store: Store, payment: str) -> None:
    """84 euros came for a bill of 120 less a credit of 36: a part may be more than what came."""
    credit = ubl("AV-1", net=Decimal(30)).replace("TypeCode>380<", "TypeCode>381<")
    feed_id = office.drop([ubl("LUM-1003", net=Decimal(100)), credit], name="avoir.xml")
    office.pipeline.work_feed(feed_id, office.clock())
    mina = staff("mina")
    mina.get(payment)
    parts: Any = {"numero": ["LUM-1003", "AV-1"], "montant": ["120,00", "-36,00"]}
    mina.post(f"{payment}/decision", decision="attribuer", reason="appel", **parts)
    assert of_bills(store) == {"AV-1": "-36.0000", "LUM-1003": "120.0000"}
    assert not any(check(store).invariants.values())


def test_another_issuers_payment_is_not_there(staff: NewStaff, store: Store, payment: str) -> None:
    eva = staff("eva")
    assert eva.get(payment).status_code == 404
    eva.post(f"{payment}/decision", decision="ecarter", reason="pas à moi")
    assert outcome(store) == ("waiting", "")
    assert "ALICE MARTIN" not in eva.get("/equipe/paiements?sort=tous").text


def test_what_was_paid_too_much_has_a_tab_of_its_own(staff: NewStaff, store: Store, office: Office) -> None:
    feed_id = office.drop([ubl("LUM-1001")], name="une.xml")
    office.pipeline.work_feed(feed_id, office.clock())
    came = camt([BankEntry("96.00", "LUM-1001", "R1"), BankEntry("1.00", "rien", "R2")])
    dropped = drop_feed(store, office.lumiere, BytesIO(came), "releve.xml", "sftp", office.clock())
    office.pipeline.work_feed(dropped.feed_id, office.clock())
    page = plain(staff("mina").get("/equipe/paiements?sort=trop").text)
    assert "dont 12,00 € de trop" in page
    assert "1,00 €" not in page.replace("1 001", "")
    assert "12,00 €" not in plain(staff("eva").get("/equipe/paiements?sort=trop").text)
    with store.reading() as session:
        row = session.scalars(select(PaymentRow).where(PaymentRow.outcome == "part")).one()
    shown = plain(staff("mina").get(f"/equipe/paiements/{store.public_ids.of('payment', row.id)}").text)
    assert "Payé 12,00 € de trop pour la facture LUM-1001. 12,00 € restent en faveur du compte." in shown
