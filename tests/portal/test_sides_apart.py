"""A test side is its issuer's alone: no page of anybody else, no answer to another key, no fact, household, list of all
issuers, mailbox or print house has a name or a bill of it; and it has none of theirs."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from adoption.fact_verification import verify
from adoption.monthly_facts import measure
from audit.invariants import INVARIANTS
from audit.silent_bills import silent_bills
from bill.customer.known_customer import KnownCustomer
from config import Config
from consumers.known_contacts.contract_offer import contracts_offered
from customers.households import follow_households
from delivery.feedback.returns.returned_mail_file import ReturnedPiece
from delivery.feedback.returns.take_returned_pieces import ReturnSource, letter_of_piece
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_lookup import released_bills
from store.customers.customer_reference import CustomerReference, reference_row
from store.customers.household import HouseholdMember
from store.deliveries_by_reason import count_by_reason
from store.delivery import Delivery
from store.facts.monthly_fact import AdoptionFact, FactStep
from store.issuer import all_issuers, issuer_by_slug, issuer_names
from store.print_batch import PrintBatch, batches
from store.test_sides.customers_of_side import keep_customer
from tests.lived_beginnings import Living
from tests.portal.conftest import Browser
from tests.portal.sample_town import World
from tests.portal.staff_office import Office
from tests.portal.test_pseudo_locale import DOORS, Visit
from tests.portal.two_sides import SAID, TwoSides
from tests.sample_feeds import ubl

PROGRAMS = ("feeds", "bills", "accounts", "payments", "adoption", "mandates", "events", "webhooks")


@pytest.fixture
def sides(office: Office, lived: Living) -> TwoSides:
    return lived(TwoSides.begin, TwoSides(office))


def said_in(pages: dict[str, str]) -> list[str]:
    return [path for path, text in pages.items() if any(word in text.casefold() for word in SAID)]


def test_no_page_of_anybody_else_says_a_word_of_it(
    app: Flask, office: Office, sides: TwoSides, world: World, staff: Callable[[str], Browser],
    browser: Callable[[], Browser],
) -> None:  # fmt: skip
    bob = browser()
    bob.sign_in(world.consumer("Bob Durand"))
    for mine, doors in (
        (staff("oscar"), ("/equipe/", "/equipe/conflits", "/equipe/attente", "/equipe/lots", "/equipe/depots")),
        (staff("mina"), ("/equipe/", "/equipe/attente", "/equipe/lots")),
        (staff("eva"), ("/equipe/", "/equipe/attente", "/equipe/lots")),
        (browser(), DOORS),
        (bob, ("/", "/contrats", "/contrats/ajouter", "/factures/ajouter", "/profil")),
    ):
        visit = Visit(app, mine)
        visit.through(*doors)
        assert len(visit.seen) > 3
        assert said_in(visit.seen) == []
    oscar, bill = staff("oscar"), sides.bill("ZQ-1")
    found = oscar.get("/equipe/chercher?numero=ZQ-1").text.replace('value="ZQ-1"', "")
    assert said_in({"search": found}) == []
    with office.store.reading() as session:
        [lot] = batches(session, house=f"~{sides.twin.id}")
    for who in ("oscar", "mina", "eva"):
        member = staff(who)
        for path in (f"/equipe/factures/{bill.id}", f"/equipe/depots/{sides.held}", f"/equipe/lots/{lot.id}"):
            assert member.client.get(path, follow_redirects=True).status_code == 404, (who, path)
    assert oscar.client.get(f"/logo/{sides.twin.slug}").status_code == 404


def test_a_key_reads_its_own_side_alone(app: Flask, office: Office, sides: TwoSides) -> None:
    with app.test_client() as program:
        for version in ("v1", "v2"):
            for name in PROGRAMS:
                for slug in ("lumiere", "eaux"):
                    live = program.get(f"/{version}/{name}", headers=office.keys[slug])
                    assert said_in({name: live.text}) == []
                tried = program.get(f"/{version}/{name}", headers=sides.key)
                assert "L-1" not in tried.text
                assert "C-BOB" not in tried.text
        assert "essai-nocturne.xml" in program.get("/v1/feeds", headers=sides.key).text
        assert program.get(f"/v1/feeds/{office.held}", headers=sides.key).status_code == 404
        assert program.get(f"/v1/feeds/{sides.held}", headers=office.keys["lumiere"]).status_code == 404


def test_a_test_key_alone_empties_its_own_side(app: Flask, office: Office, sides: TwoSides) -> None:
    assert "fct_test_" in sides.key["Authorization"]
    with app.test_client() as program:
        refused = program.post("/v1/test/reset", headers=office.keys["lumiere"])
        assert (refused.status_code, refused.json["type"].rpartition("/")[2]) == (403, "test-key-asked")
        assert program.get("/v1/test/reset", headers=sides.key).status_code == 404
        asked = program.post("/v1/test/reset", headers=sides.key)
        assert (asked.status_code, asked.json["state"]) == (202, "under way")
        office.pipeline.work_until_idle(office.clock())
        done = program.get(asked.headers["Location"], headers=sides.key).json
        assert done["state"] == "done"
        assert done["deleted"] >= done["rows"] > 0
        assert program.get("/v1/feeds", headers=sides.key).json["feeds"] == []
        assert program.get("/v1/feeds", headers=office.keys["lumiere"]).json["feeds"] != []


def test_no_fact_household_list_or_check_counts_it(office: Office, sides: TwoSides) -> None:
    store, now = office.store, office.clock()
    measure(store, now)
    follow_households(store)
    assert verify(store, now) == []
    with store.reading() as session:
        for table in (AdoptionFact, FactStep):
            assert sides.twin.id not in session.scalars(select(table.issuer_id)).all()
        accounts = select(CustomerAccount.id).where(CustomerAccount.issuer_id == sides.twin.id)
        assert session.scalars(accounts).all()
        members = select(HouseholdMember.account_id).where(HouseholdMember.account_id.in_(accounts))
        assert session.scalars(members).all() == []
        assert {each.issuer_id for each in released_bills(session)} == {office.lumiere.id}
        owed = session.scalars(select(Delivery.issuer_id)).all()
        assert sum(count_by_reason(session).values()) == owed.count(office.lumiere.id) < len(owed)
        assert sides.twin.id not in {each.id for each in all_issuers(session)}
        assert len(issuer_names(session)) == 2
        assert issuer_by_slug(session, sides.twin.slug) is None
        late = session.execute(silent_bills(office.clock.forward(days=90), office.pipeline.context.calendar)).all()
        assert sides.bill("ZQ-1").id not in {row[0] for row in late}
        for name, question in INVARIANTS.items():
            assert session.execute(question()).first() is None, name


def test_its_letters_reach_no_print_house(office: Office, sides: TwoSides, config: Config) -> None:
    with office.store.reading() as session:
        [lot] = batches(session, house=f"~{sides.twin.id}")
        assert lot.state == "acknowledged"
        letters = session.execute(select(Delivery.issuer_id, PrintBatch.house).join(PrintBatch)).tuples().all()
    assert {(issuer_id == sides.twin.id, house.startswith("~")) for issuer_id, house in letters} == {
        (True, True), (False, False),
    }  # fmt: skip
    manifests = {path: path.read_text() for path in config.outbox.glob("*.json")}
    assert manifests
    assert said_in({str(path): text for path, text in manifests.items()}) == []
    assert said_in({"": (config.test_outbox / lot.house / f"{lot.name}.json").read_text()})


def test_the_post_brings_back_no_letter_of_it(office: Office, sides: TwoSides) -> None:
    """L-90 has left Lumière, and was tried as well; a mark, a delivery or the number alone mean what left."""
    sides.drop([ubl("L-90", "C-BOB")])
    office.pipeline.work_until_idle(office.clock())
    with office.store.reading() as session:
        query = select(Delivery).join(BillRow, BillRow.id == Delivery.bill_id)
        letters = session.scalars(query.where(BillRow.number == "L-90", Delivery.channel == "paper")).all()
        real, tried = sorted(letters, key=lambda each: each.issuer_id == sides.twin.id)
        source = ReturnSource("oscar", {})
        by_number = ReturnedPiece(1, bill="L-90")
        assert letter_of_piece(session, by_number, source) == real
        assert letter_of_piece(session, by_number, source._replace(issuer_id=sides.twin.id)) == tried
        by_delivery = ReturnedPiece(1, delivery=tried.id)
        assert letter_of_piece(session, by_delivery, source) is None
        assert letter_of_piece(session, by_delivery, source._replace(issuer_id=office.lumiere.id)) is None
        assert letter_of_piece(session, by_delivery, source._replace(issuer_id=sides.twin.id)) == tried
        by_mark = ReturnedPiece(1, lot=tried.batch_id, n=tried.mail_piece)
        assert letter_of_piece(session, by_mark, source) is None
        assert letter_of_piece(session, by_mark, source._replace(issuer_id=sides.twin.id)) == tried
        assert letter_of_piece(session, ReturnedPiece(1, lot=real.batch_id, n=real.mail_piece), source) == real


def test_nobody_who_exists_holds_an_account_of_it(office: Office, sides: TwoSides, world: World) -> None:
    """Zéphyrine exists, and the issuer tries its feed of customers with her address: she is offered nothing."""
    person = world.consumer("Zéphyrine Quintal")
    account_id = sides.bill("ZQ-1").account_id
    with office.store.writing() as session:
        known = KnownCustomer(email=person.email, clocks={"email": world.now})
        session.add(CustomerReference(**reference_row(account_id, sides.twin.id, known, world.today)))
        session.flush()
        assert contracts_offered(session, session.get_one(Consumer, person.id), world.today) == []
        with pytest.raises(PermissionError):
            enrol(session, person.id, account_id, world.now)
        tried = keep_customer(session, sides.twin.id, f"alice@{sides.twin.id}.client.test", "Alice", world.now)
        theirs = session.scalars(
            select(CustomerAccount.id).where(CustomerAccount.issuer_id == office.lumiere.id)
        ).first()
        assert theirs is not None
        with pytest.raises(PermissionError):  # nor is an account of production seen by a customer who is tried
            enrol(session, tried.id, theirs, world.now)
        enrol(session, tried.id, account_id, world.now)
