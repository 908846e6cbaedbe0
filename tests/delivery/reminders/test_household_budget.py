"""Alice's household follows contracts of several issuers: few reminders come to it, of what is due soonest."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

import delivery
from delivery import MailTransport
from delivery.channels.attempt_log import lease_deliveries
from delivery.channels.email.mail_addresses import mail_addresses
from delivery.channels.email.smtp.dev_inbox import list_mails
from delivery.channels.sendable_notices import notice_rows, sendable_notices
from delivery.reminders import household_budget
from store import Store
from store.bills.bill import BillRow
from store.customers.household import HouseholdMember
from store.delivery import THE_ADDRESSEE, Delivery
from tests.delivery.sample_bills import PUBLIC_URL, World
from tests.spelled_reasons import french

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
REMINDED = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)  # after the morning of the reminders


def household(world: World, *accounts: int) -> None:
    rows = [HouseholdMember(account_id=each, household_id=min(accounts), address=b"", as_of=None) for each in accounts]
    with world.store.writing() as session:
        session.add_all(rows)


def a_bill(world: World, holders: list[int], due: date) -> tuple[int, int]:
    """A bill of an issuer of its own, and its account."""
    n = next(world._numbers)
    account = world.account(*holders, paperless=True, issuer_id=world.issuer(f"issuer-{n}", f"Issuer {n}"))
    return world.bill(account, date(2026, 3, 2), due), account


def four_bills(world: World, holders: list[int]) -> list[int]:
    """Of four issuers, the later the sooner due."""
    made = [a_bill(world, holders, date(2026, 4, 30) - timedelta(days=n)) for n in range(4)]
    household(world, *(account for _, account in made))
    return [bill for bill, _ in made]


def test_the_ones_due_soonest_win_and_no_letter_is_dropped(world: World, post: MailTransport) -> None:
    alice = world.consumer("alice")
    bills = four_bills(world, [alice])
    world.choose(TUESDAY)
    world.send(post, TUESDAY)
    world.send(post, REMINDED)
    assert [world.states(bill)["remind-1", alice] for bill in bills] == ["cancelled", "sent", "sent", "sent"]
    assert french(world.owed(bills[0])["remind-1", alice].reason) == (
        "déjà 3 rappels à ce foyer en 7 jours : la lettre suivra si personne ne l’a vue"
    )
    assert {world.states(bill)["notify", alice] for bill in bills} == {"sent"}
    assert {world.states(bill)["print", THE_ADDRESSEE] for bill in bills} == {"waiting"}


def test_one_bill_of_a_couple_is_one_reminder(world: World, post: MailTransport) -> None:
    alice, bob = world.consumer("alice"), world.consumer("bob")
    bills = four_bills(world, [alice, bob])
    world.choose(TUESDAY)
    world.send(post, REMINDED)
    for who in (alice, bob):
        assert [world.states(bill)["remind-1", who] for bill in bills] == ["cancelled", "sent", "sent", "sent"]


def test_a_week_later_there_is_place_again(world: World, post: MailTransport) -> None:
    alice = world.consumer("alice")
    four = four_bills(world, [alice])
    world.choose(TUESDAY)
    world.send(post, TUESDAY)
    world.send(post, REMINDED)
    fifth, account = a_bill(world, [alice], date(2026, 4, 30))
    sixth, other = a_bill(world, [alice], date(2026, 4, 30))
    with world.store.writing() as session:
        first = world.row(four[0]).account_id
        session.add_all(
            HouseholdMember(account_id=each, household_id=first, address=b"", as_of=None) for each in (account, other)
        )
    world.choose(TUESDAY + timedelta(days=1), fifth)
    world.choose(TUESDAY + timedelta(days=8), sixth)
    world.send(post, REMINDED + timedelta(days=1))
    world.send(post, REMINDED + timedelta(days=8))
    assert world.states(fifth)["remind-1", alice] == "cancelled"
    assert world.states(sixth)["remind-1", alice] == "sent"


def test_what_was_paid_takes_nobodys_place(world: World, post: MailTransport) -> None:
    alice = world.consumer("alice")
    bills = four_bills(world, [alice])
    world.choose(TUESDAY)
    with world.store.writing() as session:
        session.execute(update(BillRow).where(BillRow.id == bills[3]).values(said_paid_at=TUESDAY))
    world.send(post, REMINDED)
    assert [world.states(bill)["remind-1", alice] for bill in bills] == ["sent", "sent", "sent", "cancelled"]
    assert world.owed(bills[3])["remind-1", alice].reason.code == "said_paid"


def test_strangers_keep_their_places(world: World, post: MailTransport, inbox: Path) -> None:
    alice, charlie = world.consumer("alice"), world.consumer("charlie")
    four_bills(world, [alice])
    his, _ = a_bill(world, [charlie], date(2026, 5, 30))
    world.choose(TUESDAY)
    world.send(post, TUESDAY)
    world.send(post, REMINDED)
    assert world.states(his)["remind-1", charlie] == "sent"
    assert len(list_mails(inbox, "alice@example.org")) == 4 + household_budget.MOST


def test_two_workers_have_one_place_between_them(
    world: World, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """The second waits until the first has committed, and sees what it has leased."""
    monkeypatch.setattr(household_budget, "MOST", 1)
    alice = world.consumer("alice")
    bills = four_bills(world, [alice])
    world.choose(TUESDAY)
    with store.writing() as session:
        delivery.promote_due(session, REMINDED)
    [*_, late, soon] = [world.owed(bill)["remind-1", alice].id for bill in bills]
    found: dict[int, list[int]] = {}

    def lease(delivery_id: int) -> None:
        with store.writing() as session:
            found[delivery_id] = sendable(session, delivery_id)

    with store.writing() as first:
        found[soon] = sendable(first, soon)
        second = Thread(target=lease, args=(late,))
        second.start()
        second.join(0.3)
        assert second.is_alive(), "it waits for the household"
    second.join(10)
    assert found == {soon: [soon], late: []}
    with store.reading() as session:
        assert session.get_one(Delivery, late).reason.code == "reminders_enough"


def sendable(session: Session, delivery_id: int) -> list[int]:
    rows = notice_rows(session, [delivery_id])
    good = [
        each.delivery_id
        for each in sendable_notices(session, rows, mail_addresses, PUBLIC_URL, REMINDED, REMINDED.date())
    ]
    lease_deliveries(session, good)
    return good
