"""What ends a one-bill link: time, and whatever makes it doubtful that its reader is still the right one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from bill.customer.known_customer import KnownCustomer, pack_known
from consumers.account_claim import Claimed, claim_account
from consumers.admit_device import MOST_DEVICES, admit_device, has_room, is_admitted
from consumers.holder_suspension import suspend_holder
from consumers.leave_account import leave_account
from consumers.one_bill_access import LinkedBill, linked_bill
from delivery.feedback.returned_mail import letter_returned
from delivery.feedback.views_bounces_returns import mail_bounced
from store import Store
from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.bereavement_decision import BereavementDecision, BereavementVerdict, pack_bereavement
from store.accounts.consent import Consent
from store.accounts.consumer import Consumer, Enrolment, enrol
from store.accounts.customer_account import CustomerAccount
from store.accounts.phone import Phone
from store.bills.bill import BillRow
from store.customers.customer_reference import CustomerReference
from tests.conftest import Clock
from tests.portal.consumers.one_bill.one_bill_links import LinkTown
from tests.portal.sample_town import World


class Links(LinkTown):
    """A letter to Alice's household, a mail and an SMS to Bruno, who holds the account of LUM-3."""

    def __init__(self, store: Store, world: World) -> None:
        super().__init__(store, world)
        self.bruno = world.consumer("Bruno Leroy", holds={self.lumiere: "C-3003"})
        with store.writing() as session:  # he came long before
            session.execute(update(Enrolment).values(enrolled_at=world.now - timedelta(days=90)))
            session.add(
                Phone(
                    consumer_id=self.bruno.id, number="+33612345678", nonce="", code_until=world.now,
                    confirmed_at=world.now - timedelta(days=9),
                )
            )  # fmt: skip
        self.tokens = {"paper": self.letter(), "email": self.mail("LUM-3", self.bruno)}
        self.tokens["sms"] = self.message("LUM-3", self.bruno, "sms")

    def opens(self, channel: str, days: float = 0) -> LinkedBill | None:
        with self.store.reading() as session:
            later = self.world.now + timedelta(days=days)
            return linked_bill(session, self.store.keys, self.tokens[channel], later)

    def open_ones(self) -> list[str]:
        return [channel for channel in self.tokens if self.opens(channel)]

    def delivery_id(self, channel: str) -> int:
        found = self.opens(channel)
        assert found is not None
        return found.delivery.id

    def account(self, number: str) -> int:
        return self.world.account_id(self.lumiere, number)


@pytest.fixture
def links(store: Store, world: World) -> Links:
    return Links(store, world)


@pytest.fixture
def world(store: Store, clock: Clock) -> World:
    return World(store, clock())


ALL = ["paper", "email", "sms"]


def test_each_opens_the_bill_that_it_was_made_for(links: Links) -> None:
    assert links.open_ones() == ALL
    assert [links.opens(each).bill.number for each in ALL] == ["LUM-1", "LUM-3", "LUM-3"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("due_in", "closes"), [(10, 60), (45, 45 - 2 + 30 + 1), (400, 180), (None, 60)]
)  # the letter went yesterday, of a bill of the day before
def test_it_closes_after_the_last_day_to_pay(links: Links, due_in: int | None, closes: int) -> None:
    with links.store.writing() as session:
        day = None if due_in is None else links.world.today - timedelta(days=2) + timedelta(days=due_in)
        session.execute(
            update(BillRow).where(BillRow.id == links.bills["LUM-1"].id).values(due_date=day, last_due_date=day)
        )
    open_for = [days for days in range(200) if links.opens("paper", days)]
    assert open_for == list(range(len(open_for)))
    assert abs(len(open_for) - closes) <= 1


def claimed_by_somebody(links: Links) -> None:
    with links.store.writing() as session:
        bob = Consumer(
            email="bob@exemple.fr", name="Bob", password_hash="", signed_up_at=links.world.now, language="fr",
        )  # fmt: skip
        session.add(bob)
        session.flush()
        taken = claim_account(session, bob, links.lumiere, "C-1001", links.code(), links.world.now)
        assert isinstance(taken, Claimed)


def joined_by_somebody(links: Links) -> None:
    with links.store.writing() as session:
        bob = Consumer(
            email="bob@exemple.fr", name="Bob", password_hash="", signed_up_at=links.world.now, language="fr",
        )  # fmt: skip
        session.add(bob)
        session.flush()
        enrol(session, bob.id, links.account("C-3003"), links.world.now)


def suspended(links: Links) -> None:
    joined_by_somebody(links)
    with links.store.writing() as session:
        account = session.get_one(CustomerAccount, links.account("C-3003"))
        session.execute(
            update(Enrolment)
            .where(Enrolment.consumer_id != links.bruno.id)
            .values(enrolled_at=links.world.now - timedelta(days=80))
        )
        later = session.query(Enrolment).where(Enrolment.consumer_id != links.bruno.id).one().consumer_id
        bruno = session.get_one(Consumer, links.bruno.id)
        assert suspend_holder(session, account, bruno, later, links.world.now)


def left(links: Links) -> None:
    with links.store.writing() as session:
        account = session.get_one(CustomerAccount, links.account("C-3003"))
        leave_account(session, account, session.get_one(Consumer, links.bruno.id), links.world.now)


def objected(links: Links) -> None:
    with links.store.writing() as session:
        append_notice(session, NewNotice(account_id=links.account("C-3003"), kind="objected", at=links.world.now))


def withdrawn(links: Links) -> None:
    with links.store.writing() as session:
        session.add(
            Consent(
                account_id=links.account("C-3003"), consumer_id=links.bruno.id, act="paper", at=links.world.now,
                wording="paper-1", by=f"consumer {links.bruno.id}",
            )
        )  # fmt: skip


def bounced(links: Links) -> None:
    with links.store.writing() as session:
        assert mail_bounced(session, links.delivery_id("email"), "550 no such user", links.world.now)


def returned(links: Links) -> None:
    number = links.delivery_id("paper")
    with links.store.writing() as session:
        assert letter_returned(session, number, "unknown", links.world.now, "Mina") == "recorded"


def cancelled(links: Links) -> None:
    links.change("LUM-3", "email", state="cancelled")


def phone_given_up(links: Links) -> None:
    with links.store.writing() as session:
        session.execute(update(Phone).values(number="+33799999999", confirmed_at=links.world.now))


def recalled(links: Links) -> None:
    with links.store.writing() as session:
        session.execute(update(BillRow).where(BillRow.number == "LUM-1").values(state="recalled"))


def erased(links: Links) -> None:
    with links.store.writing() as session:
        session.execute(update(BillRow).where(BillRow.number == "LUM-3").values(state="erased"))


def passed_on(links: Links) -> None:
    with links.store.writing() as session:
        session.get_one(CustomerAccount, links.account("C-1001")).standing = "former"


def died(links: Links) -> None:
    with links.store.writing() as session:
        said = CustomerReference(
            account_id=links.account("C-1001"), issuer_id=links.lumiere, content=pack_known(KnownCustomer()),
            as_of=links.world.now, died_on=links.world.today,
        )  # fmt: skip
        session.add(said)


def decide(links: Links, verdict: BereavementVerdict) -> None:
    died(links)
    decided = BereavementDecision(verdict=verdict, by="Mina", reason="Alice a appelé")
    with links.store.writing() as session:
        session.get_one(CustomerAccount, links.account("C-1001")).bereavement = pack_bereavement(decided)


def held_after_death(links: Links) -> None:
    decide(links, "held")


def wrongly_died(links: Links) -> None:
    decide(links, "alive")


def another_mail_bounced(links: Links) -> None:
    with links.store.writing() as session:
        session.execute(update(Consumer).values(mail_failed_at=links.world.now))


@pytest.mark.parametrize(
    ("what", "left_open"),
    [
        (claimed_by_somebody, ["email", "sms"]), (joined_by_somebody, ["paper"]), (suspended, ["paper"]),
        (left, ["paper"]), (objected, ["paper"]), (withdrawn, ["paper"]), (bounced, ["paper", "sms"]),
        (returned, ["email", "sms"]), (cancelled, ["paper", "sms"]), (phone_given_up, ["paper", "email"]),
        (recalled, ["email", "sms"]), (erased, ["paper"]), (passed_on, ["email", "sms"]), (died, ["email", "sms"]),
        (held_after_death, ["email", "sms"]), (wrongly_died, ALL), (another_mail_bounced, ["paper", "sms"]),
    ],
)  # fmt: skip
def test_what_ends_it(links: Links, what: Callable[[Links], None], left_open: list[str]) -> None:
    what(links)
    assert links.open_ones() == left_open


def test_a_letter_after_the_claim_opens_its_bill(links: Links) -> None:
    """The account is claimed, and paper goes on: the next letter opens its own bill, for who has it in hand."""
    claimed_by_somebody(links)
    links.change("LUM-1", "paper", sent_at=links.world.now + timedelta(days=30))
    assert links.opens("paper", 31)


def test_devices_are_admitted_up_to_a_number(links: Links) -> None:
    linked = links.opens("paper")
    assert linked is not None
    for n in range(MOST_DEVICES):
        with links.store.writing() as session:
            assert has_room(session, linked)
            assert admit_device(session, linked, f"secret {n}", links.world.now)
    with links.store.writing() as session:
        assert not has_room(session, linked)
        assert not admit_device(session, linked, "one more", links.world.now)
        assert [is_admitted(session, linked, each) for each in ("secret 0", "secret 4", "one more", "")] == [
            True, True, False, False,
        ]  # fmt: skip
