"""A claim that was begun: it stands in the account's history, once, and tells the visitor nothing."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from consumers.account_claim import ClaimRefused, claim_account
from consumers.claim_code import letter_code
from consumers.claim_start import note_sign_up_with_code
from delivery.relationship.account_relationships import relationships_of
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.delivery import Delivery
from tests.delivery.sample_bills import World

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = MONDAY + timedelta(days=3)


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    return World(store, tmp_path / "outbox")


@pytest.fixture
def code(world: World) -> str:
    """The code on the letter of an account that nobody follows, handed over on Monday evening."""
    bill = world.bill(world.account(), MONDAY.date(), date(2026, 4, 30))
    world.choose(MONDAY)
    world.print(MONDAY)
    assert world.print(MONDAY + timedelta(hours=12)) is not None
    with world.store.reading() as session:
        letter = session.scalars(select(Delivery).where(Delivery.bill_id == bill, Delivery.channel == "paper")).one()
        return letter_code(world.store.keys, letter)


def state(world: World, now: datetime) -> str:
    with world.store.reading() as session:
        return relationships_of(session, [1], now)[1].state


def test_who_signs_up_with_a_code_has_begun_and_is_forgotten_after_two_weeks(world: World, code: str) -> None:
    assert state(world, LATER) == "INVITED"
    with world.store.writing() as session:
        note_sign_up_with_code(session, f"/contrats/ajouter?code={code}", LATER)
        note_sign_up_with_code(session, f"/contrats/ajouter?code={code}", LATER + timedelta(days=1))
    assert state(world, LATER) == "CLAIM_STARTED"
    assert state(world, LATER + timedelta(days=14)) == "INVITED"


@pytest.mark.parametrize("onwards", ["/", "/contrats/ajouter?code=", "/contrats/ajouter?code=0000-0000-00", "//["])
def test_another_way_begins_nothing(world: World, code: str, onwards: str) -> None:
    with world.store.writing() as session:
        note_sign_up_with_code(session, onwards, LATER)
    assert code
    assert state(world, LATER) == "INVITED"


def test_the_right_number_with_a_wrong_code_has_begun_and_the_right_code_ends_it(world: World, code: str) -> None:
    alice = world.consumer("Alice")
    with world.store.writing() as session:
        person = session.get_one(Consumer, alice)
        refused = claim_account(session, person, world.issuer_id, "C-2", "0000000000", LATER)
        assert isinstance(refused, ClaimRefused)
    number = _number(world)
    with world.store.writing() as session:
        person = session.get_one(Consumer, alice)
        assert isinstance(claim_account(session, person, world.issuer_id, number, "0000000000", LATER), ClaimRefused)
    assert state(world, LATER) == "CLAIM_STARTED"
    with world.store.writing() as session:
        person = session.get_one(Consumer, alice)
        assert not isinstance(claim_account(session, person, world.issuer_id, number, code, LATER), ClaimRefused)
    assert state(world, LATER) == "LINKED_DUAL"


def _number(world: World) -> str:
    with world.store.reading() as session:
        return session.scalars(select(CustomerAccount.value)).one()
