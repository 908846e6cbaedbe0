"""A letter whose address is incomplete, or that came back: a named person mends the address, and the account's letters
go there until its issuer sends another."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import select

import delivery
from audit.invariants import INVARIANTS
from bill import PostalAddress
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.event import events_of
from tests.delivery.sample_bills import World
from tests.spelled_reasons import french

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
WEDNESDAY = TUESDAY + timedelta(days=1)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)
PAPER = ("print", None)
NOWHERE = PostalAddress(line1="1 rue du Port")
HARBOUR = PostalAddress(line1="1 rue du Port", postcode="44000", city="Nantes", country="FR")
WHO, WHY = "oscar@facteur.example", "au téléphone"


def mend(world: World, letter: int, address: PostalAddress = HARBOUR, by: str = WHO) -> int:
    with world.store.writing() as session:
        return delivery.mend_address(session, letter, address, by, WHY, WEDNESDAY)


def test_all_letters_that_wait_for_the_address_go_and_the_next_bill_follows(world: World) -> None:
    account = world.account(address=NOWHERE)
    first, second = (world.bill(account, ISSUED, DUE) for _ in range(2))
    other = world.bill(world.account(address=NOWHERE), ISSUED, DUE)
    world.choose(TUESDAY)
    world.print(TUESDAY, force=True)
    assert mend(world, world.owed(first)[PAPER].id) == 2
    assert mend(world, world.owed(first)[PAPER].id, by="olga@facteur.example") == 0, "somebody has decided before"
    world.print(WEDNESDAY, force=True)
    third = world.bill(account, ISSUED, DUE)
    world.choose(WEDNESDAY)
    world.print(WEDNESDAY, force=True)
    assert [world.states(each)[PAPER] for each in (first, second, third, other)] == ["sent"] * 3 + ["failed"]
    with world.store.reading() as session:
        row = session.get_one(CustomerAccount, account)
        assert (row.postal_address, row.sent_address) == (HARBOUR, NOWHERE)
        [event] = events_of(session, "account", account)
        assert (event.what, event.by, event.why) == ("address mended", WHO, WHY)
        broken = {name: rows for name in INVARIANTS if (rows := session.execute(INVARIANTS[name]()).all())}
    assert "letters_twice" not in broken


def test_mail_that_came_back_goes_out_again_to_the_mended_address(world: World) -> None:
    bill = world.bill(world.account(), ISSUED, DUE)
    world.choose(TUESDAY)
    world.print(TUESDAY, force=True)
    letter = world.owed(bill)[PAPER].id
    with world.store.writing() as session:
        delivery.letter_returned(session, letter, "unknown", TUESDAY, "print house")
    assert mend(world, letter) == 1
    world.print(WEDNESDAY, force=True)
    again = world.owed(bill)["print-2", None]
    assert (again.state, again.replaces_id) == ("sent", letter)


def test_a_letter_that_waits_for_something_else_keeps_waiting(world: World) -> None:
    account = world.account()
    bill = world.bill(account, ISSUED, DUE, size="torn")
    world.choose(TUESDAY)
    world.print(TUESDAY, force=True)
    letter = world.owed(bill)[PAPER]
    assert letter.state == "failed"
    assert mend(world, letter.id) == 0
    with world.store.reading() as session:
        assert session.scalars(select(BillRow.account_id)).all() == [account]
        assert session.get_one(CustomerAccount, account).mended_address is None


def test_however_many_letters_wait_for_one_address_all_go(world: World) -> None:
    account = world.account(address=NOWHERE)
    bills = [world.bill(account, ISSUED, DUE) for _ in range(102)]
    world.choose(TUESDAY)
    world.print(TUESDAY, force=True)
    assert mend(world, world.owed(bills[-1])[PAPER].id) == 102


def test_a_heap_of_letters_without_an_address_holds_up_none_whose_address_has_come(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("delivery.channels.paper.mend_address._TOGETHER", 2)
    accounts = [world.account(address=NOWHERE) for _ in range(6)]
    bills = [world.bill(account, ISSUED, DUE) for account in accounts]
    world.choose(TUESDAY)
    world.print(TUESDAY, force=True)
    with world.store.writing() as session:
        for account in (accounts[2], accounts[5]):
            session.get_one(CustomerAccount, account).address = msgspec.msgpack.encode(HARBOUR)
    with world.store.writing() as session:
        assert delivery.release_addressed_letters(session, WEDNESDAY) == 2
        assert delivery.release_addressed_letters(session, WEDNESDAY) == 0
    assert [world.states(each)[PAPER] for each in bills] == ["failed", "failed", "ready", "failed", "failed", "ready"]


def test_an_address_that_is_taken_back_after_the_cut_off_is_told_as_incomplete(world: World) -> None:
    account = world.account()
    bill = world.bill(account, ISSUED, DUE)
    world.choose(TUESDAY)
    with world.store.writing() as session:
        delivery.promote_due(session, TUESDAY)
        delivery.join_batch(session, TUESDAY)
        batch = delivery.close_batch(session, TUESDAY, force=True)
        session.get_one(CustomerAccount, account).address = msgspec.msgpack.encode(NOWHERE)
    assert batch is not None
    world.hand_over(batch, TUESDAY)
    letter = world.owed(bill)[PAPER]
    assert (letter.state, french(letter.reason)) == (
        "failed",
        "adresse incomplète : il manque la ville, le code postal",
    )
    assert mend(world, letter.id) == 1
