"""The relationships of accounts in a store: what Alice reads, what comes back, and how many queries that takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, select, update

import delivery
from audit.account_invariants import paperless_against_consents
from audit.invariant_violations import violations
from consumers.confirm_phone import ask_code, confirm_phone, phone_code
from consumers.leave_account import leave_account
from consumers.paperless_consent import back_to_paper, go_paperless
from delivery.feedback.undelivered_messages import suppress_number
from delivery.notices.choose_notices import choose_notices
from delivery.notices.notice_preference import NoticePreference
from delivery.relationship.account_relationships import relationships_of
from delivery.relationship.account_trail import step_text, trail_of
from store.accounts.account_notice import NewNotice, append_notices, notices_of
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.phone import withdraw_phone
from store.accounts.shown_wording import wordings_of
from store.bills.bill import BillRow
from store.delivery import Delivery
from tests.delivery.sample_bills import World

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def alice(world: World) -> int:
    return world.consumer("Alice")


def state(world: World, account_id: int, now: datetime) -> str:
    with world.store.reading() as session:
        return relationships_of(session, [account_id], now)[account_id].state


def consent(world: World, account_id: int, consumer_id: int, now: datetime, *, paperless: bool = True) -> None:
    with world.store.writing() as session:
        account, consumer = session.get_one(CustomerAccount, account_id), session.get_one(Consumer, consumer_id)
        assert (go_paperless if paperless else back_to_paper)(session, account, consumer, now)


def test_bills_of_whom_no_mail_reaches_go_by_post(world: World, alice: int) -> None:
    account = world.account(alice)
    consent(world, account, alice, MONDAY)
    bounced = MONDAY + timedelta(days=3)
    with world.store.writing() as session:
        session.execute(update(Consumer).where(Consumer.id == alice).values(mail_failed_at=bounced))
    with world.store.reading() as session:
        found = relationships_of(session, [account], bounced)[account]
    assert (found.state, found.channel, found.since) == ("AT_RISK", "paper", bounced)
    assert found.why.code == "no_holder_by_email"


def test_alice_goes_digital_forgets_and_comes_back(world: World, alice: int) -> None:
    account = world.account(alice)
    assert state(world, account, MONDAY) == "LINKED_DUAL"
    consent(world, account, alice, MONDAY)
    assert state(world, account, MONDAY) == "DIGITAL_TRIAL"
    due = date(2026, 4, 30)
    bills = [world.bill(account, MONDAY.date(), due) for _ in range(4)]
    world.choose(MONDAY)
    for bill in bills[:2]:
        world.view(bill, alice, MONDAY + timedelta(days=1))
    assert state(world, account, MONDAY + timedelta(days=1)) == "DIGITAL"
    late = datetime(2026, 4, 29, 9, tzinfo=UTC)
    assert state(world, account, late) == "AT_RISK"
    world.print(late)
    assert world.print(late + timedelta(hours=12)) is not None
    late += timedelta(days=1)
    world.view(bills[2], alice, late)
    assert state(world, account, late) == "AT_RISK"  # it was too late: its letter had left
    last = world.bill(account, late.date(), date(2026, 6, 30))
    world.choose(late)
    world.view(last, alice, late + timedelta(days=1))
    assert state(world, account, late + timedelta(days=1)) == "DIGITAL"
    consent(world, account, alice, late + timedelta(days=2), paperless=False)
    assert state(world, account, late + timedelta(days=3)) == "PAPER_BY_CHOICE"


def test_the_last_to_leave_has_chosen_no_paper(world: World, alice: int) -> None:
    account = world.account(alice)
    consent(world, account, alice, MONDAY)
    with world.store.writing() as session:
        assert leave_account(session, session.get_one(CustomerAccount, account), session.get_one(Consumer, alice),
                             MONDAY + timedelta(hours=1))  # fmt: skip
    with world.store.reading() as session:
        found = relationships_of(session, [account], MONDAY + timedelta(days=1))[account]
        assert (found.state, found.since) == ("PAPER", MONDAY + timedelta(hours=1))
        kinds = [each.kind for each in notices_of(session, [account])[account]]
        texts = [step_text(each, "en", alice) for each in trail_of(session, account)]
    assert kinds == ["linked", "left"]
    assert texts == [
        "Contract added to a space, by you", "Electronic bills accepted, by you",
        "Back on paper: nobody follows this contract any more, by you", "Contract removed from a space, by you",
    ]  # fmt: skip


def test_a_feed_is_not_named_by_its_number(world: World) -> None:
    account = world.account()
    with world.store.writing() as session:
        append_notices(session, [
            NewNotice(
                account_id=account, kind="address_known", at=MONDAY, by="feed 6", channel="file", basis="statement"
            ),
            NewNotice(account_id=account, kind="closed", at=MONDAY, by="Anne", channel="staff", basis="decision"),
        ])  # fmt: skip
    with world.store.reading() as session:
        texts = [step_text(each, "fr") for each in trail_of(session, account)]
    assert texts == ["Autre adresse connue", "Fin du contrat, selon l’émetteur, par Anne"]


def test_a_letter_with_a_code_invites_and_one_that_comes_back_tells_of_a_move(world: World) -> None:
    account = world.account()
    bill = world.bill(account, MONDAY.date(), date(2026, 4, 30))
    world.choose(MONDAY)
    assert state(world, account, MONDAY) == "PAPER"
    world.print(MONDAY)
    assert world.print(MONDAY + timedelta(hours=12)) is not None
    assert state(world, account, MONDAY + timedelta(days=3)) == "INVITED"
    with world.store.writing() as session:
        letter = session.scalars(select(Delivery.id).where(Delivery.bill_id == bill, Delivery.channel == "paper")).one()
        at = MONDAY + timedelta(days=9)
        assert delivery.letter_returned(session, letter, "unknown", at, "print house") == "recorded"
    assert state(world, account, MONDAY + timedelta(days=9)) == "MOVED"


def test_many_accounts_take_as_many_queries_as_one(world: World, alice: int) -> None:
    accounts = [world.account(alice) for _ in range(5)]
    consent(world, accounts[0], alice, MONDAY)
    numbers = []
    for asked in (accounts[:1], accounts):
        with world.store.reading() as session, counted(world.store.engine) as statements:
            assert len(relationships_of(session, asked, MONDAY)) == len(asked)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 9


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_a_flag_that_somebody_sets_is_found(world: World, alice: int) -> None:
    told, quiet, silent = (world.account(alice) for _ in range(3))
    consent(world, told, alice, MONDAY)
    with world.store.writing() as session:
        assert violations(session, paperless_against_consents()).number == 0
        values = {"paperless": True, "paperless_since": MONDAY}
        session.execute(update(CustomerAccount).where(CustomerAccount.id == quiet).values(values))
        session.execute(update(CustomerAccount).where(CustomerAccount.id == told).values(paperless=False))
        session.execute(update(CustomerAccount).where(CustomerAccount.id == silent).values(paperless_since=MONDAY))
        assert {row[0] for row in violations(session, paperless_against_consents())} == {told, quiet}


def test_a_wording_that_was_shown_stays_readable(world: World, alice: int) -> None:
    consent(world, world.account(alice), alice, MONDAY)
    with world.store.reading() as session:
        texts = wordings_of(session, ["paperless-1", "paperless-9"], "en")
    assert texts.keys() == {"paperless-1"}
    assert texts["paperless-1"].startswith("I receive the next bills")


@pytest.mark.parametrize("how", ["refused", "withdrawn"])
def test_whose_phone_is_lost_has_paper_since_then_and_the_state_says_why(world: World, alice: int, how: str) -> None:
    account = world.account(alice)
    consent(world, account, alice, MONDAY)
    later, lost_at = MONDAY + timedelta(days=3), MONDAY + timedelta(days=9)
    with world.store.writing() as session:
        phone = ask_code(session, alice, "+33612345678", later)
        confirm_phone(session, world.store.keys, alice, phone_code(world.store.keys, phone), later)
        choose_notices(session, alice, account, NoticePreference(channels=("sms",)), later)
        assert relationships_of(session, [account], later)[account].state == "DIGITAL_TRIAL"
        if how == "refused":
            suppress_number(session, "+33612345678", "no such number", lost_at)
        else:
            withdraw_phone(session, alice, lost_at, by="STOP")
    with world.store.reading() as session:
        found = relationships_of(session, [account], lost_at)[account]
    assert (found.state, found.channel, found.why.code, found.since) == (
        "AT_RISK", "paper", "no_channel_works", lost_at,
    )  # fmt: skip
    bill = world.bill(account, lost_at.date(), date(2026, 4, 30))
    world.choose(lost_at)
    with world.store.reading() as session:
        query = select(Delivery).where(Delivery.bill_id == bill, Delivery.channel == "paper")
        assert session.scalars(query).one().reason.code == "no_channel_works"


def test_who_wants_no_message_has_paper_and_the_state_says_so(world: World, alice: int) -> None:
    account = world.account(alice)
    consent(world, account, alice, MONDAY)
    later = MONDAY + timedelta(days=3)
    with world.store.writing() as session:
        choose_notices(session, alice, account, NoticePreference(channels=()), later)
    with world.store.reading() as session:
        found = relationships_of(session, [account], later)[account]
    assert (found.state, found.channel, found.why.code, found.since) == (
        "AT_RISK", "paper", "no_channel_chosen", later,
    )  # fmt: skip
    bill = world.bill(account, later.date(), date(2026, 4, 30))
    world.choose(later)
    with world.store.reading() as session:
        row = session.get_one(BillRow, bill)
        assert row.channel == found.channel
