"""Which looks at a bill make its reminders and its letter needless, and which do not."""

from datetime import UTC, date, datetime
from typing import get_args

import pytest

from delivery.feedback.views_bounces_returns import bill_looked_at
from delivery.feedback.what_counts_as_seen import Look, LookKind
from store.accounts.consumer import enrol
from store.bills.bill import BillRow
from store.delivery import THE_ADDRESSEE, seen_by
from tests.delivery.sample_bills import World

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
COUNTING = {"holder", "one_bill_link", "looks_for_holder"}


def look_at(world: World, bill: int, look: Look) -> bool:
    with world.store.writing() as session:
        return bill_looked_at(session, session.get_one(BillRow, bill), look, TUESDAY)


@pytest.mark.parametrize("kind", get_args(LookKind))
def test_only_these_looks_count(world: World, kind: LookKind) -> None:
    alice, accountant = world.consumer("alice"), world.consumer("accountant")
    bill = world.bill(world.account(alice, paperless=True), date(2026, 3, 2), date(2026, 4, 30))
    world.choose(TUESDAY)
    who = {"holder": alice, "one_bill_link": None, "staff": None, "machine": alice}.get(kind, accountant)
    assert look_at(world, bill, Look(kind, who)) == (kind in COUNTING)
    states = world.states(bill)
    left = "cancelled" if kind in COUNTING else "waiting"
    assert (states["remind-1", alice], states["print", THE_ADDRESSEE]) == (left, left)
    assert (world.row(bill).viewed_at is not None) == (kind in COUNTING)


def test_who_comes_after_the_link_was_used_has_seen_it_too(world: World) -> None:
    alice = world.consumer("alice")
    bill = world.bill(world.account(alice, paperless=True), date(2026, 3, 2), date(2026, 4, 30))
    world.choose(TUESDAY)
    assert look_at(world, bill, Look("one_bill_link"))
    assert not look_at(world, bill, Look("one_bill_link"))
    assert look_at(world, bill, Look("holder", alice))
    assert world.states(bill)["present", alice] == "delivered"


def test_each_holder_has_read_it_or_not(world: World) -> None:
    """Bruno comes when the bill is there already: his look is kept as well, once, and presents nothing anew."""
    alice, bruno = world.consumer("alice"), world.consumer("bruno")
    account = world.account(alice, paperless=True)
    bill = world.bill(account, date(2026, 3, 2), date(2026, 4, 30))
    world.choose(TUESDAY)
    with world.store.writing() as session:
        enrol(session, bruno, account, TUESDAY)
    assert look_at(world, bill, Look("holder", alice))
    assert seen(world, alice, bill)
    assert not seen(world, bruno, bill)
    assert look_at(world, bill, Look("holder", bruno))
    assert seen(world, bruno, bill)
    assert not look_at(world, bill, Look("holder", bruno))
    assert world.owed(bill)["present", bruno].sent_at is None


def test_who_came_later_and_opens_the_link_of_a_message_has_read_it(world: World) -> None:
    """Bruno has a payment plan for a bill that was there before him: its reminder carries a link of his own."""
    alice, bruno = world.consumer("alice"), world.consumer("bruno")
    account = world.account(alice, paperless=True)
    bill = world.bill(account, date(2026, 3, 2), date(2026, 4, 30))
    world.choose(TUESDAY)
    with world.store.writing() as session:
        enrol(session, bruno, account, TUESDAY)
    assert look_at(world, bill, Look("holder", alice))
    assert look_at(world, bill, Look("one_bill_link", bruno, 7))
    assert seen(world, bruno, bill)
    assert not look_at(world, bill, Look("one_bill_link", bruno, 7))


def test_who_has_no_space_has_no_mark(world: World) -> None:
    alice, accountant = world.consumer("alice"), world.consumer("accountant")
    bill = world.bill(world.account(alice, paperless=True), date(2026, 3, 2), date(2026, 4, 30))
    world.choose(TUESDAY)
    assert look_at(world, bill, Look("looks_for_holder", accountant))
    assert look_at(world, bill, Look("holder", alice))
    assert ("present", accountant) not in world.states(bill)


def seen(world: World, consumer_id: int, bill: int) -> bool:
    with world.store.reading() as session:
        return seen_by(session, consumer_id, [bill]) == {bill}
