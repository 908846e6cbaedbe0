"""Alice disputes the amount of her bill: reminders wait for Lumière's answer where its policy says so, and afterwards
go on one a day. Her bill stays due, and its letter leaves as planned."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from consumers.enquiries.ask_about_bill import ask_about_bill, settle_enquiry
from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.choice_inputs import VERSION, ChoiceInputs, pack_inputs, unpack_inputs
from delivery.choosing.choose_channel import choose, inputs_of
from delivery.reminders.disputed_bills import reminders_wait_until
from issuers.profile import Policy
from store import Store
from store.bills.bill import BillRow
from store.bills.bill_enquiry import Enquiry
from store.delivery import Delivery
from tests.delivery.sample_bills import World
from tests.portal.conftest import Mailbox

TUESDAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 2), date(2026, 5, 30)
GOES_ON = "[policy]\ndispute_stops_reminders = false"


class Bill:
    """Alice's bill, announced on Tuesday, with two reminders that are due a week later."""

    def __init__(self, store: Store, outbox: Path, profile: str = "") -> None:
        self.store, self.world, self.mails = store, World(store, outbox), Mailbox()
        self.world.profile(profile)
        self.alice = self.world.consumer("alice")
        self.id = self.world.bill(self.world.account(self.alice, paperless=True), ISSUED, DUE)
        self.world.choose(TUESDAY)
        self.world.send(self.mails, TUESDAY)
        self.mails.mails.clear()
        with store.writing() as session:
            [reminder] = session.scalars(select(Delivery).where(Delivery.purpose.like("remind-%")))
            reminder.due_at = TUESDAY + timedelta(days=7)
            values = {c.name: getattr(reminder, c.name) for c in Delivery.__table__.columns if c.name != "id"}
            session.add(Delivery(**values | {"purpose": "remind-9"}))

    def disputes(self, now: datetime = TUESDAY + timedelta(days=1)) -> None:
        with self.store.writing() as session:
            bill = session.get_one(BillRow, self.id)
            ask_about_bill(session, bill, self.alice, "amount", "Trop cher", f"{now}", now, disputes=True)

    def is_answered(self, now: datetime) -> None:
        with self.store.writing() as session:
            settle_enquiry(session, session.scalars(select(Enquiry.id).where(Enquiry.state == "open")).one(), now)

    def sent(self, days: float) -> int:
        """How many reminders go so many days after Tuesday, whoever is killed and begins again."""
        self.mails.mails.clear()
        for _ in range(2):
            self.world.send(self.mails, TUESDAY + timedelta(days=days))
        return len(self.mails.mails)

    @property
    def letter(self) -> Delivery:
        with self.store.reading() as session:
            return session.scalars(select(Delivery).where(Delivery.channel == "paper")).one()


def test_reminders_wait_for_the_answer_and_go_on_one_a_day(store: Store, tmp_path: Path) -> None:
    bill = Bill(store, tmp_path)
    letter = bill.letter.due_at
    bill.disputes()
    assert [bill.sent(days) for days in (7, 8, 9)] == [0, 0, 0]
    assert (bill.letter.state, bill.letter.due_at) == ("waiting", letter)
    bill.is_answered(TUESDAY + timedelta(days=9, hours=1))
    assert [bill.sent(days) for days in (10, 10.5, 11, 11.1, 12)] == [1, 0, 1, 0, 0]


def test_where_the_policy_says_so_reminders_go_on(store: Store, tmp_path: Path) -> None:
    bill = Bill(store, tmp_path, GOES_ON)
    bill.disputes()
    assert [bill.sent(days) for days in (7, 7.5, 8)] == [1, 0, 1], "never two at once of a disputed bill"


def test_they_wait_no_longer_than_the_policy_says(store: Store, tmp_path: Path) -> None:
    bill = Bill(store, tmp_path, "[policy]\ndispute_days = 10")
    bill.disputes()
    assert [bill.sent(days) for days in (10.9, 11, 12)] == [0, 1, 1]


def test_a_second_dispute_makes_them_wait_no_longer(store: Store, tmp_path: Path) -> None:
    bill = Bill(store, tmp_path, "[policy]\ndispute_days = 10")
    bill.disputes()
    bill.is_answered(TUESDAY + timedelta(days=5))
    bill.disputes(TUESDAY + timedelta(days=6))
    assert [bill.sent(days) for days in (10.9, 11, 12)] == [0, 1, 1]


def test_without_a_dispute_nothing_waits(store: Store, tmp_path: Path) -> None:
    assert Bill(store, tmp_path).sent(7) == 2


def test_the_choice_says_until_when_they_wait_by_any_policy(store: Store, tmp_path: Path) -> None:
    bill = Bill(store, tmp_path)
    bill.disputes(TUESDAY)
    with store.reading() as session:
        [(_, inputs)] = inputs_of(session, [session.get_one(BillRow, bill.id)], TUESDAY, Calendar())
    kept = unpack_inputs(pack_inputs(inputs), VERSION)
    assert kept.disputed_at == TUESDAY
    assert choose(kept).reminders_wait_until == TUESDAY + timedelta(days=60)
    assert choose(kept, Policy(dispute_stops_reminders=False)).reminders_wait_until is None
    assert [each.purpose for each in choose(kept).deliveries] == [
        each.purpose for each in choose(kept, Policy(dispute_stops_reminders=False)).deliveries
    ]


def test_inputs_that_were_kept_before_are_still_read() -> None:
    assert ChoiceInputs.__struct_fields__[-1] == "disputed_at"
    assert ChoiceInputs.__struct_defaults__[-1] is None


@pytest.mark.parametrize(("days", "until"), [(0, None), (30, TUESDAY + timedelta(days=30))])
def test_how_long_they_wait(days: int, until: datetime | None) -> None:
    assert reminders_wait_until(Policy(dispute_days=days), TUESDAY) == until
