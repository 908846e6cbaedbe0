"""A delivery names the article of law that it is owed by, in its issuer's sector."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

import delivery
from delivery.follow_customer_statements import follow_paper_rights
from store.bills.bill import BillRow
from tests.delivery.sample_bills import World

pytestmark = pytest.mark.beside_any_database

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 2), date(2026, 4, 30)
ENERGY, SEPA = "C. conso. L224-12", "EPC016-06 (prélèvement SEPA)"


def articles(world: World, bill_id: int) -> dict[str, str | None]:
    return {purpose: row.article for (purpose, _), row in world.owed(bill_id).items()}


def test_the_mail_of_a_collected_bill_is_its_prenotification(world: World) -> None:
    world.profile('trade = "electricity"')
    alice = world.consumer("Alice")
    account = world.account(alice, paperless=True)
    collected, asked = world.bill(account, ISSUED, DUE), world.bill(account, ISSUED, DUE)
    with world.store.writing() as session:
        session.execute(update(BillRow).where(BillRow.id == collected).values(is_collected=True))
    world.choose(TUESDAY)
    assert articles(world, collected)["notify"] == f"{ENERGY} ; {SEPA}"
    assert articles(world, asked)["notify"] == ENERGY
    assert articles(world, asked)["print"] is None  # a letter for what nobody has read: no law asks for it
    assert articles(world, asked)["present"] is None


@pytest.mark.parametrize(("trade", "article"), [("water", "CGI art. 289, VI"), ("gas", None)])
def test_paper_without_consent_is_owed_where_consent_is_asked_for(world: World, trade: str, article: str) -> None:
    world.profile(f'trade = "{trade}"')
    bill = world.bill(world.account(world.consumer("Bob")), ISSUED, DUE)
    world.choose(TUESDAY)
    assert articles(world, bill)["print"] == article


def test_a_mail_that_comes_back_makes_the_letter_owed(world: World) -> None:
    world.profile('trade = "gas"')
    bob = world.consumer("Bob")
    bill = world.bill(world.account(bob, paperless=True), ISSUED, DUE)
    world.choose(TUESDAY)
    with world.store.writing() as session:
        assert delivery.mail_bounced(session, world.owed(bill)["notify", bob].id, "550 5.1.1 unknown", TUESDAY)
    assert world.owed(bill)["print", None].state == "ready"
    assert articles(world, bill)["print"] == ENERGY


def test_paper_by_right_names_its_article(world: World) -> None:
    world.profile('trade = "telecom"')
    account = world.account(world.consumer("Charlie"), paperless=True)
    bill = world.bill(account, ISSUED, DUE)
    world.choose(TUESDAY)
    with world.store.writing() as session:
        follow_paper_rights(session, [account], TUESDAY)
    assert articles(world, bill)["print"] == "Arrêté du 31 décembre 2013"


def test_a_letter_that_is_printed_again_is_owed_by_the_same_article(world: World) -> None:
    world.profile('trade = "water"')
    bill = world.bill(world.account(), ISSUED, DUE)
    world.choose(TUESDAY)
    world.print(TUESDAY, force=True)
    with world.store.writing() as session:
        first = world.owed(bill)["print", None].id
        assert delivery.letter_returned(session, first, "unknown", TUESDAY, "print house") == "recorded"
        assert delivery.print_again(session, first, "Oscar", "une autre enveloppe", TUESDAY)
    assert articles(world, bill)["print-2"] == articles(world, bill)["print"] == "CGI art. 289, VI"
