"""Claire's colleague Mina looks for a bill: by part of its number, by a name, a contract, an amount, an address; what
she finds is Lumière's."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select

from bill.customer.known_customer import KnownCustomer
from doors.feed_drop import drop_feed
from portal.operators.bills import find_bill
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.customers.customer_reference import CustomerReference, reference_row
from store.issuer import Issuer
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.sample_feeds import batch, ubl

Staff = Callable[[str], Browser]
EMMA = ("Emma Desprès", "2 rue Haute", "29200", "Brest")


@lived_once
def archive(office: Office) -> Office:
    """Bills of Alice, Bob and Emma; Eaux has one to Emma as well."""
    bills = [
        ubl("LUM-2026-004711"), ubl("LUM-2026-004712", "C-BOB", Decimal("16.65")),
        ubl("LUM-2026-104711", "EM 4711-9", Decimal("16.65"), person=EMMA),
        ubl("LUM-2026-104712", "EM 4711-9", person=EMMA),
    ]  # fmt: skip
    office.pipeline.work_feed(office.drop(bills, name="avril.xml"), office.clock())
    with office.store.reading() as session:
        eaux = session.scalars(select(Issuer).where(Issuer.slug == "eaux")).one()
    content = BytesIO(batch([ubl("EAU-4711", "E-4711", Decimal("16.65"), person=EMMA)]))
    theirs = drop_feed(office.store, eaux, content, "eaux.xml", "api", office.clock()).feed_id
    office.pipeline.read(office.clock(), theirs)
    office.pipeline.work_feed(theirs, office.clock())
    with office.store.writing() as session:
        emma = session.scalars(select(CustomerAccount).where(CustomerAccount.value == "EM 4711-9")).one()
        known = KnownCustomer(email="emma@exemple.fr", clocks={"email": office.clock()})
        session.add(CustomerReference(**reference_row(emma.id, emma.issuer_id, known, date(2026, 3, 3))))
        bob = session.scalars(select(CustomerAccount).where(CustomerAccount.value == "C-BOB")).first()
        assert bob is not None
        him = Consumer(email="bob@exemple.fr", name="Bob", password_hash="", signed_up_at=office.clock())
        session.add(him)
        session.flush()
        enrol(session, him.id, bob.id, office.clock())
    return office


def test_what_finds_one_bill_leads_to_it(archive: Office, staff: Staff) -> None:
    mina = staff("mina")
    for said in (
        "LUM-2026-004711",
        "lum 2026 004711",
        "6-0047 11",
        "004711",
        "n° LUM-2026-004711",
        "Facture N°004711",
        "#004711",
    ):
        assert "<h1>Facture LUM-2026-004711</h1>" in mina.get("/equipe/factures", query_string={"q": said}).text, said


def test_what_is_found_is_told_by_what_it_was_found_by(archive: Office, staff: Staff) -> None:
    mina = staff("mina")
    page = mina.get("/equipe/factures?q=4711").text
    assert page.index("Par le numéro de facture") < page.index("Par le numéro de contrat")
    assert all(each in page for each in ("LUM-2026-004711", "LUM-2026-104711", "Emma Desprès", "contrat EM 4711-9"))
    assert "EAU-4711" not in page
    assert "contrat E-4711" not in page
    both = staff("oscar").get("/equipe/factures?q=4711").text
    assert "EAU-4711" in both
    assert "Eaux du Pays de Retz" in both
    page = mina.get("/equipe/factures?q=19,98 €").text
    assert "Par le montant" in page
    assert "LUM-2026-004712" in page
    assert "LUM-2026-104711" in page
    assert "EAU-4711" not in page


def test_a_name_leads_to_the_account_and_all_its_bills(archive: Office, staff: Staff) -> None:
    mina, ids = staff("mina"), archive.store.public_ids
    page = mina.get("/equipe/factures?q=despres emma").text
    assert "Par le nom du client" in page
    with archive.store.reading() as session:
        mine, theirs = session.scalars(
            select(CustomerAccount).where(CustomerAccount.holder == EMMA[0]).order_by(CustomerAccount.id)
        )
    way = f"/equipe/factures/compte/{ids.of('account', mine.id)}"
    assert way in page
    assert ids.of("account", theirs.id) not in page
    bills = mina.get(way).text
    assert "Emma Desprès</h1>" in bills
    assert bills.index("LUM-2026-104712") < bills.index("LUM-2026-104711")
    other = mina.get(f"/equipe/factures/compte/{ids.of('account', theirs.id)}")
    assert (other.status_code, other.data) == (404, mina.get(f"/equipe/factures/compte/{'a' * 26}").data)


def test_an_address_is_found_where_the_issuer_told_it(archive: Office, staff: Staff) -> None:
    """Bob's was given to the portal alone: an issuer learns of nobody that they sign in with an address."""
    mina, oscar = staff("mina"), staff("oscar")
    assert "Emma Desprès" in mina.get("/equipe/factures?q=Emma@exemple.fr").text
    bobs, nobodys = (mina.get(f"/equipe/factures?q={each}@exemple.fr").text for each in ("bob", "rob"))
    assert bobs.replace("bob@", "rob@") == nobodys
    assert "Bob Le Goff" in oscar.get("/equipe/factures?q=bob@exemple.fr").text


def test_more_than_a_few_are_shown_page_by_page(archive: Office, staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_bill, "A_FEW", 1)
    monkeypatch.setattr(find_bill, "A_PAGE", 2)
    mina = staff("mina")
    assert "Les voir toutes" in mina.get("/equipe/factures?q=LUM-2026").text
    first = mina.get("/equipe/factures?q=LUM-2026&par=numero").text
    assert first.count('class="row"') == 2
    further = first.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    last = mina.get(further).text
    assert last.count('class="row"') == 2
    assert "LUM-2026-004711" in last
    assert "LUM-2026-004711" not in first
    assert 'rel="next"' not in last


def test_anything_may_be_typed(archive: Office, staff: Staff) -> None:
    mina = staff("mina")
    for said in ("", "47", "zzz", "'; DROP TABLE bill; --", '"', "%", "*", "🎉🎉🎉", "a" * 5000):
        answer = mina.get("/equipe/factures", query_string={"q": said, "par": said, "suite": said})
        assert answer.status_code == 200
        assert "Cherchez par une partie" in answer.text


def test_a_refused_number_tells_where_it_came_in(archive: Office, staff: Staff) -> None:
    assert "Où ce numéro est arrivé" in staff("mina").get("/equipe/factures?q=L-4").text


def test_a_number_too_short_for_parts_is_found_whole(archive: Office, staff: Staff) -> None:
    archive.pipeline.work_feed(archive.drop([ubl("K-1"), ubl("7")], name="mai.xml"), archive.clock())
    mina = staff("mina")
    for said in ("K-1", "7"):
        assert f"<h1>Facture {said}</h1>" in mina.get("/equipe/factures", query_string={"q": said}).text, said
