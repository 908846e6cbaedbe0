"""Held letters wait for a named person, who mends them or answers for it that nothing more is posted."""

from datetime import UTC, date, datetime, timedelta

import pytest

import delivery
from audit.invariant_violations import count
from audit.invariants import INVARIANTS
from audit.silent_bills import silent_bills
from bill import PostalAddress
from delivery.calendar.postal_calendar import Calendar
from store.db.event import events_of
from tests.delivery.sample_bills import World
from tests.spelled_reasons import french

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)
PAPER = ("print", None)


@pytest.fixture
def two_held(world: World) -> list[int]:
    """Alice and Bob live nowhere, as far as their issuer knows."""
    bills = [world.bill(world.account(address=PostalAddress(line1="1 rue du Port")), ISSUED, DUE) for _ in range(2)]
    world.choose(TUESDAY)
    world.print(TUESDAY, force=True)
    return bills


def test_held_letters_are_told_with_their_day_a_page_at_a_time(world: World, two_held: list[int]) -> None:
    with world.store.reading() as session:
        [first] = delivery.held_letters(session, limit=1)
        [second] = delivery.held_letters(session, limit=9, after=first.delivery.id)
        assert [first.bill.id, second.bill.id] == two_held
        assert first.since == second.since == TUESDAY
        assert (delivery.count_held(session), delivery.count_held(session, 1), delivery.count_held(session, 2)) == (
            2,
            2,
            0,
        )
        assert delivery.held_letters(session, issuer_id=2) == []


def test_a_named_person_answers_for_a_letter_that_is_not_posted(world: World, two_held: list[int]) -> None:
    alices, bobs = (world.owed(bill)[PAPER].id for bill in two_held)
    later = TUESDAY + timedelta(days=40)
    with world.store.writing() as session:
        assert count(session, silent_bills(later, Calendar())) == 2
        assert delivery.give_up(session, alices, "oscar@facteur.example", "remise au guichet", later)
        assert not delivery.give_up(session, alices, "olga@facteur.example", "moi aussi", later)
        assert not delivery.print_again(session, alices, "olga@facteur.example", "adresse corrigée", later)
        assert not delivery.give_up(session, 4711, "oscar@facteur.example", "?", later)
    letter = world.owed(two_held[0])[PAPER]
    assert (letter.state, letter.decided_by, french(letter.reason)) == (
        "cancelled", "oscar@facteur.example", "remise au guichet",
    )  # fmt: skip
    with world.store.reading() as session:
        assert [held.delivery.id for held in delivery.held_letters(session)] == [bobs]
        assert count(session, silent_bills(later, Calendar())) == 1  # Bob's: nobody answers for it yet
        assert events_of(session, "delivery", alices)[-1].by == "oscar@facteur.example"
        for name in ("forgotten_bills", "bills_owing_nothing", "batches_miscounted"):
            assert session.execute(INVARIANTS[name]()).all() == []


def test_a_letter_that_was_replaced_or_is_on_its_way_is_not_given_up(world: World) -> None:
    bill = world.bill(world.account(), ISSUED, DUE)
    world.choose(TUESDAY)
    letter = world.owed(bill)[PAPER].id
    with world.store.writing() as session:
        assert not delivery.give_up(session, letter, "oscar@facteur.example", "trop tôt", TUESDAY)
    world.print(TUESDAY, force=True)
    with world.store.writing() as session:
        assert delivery.letter_returned(session, letter, "unknown", TUESDAY, "print house") == "recorded"
        assert delivery.print_again(session, letter, "olga@facteur.example", "adresse corrigée", TUESDAY)
        assert not delivery.give_up(session, letter, "oscar@facteur.example", "remise au guichet", TUESDAY)
