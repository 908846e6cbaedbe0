"""Returned mail: Georges has moved, and the post brings his letter back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

import delivery
from audit.invariants import INVARIANTS
from bill import PostalAddress
from delivery.channels.paper.mend_address import AddressGiver, give_address
from delivery.decide_bereavement import decide_bereavement
from delivery.feedback.returned_mail import ReturnOutcome
from delivery.relationship.account_relationships import relationships_of
from store.accounts.account_notice import NewNotice, append_notice, notices_of
from store.accounts.address_suppression import suppressions_of
from store.accounts.bereavement_decision import BereavementDecision
from store.accounts.customer_account import CustomerAccount
from store.accounts.return_reason import ReturnReason, return_reason_of
from store.bills.bill import BillRow
from store.customers.customer_reference import CustomerReference
from store.delivery import Receipt
from store.job import Job
from store.outbox.outbox_event import OutboxEvent
from tests.delivery.sample_bills import HOME, World

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
LATER = TUESDAY + timedelta(days=8)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)
PRINT: tuple[str, int | None] = ("print", None)
NEW = PostalAddress(line1="40 rue Loin", postcode="29000", city="Quimper", country="FR")
OLGA = "olga@facteur.example"


def posted(world: World, account: int, at: datetime = TUESDAY) -> int:
    """A bill of this account whose letter is handed over. Returns the bill."""
    bill = world.bill(account, ISSUED, DUE)
    world.choose(at)
    world.print(at, force=True)
    return bill


def returned(world: World, bill: int, reason: ReturnReason = "unknown", at: datetime = LATER) -> ReturnOutcome:
    with world.store.writing() as session:
        return delivery.letter_returned(session, world.owed(bill)[PRINT].id, reason, at, OLGA, "étiquette illisible")


def row(world: World, bill: int) -> BillRow:
    with world.store.reading() as session:
        return session.get_one(BillRow, bill)


def said(world: World, table: Any) -> list[Any]:
    with world.store.reading() as session:
        return list(session.scalars(select(table).order_by(table.id)))


def state(world: World, account: int, at: datetime = LATER) -> str:
    with world.store.reading() as session:
        return relationships_of(session, [account], at)[account].state


def broken(world: World) -> list[str]:
    """Names of broken invariants of letters; the sample's bills came by no feed."""
    names = ("letters_twice", "forgotten_bills", "posted_without_letter", "batches_miscounted", "bills_owing_nothing")
    with world.store.reading() as session:
        return [name for name in names if session.execute(INVARIANTS[name]()).all()]


def test_a_return_is_recorded_once_and_the_bill_is_no_longer_posted(world: World) -> None:
    georges = world.account(world.consumer("Georges"))
    bill = posted(world, georges)
    assert row(world, bill).posted_at is not None
    assert [returned(world, bill), returned(world, bill)] == ["recorded", "known"]
    assert row(world, bill).posted_at is None
    letter = world.owed(bill)[PRINT]
    assert (letter.state, letter.reason.code, letter.reason.values) == (
        "failed", "letter_came_back", {"return_reason": "unknown"},
    )  # fmt: skip
    [receipt] = [each for each in said(world, Receipt) if each.kind == "returned"]
    assert receipt.words == "étiquette illisible"
    [told] = said(world, OutboxEvent)
    assert (told.type, told.data["reason"], told.data["words"]) == ("letter.returned", "unknown", "étiquette illisible")
    [asked] = [each for each in said(world, Job) if each.kind == "address_question"]
    assert asked.particulars["account_id"] == georges
    assert state(world, georges) == "MOVED"
    with world.store.reading() as session:
        [suppression] = suppressions_of(session, [georges])[georges]
        assert (suppression.postal_address, suppression.reason, suppression.by) == (HOME, "unknown", OLGA)
    assert broken(world) == []


def test_the_next_bills_letter_is_held_until_another_address_comes(world: World) -> None:
    georges = world.account()
    first = posted(world, georges)
    second = world.bill(georges, ISSUED, DUE)
    world.choose(LATER)
    with world.store.writing() as session:
        delivery.join_batch(session, LATER)  # the second letter lies in the open batch when the first comes back
    returned(world, first)
    third = world.bill(georges, ISSUED, DUE)
    world.choose(LATER)
    world.print(LATER, force=True)
    held = [world.owed(bill)[PRINT] for bill in (second, third)]
    assert [(each.state, each.reason.code, each.batch_id) for each in held] == [
        ("failed", "address_suppressed", None)
    ] * 2  # fmt: skip
    with world.store.writing() as session:
        assert delivery.release_addressed_letters(session, LATER) == 0
    with world.store.writing() as session:  # the issuer's next feed: once more the same, in another spelling
        shouted = msgspec.structs.replace(HOME, line1="1, RUE DU PORT")
        session.get_one(CustomerAccount, georges).address = msgspec.msgpack.encode(shouted)
    with world.store.writing() as session:
        assert delivery.release_addressed_letters(session, LATER) == 0
    tomorrow = LATER + timedelta(days=1)
    with world.store.writing() as session:
        assert delivery.mend_address(session, held[0].id, NEW, OLGA, "au téléphone", tomorrow) == 3
    world.print(tomorrow, force=True)
    assert [world.states(each)[PRINT] for each in (second, third)] == ["sent"] * 2
    assert world.states(first)["print-2", None] == "sent"
    assert row(world, first).posted_at == tomorrow
    assert state(world, georges, tomorrow) != "MOVED"
    assert broken(world) == []


def test_a_letter_that_went_to_the_address_of_before_says_nothing_of_the_new_one(world: World) -> None:
    georges = world.account()
    first = posted(world, georges)
    second = posted(world, georges)
    returned(world, first)
    with world.store.writing() as session:
        delivery.mend_address(session, world.owed(first)[PRINT].id, NEW, OLGA, "au téléphone", LATER)
    assert returned(world, second, at=LATER + timedelta(days=1)) == "recorded"
    with world.store.reading() as session:
        assert [each.postal_address for each in suppressions_of(session, [georges])[georges]] == [HOME]
    with world.store.writing() as session:
        assert delivery.release_addressed_letters(session, LATER + timedelta(days=1)) == 1
    assert world.states(second)["print-2", None] == "ready"


@pytest.mark.parametrize("reason", ["deceased", "unknown"])
def test_a_letter_to_the_dead_says_nothing_of_who_settles_the_estate(world: World, reason: ReturnReason) -> None:
    """It was posted before the letters went to the estate, and comes back weeks later."""
    alice = world.account()
    bill = posted(world, alice)
    estate = BereavementDecision(verdict="estate", by=OLGA, reason="le notaire a écrit", address=NEW)
    with world.store.writing() as session:
        died = {"died_on": date(2026, 3, 1), "content": b"", "as_of": TUESDAY}
        session.add(CustomerReference(account_id=alice, issuer_id=world.issuer_id, **died))
    with world.store.writing() as session:
        decide_bereavement(session, alice, estate, TUESDAY + timedelta(days=2))
    assert returned(world, bill, reason) == "recorded"
    with world.store.writing() as session:
        assert suppressions_of(session, [alice]) == {}
        assert delivery.release_addressed_letters(session, LATER) == 1
    assert world.states(bill)["print-2", None] == "ready"


@pytest.mark.parametrize("reason", ["refused", "unclaimed"])
def test_who_refuses_a_letter_lives_there(world: World, reason: ReturnReason) -> None:
    charlie = world.account(world.consumer("Charlie"))
    bill = posted(world, charlie)
    assert returned(world, bill, reason) == "recorded"
    following = world.bill(charlie, ISSUED, DUE)
    world.choose(LATER)
    assert (state(world, charlie), world.states(following)[PRINT]) == ("LINKED_DUAL", "ready")
    assert [each for each in said(world, Job) if each.kind == "address_question"] == []
    with world.store.writing() as session:
        assert [each.delivery.bill_id for each in delivery.held_letters(session)] == [bill]
        assert delivery.release_addressed_letters(session, LATER) == 0


def test_a_family_in_mourning_is_not_asked_where_the_dead_lives(world: World) -> None:
    alice = world.account(world.consumer("Alice"))
    assert returned(world, posted(world, alice), "deceased") == "recorded"
    assert [each for each in said(world, Job) if each.kind == "address_question"] == []
    assert state(world, alice) == "MOVED"


def test_a_letter_that_comes_back_after_its_bill_was_seen_is_not_printed_again(world: World) -> None:
    bob = world.consumer("Bob")
    account = world.account(bob)
    bill = posted(world, account)
    with world.store.writing() as session:
        delivery.bill_viewed(session, session.get_one(BillRow, bill), bob, TUESDAY + timedelta(days=2))
    assert returned(world, bill) == "recorded"
    with world.store.writing() as session:
        assert delivery.held_letters(session) == []
        session.get_one(CustomerAccount, account).mended_address = msgspec.msgpack.encode(NEW)
    with world.store.writing() as session:
        assert delivery.release_addressed_letters(session, LATER) == 0
        assert account in suppressions_of(session, [account])


def test_a_letter_that_comes_back_after_its_bill_was_paid_is_not_printed_again(world: World) -> None:
    account = world.account()
    bill = posted(world, account)
    with world.store.writing() as session:
        session.get_one(BillRow, bill).said_paid_at = TUESDAY
    assert returned(world, bill) == "recorded"
    with world.store.writing() as session:
        assert delivery.held_letters(session) == []
        assert delivery.mend_address(session, world.owed(bill)[PRINT].id, NEW, OLGA, "au téléphone", LATER) == 0
        assert account in suppressions_of(session, [account])
    assert broken(world) == []


@pytest.mark.parametrize("by", ["a holder", "a feed", "staff, of another letter", "staff, of this letter"])
def test_a_bill_that_was_paid_since_its_letter_came_back_is_printed_again_for_who_asks_alone(
    world: World, by: str
) -> None:
    account = world.account()
    paid, owed = posted(world, account), posted(world, account)
    assert [returned(world, each) for each in (paid, owed)] == ["recorded"] * 2
    tomorrow = LATER + timedelta(days=1)
    with world.store.writing() as session:
        session.get_one(BillRow, paid).said_paid_at = tomorrow
    with world.store.writing() as session:
        if by == "a holder":
            assert give_address(session, account, NEW, AddressGiver("bob"), "", tomorrow) == 1
        elif by == "a feed":
            session.get_one(CustomerAccount, account).address = msgspec.msgpack.encode(NEW)
            append_notice(session, NewNotice(account_id=account, kind="address_known", at=tomorrow))
        else:
            letter = world.owed(paid if by.endswith("this letter") else owed)[PRINT]
            again = 2 if by.endswith("this letter") else 1
            assert delivery.mend_address(session, letter.id, NEW, OLGA, "au téléphone", tomorrow) == again
    with world.store.writing() as session:
        assert delivery.release_addressed_letters(session, tomorrow) == (by == "a feed")
    assert world.states(owed)["print-2", None] == "ready"
    assert (("print-2", None) in world.states(paid)) == by.endswith("this letter")


def test_a_letter_that_has_not_left_and_a_mail_do_not_come_back(world: World) -> None:
    bob = world.account(world.consumer("Bob"), paperless=True)
    bill = world.bill(bob, ISSUED, DUE)
    world.choose(TUESDAY)
    with world.store.writing() as session:
        for letter in [*world.owed(bill).values()]:
            assert delivery.letter_returned(session, letter.id, "moved", LATER, OLGA) == "not_posted"
        assert delivery.letter_returned(session, 987654, "moved", LATER, OLGA) == "not_posted"
        assert suppressions_of(session, [bob]) == {}
        assert "moved" not in [each.kind for each in notices_of(session, [bob]).get(bob, [])]


def test_a_person_who_sends_it_there_again_says_that_the_address_is_right(world: World) -> None:
    georges = world.account()
    bill = posted(world, georges)
    returned(world, bill, "insufficient")
    with world.store.writing() as session:
        assert delivery.print_again(
            session, world.owed(bill)[PRINT].id, OLGA, "le gardien distribue", LATER + timedelta(hours=1)
        )
        assert suppressions_of(session, [georges]) == {}
    world.print(LATER + timedelta(hours=2), force=True)
    assert world.states(bill)["print-2", None] == "sent"
    assert state(world, georges) != "MOVED"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("unknown", "unknown"), ("Destinataire inconnu à l’adresse", "unknown"), ("NPAI", "unknown"),
        ("N'habite pas à l'adresse indiquée", "unknown"), ("n’habite plus à l’adresse", "moved"),
        ("Parti sans laisser d'adresse", "moved"), ("Défaut d'accès ou d'adressage", "insufficient"),
        ("adresse incomplète", "insufficient"), ("Pli refusé par le destinataire", "refused"),
        ("Pli avisé et non réclamé", "unclaimed"), ("décédé", "deceased"), ("", "other"), ("PND", "other"),
        ("mangé par le chien", None),
    ],
)  # fmt: skip
def test_reasons_are_read_as_the_post_writes_them(written: str, code: str | None) -> None:
    assert return_reason_of(written) == code
