"""A private issuer is its person's alone: no page of the staff, of another person or of strangers, no answer of the API
and no row of the facts has its name or its bill, and the pipeline has nothing to do with it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from adoption.monthly_facts import measure
from audit.invariants import INVARIANTS
from customers.households import follow_households
from store import Store
from store.access_grants.granted_bills import granted_accounts, granted_bill, granted_bills
from store.accounts.customer_account import CustomerAccount
from store.bill_forwarding.forward_address import ForwardAddress
from store.bill_forwarding.forwarded_bill import queue_forwards
from store.bills.bill import BillRow
from store.customers.household import HouseholdMember
from store.delivery import Delivery
from store.facts.monthly_fact import AdoptionFact
from store.imports.private_issuer import PrivateIssuer
from tests.portal.conftest import Browser
from tests.portal.consumers.shared_bills.sylvies_grants import SylvieAndHerReaders
from tests.portal.own_documents import OWN_ISSUER, own_bill
from tests.portal.sample_town import World
from tests.portal.staff_office import Office
from tests.portal.test_pseudo_locale import DOORS, Visit

SAID = ("quenneville", "pq-117")
PROGRAMS = ("feeds", "bills", "accounts", "payments", "adoption", "mandates", "events")


@pytest.fixture
def row(office: Office, store: Store, world: World) -> BillRow:
    """Alice's own plumber, beside the bills that Lumière sent her; the pipeline works until nothing is left."""
    alice = world.consumer("Alice Martin")
    office.drop([])
    filed = own_bill(store, alice.id, office.clock())
    office.pipeline.work_until_idle(office.clock())
    return filed


def said_in(pages: dict[str, str]) -> list[str]:
    return [path for path, text in pages.items() if any(word in text.casefold() for word in SAID)]


def test_no_page_and_no_program_hears_of_it(
    app: Flask, office: Office, row: BillRow, world: World, staff: Callable[[str], Browser],
    browser: Callable[[], Browser],
) -> None:  # fmt: skip
    bob = browser()
    bob.sign_in(world.consumer("Bob Durand"))
    for mine, doors in (
        (staff("oscar"), ("/equipe/", "/equipe/conflits", "/equipe/attente", "/equipe/emetteurs-attendus")),
        (staff("mina"), ("/equipe/", "/equipe/attente")),
        (browser(), DOORS),
        (bob, ("/", "/contrats", "/contrats/ajouter", "/emetteurs-ajoutes", "/factures/ajouter", "/profil")),
    ):
        visit = Visit(app, mine)
        visit.through(*doors)
        assert len(visit.seen) > 3
        assert said_in(visit.seen) == []
    oscar = staff("oscar")
    assert said_in({"search": oscar.get("/equipe/chercher?numero=PQ-117").text.replace('value="PQ-117"', "")}) == []
    for path in (f"/equipe/factures/{row.id}", f"/logo/{OWN_ISSUER}"):
        assert oscar.client.get(path, follow_redirects=True).status_code == 404
    with app.test_client() as program:
        for version in ("v1", "v2"):
            for name in PROGRAMS:
                answer = program.get(f"/{version}/{name}", headers=office.keys["lumiere"])
                assert said_in({name: answer.text}) == []
            assert program.get(f"/{version}/bills/PQ-117", headers=office.keys["lumiere"]).status_code == 404


def test_no_fact_household_delivery_or_check_counts_it(store: Store, row: BillRow, office: Office) -> None:
    measure(store, office.clock())
    follow_households(store)
    with store.reading() as session:
        private = session.scalars(select(PrivateIssuer.issuer_id)).all()
        accounts = select(CustomerAccount.id).where(CustomerAccount.issuer_id.in_(private))
        assert session.get_one(BillRow, row.id).state == "rendered"
        assert session.scalars(select(AdoptionFact.issuer_id).where(AdoptionFact.issuer_id.in_(private))).all() == []
        assert session.scalars(select(Delivery.id).where(Delivery.bill_id == row.id)).all() == []
        members = select(HouseholdMember.account_id).where(HouseholdMember.account_id.in_(accounts))
        assert session.scalars(members).all() == []
        for name, question in INVARIANTS.items():
            assert session.execute(question()).first() is None, name


def test_a_reader_of_all_contracts_reads_none_of_her_own_bills(store: Store, world: World) -> None:
    house = SylvieAndHerReaders(world)
    reader, grant_id = house.reader("Rose Un")
    filed = own_bill(store, house.sylvie.id, world.now)
    with store.reading() as session:
        read = {each.bill.number for each in granted_bills(session, reader.id, grant_id, world.today, None, 100)}
        assert "LO-1" in read
        assert filed.number not in read
        assert granted_bill(session, reader.id, grant_id, filed.uid, world.today) is None
        issuers = {each.issuer_id for each in granted_accounts(session, [grant_id])[grant_id]}
        assert filed.issuer_id not in issuers


def test_what_she_brought_in_is_not_forwarded(store: Store, world: World) -> None:
    alice = world.consumer("Alice Martin")
    own_bill(store, alice.id, world.now)
    with store.writing() as session:
        terms = {"consumer_id": alice.id, "email": "comptable@exemple.fr", "state": "confirmed"}
        session.add(ForwardAddress(**terms, asked_at=world.now, confirmed_at=world.now))
    own_bill(store, alice.id, world.now, "PQ-118")
    with store.writing() as session:
        assert queue_forwards(session, world.now, 100) == 0
