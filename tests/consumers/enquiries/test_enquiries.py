"""Alice asks Lumière about her bill, and Claire answers: each change is one update and one event."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import select

from consumers.enquiries.answer_enquiry import answer_enquiry, close_enquiry
from consumers.enquiries.ask_about_bill import MOST_OPEN, ask_about_bill, settle_enquiry, write_again
from consumers.leave_account import leave_account
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_enquiry import (
    LONGEST_WORDS,
    Enquiry,
    count_enquiries,
    disputes_of_bills,
    enquiries_in_line,
    enquiry_by_form,
    entries_of,
    oldest_enquiry_since,
    see_answer,
    unread_answers,
)
from store.db.event import events_of
from store.outbox.outbox_event import OutboxEvent
from store.staff_member import Staff
from tests.portal.sample_town import World, a_bill

NOW = datetime(2026, 11, 5, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)


class Lumiere(NamedTuple):
    """Alice's bill, and Claire and Denis, who work for its issuer."""

    store: Store
    bill: BillRow
    alice: Consumer
    claire: Staff
    denis: Staff

    def asks(self, words: str = "Pourquoi 84 € ?", once: str = "a", *, disputes: bool = False) -> str:
        with self.store.writing() as session:
            return ask_about_bill(
                session, self.bill, self.alice.id, "amount", words, once, NOW, disputes=disputes
            ).sent  # fmt: skip

    def answers(self, who: Staff, read: int = 1, once: str = "r", name: str = "Claire") -> str:
        with self.store.writing() as session:
            return answer_enquiry(session, self.thread.id, who, name, "L’hiver.", read, once, LATER)

    def writes_again(self, once: str = "b") -> str:
        with self.store.writing() as session:
            return write_again(session, self.thread.id, "Et l’été ?", once, LATER + timedelta(days=1)).sent

    @property
    def thread(self) -> Enquiry:
        with self.store.reading() as session:
            return session.scalars(select(Enquiry)).one()

    @property
    def said(self) -> list[tuple[str, str]]:
        with self.store.reading() as session:
            return [(each.name, each.words) for each in entries_of(session, [self.thread.id])[self.thread.id]]

    @property
    def told(self) -> list[str]:
        with self.store.reading() as session:
            return list(session.scalars(select(OutboxEvent.type).order_by(OutboxEvent.id)))

    @property
    def history(self) -> list[tuple[str, str]]:
        with self.store.reading() as session:
            return [(each.what, each.by) for each in events_of(session, "enquiry", self.thread.id)]


@pytest.fixture
def lumiere(store: Store) -> Lumiere:
    world = World(store, NOW)
    issuer = world.issuer("lumiere", "Lumière")
    bill = world.drop(issuer, [a_bill("L-1", "C-1", date(2026, 11, 2))])["L-1"]
    alice = world.consumer("Alice Martin", holds={issuer: "C-1"})
    with store.writing() as session:
        staff = [Staff(email=f"{name}@lumiere.example", issuer_id=issuer, added_at=NOW) for name in ("claire", "denis")]
        session.add_all(staff)
    return Lumiere(store, bill, alice, *staff)


def test_she_asks_and_claire_answers(lumiere: Lumiere) -> None:
    assert lumiere.asks() == "sent"
    with lumiere.store.reading() as session:
        assert (count_enquiries(session), oldest_enquiry_since(session)) == (1, NOW)
    assert lumiere.answers(lumiere.claire) == "answered"
    with lumiere.store.reading() as session:
        assert (count_enquiries(session), oldest_enquiry_since(session)) == (0, None)
        assert [each.id for each in unread_answers(session, lumiere.alice.id)] == [lumiere.thread.id]
        assert session.get_one(Staff, lumiere.claire.id).name == "Claire"
    assert lumiere.said == [("", "Pourquoi 84 € ?"), ("Claire", "L’hiver.")]
    assert lumiere.told == ["bill.question_asked", "bill.question_answered"]
    with lumiere.store.writing() as session:
        see_answer(session, lumiere.thread.id, LATER)
        assert unread_answers(session, lumiere.alice.id) == []
    assert lumiere.writes_again() == "sent"
    assert lumiere.thread.waiting_since == LATER + timedelta(days=1)
    assert lumiere.history == [
        ("open", f"consumer {lumiere.alice.id}"),
        ("answered", "claire@lumiere.example"),
        ("open", f"consumer {lumiere.alice.id}"),
    ]


def test_a_double_click_makes_one(lumiere: Lumiere) -> None:
    assert [lumiere.asks(), lumiere.asks()] == ["sent", "again"]
    assert [lumiere.writes_again(), lumiere.writes_again()] == ["sent", "again"]
    assert [lumiere.answers(lumiere.claire, 2), lumiere.answers(lumiere.claire, 2)] == ["answered", "again"]
    assert len(lumiere.said) == 3
    assert len(lumiere.told) == 3


def test_one_form_sent_at_once_for_two_bills_asks_once(lumiere: Lumiere, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other request commits between the look for the form and the question of this one."""
    lumiere.asks()
    looks = iter([lambda *_: None, enquiry_by_form])
    monkeypatch.setattr("consumers.enquiries.ask_about_bill.enquiry_by_form", lambda *given: next(looks)(*given))
    assert lumiere.asks() == "again"
    assert lumiere.said == [("", "Pourquoi 84 € ?")]
    assert lumiere.told == ["bill.question_asked"]


def test_of_two_who_answer_at_once_the_second_is_told(lumiere: Lumiere) -> None:
    lumiere.asks()
    assert lumiere.answers(lumiere.claire, once="c") == "answered"
    assert lumiere.answers(lumiere.denis, once="d", name="Denis") == "late"
    assert lumiere.answers(lumiere.denis, read=2, once="d", name="Denis") == "answered"
    assert [name for name, _ in lumiere.said] == ["", "Claire", "Denis"]


def test_an_answer_to_less_than_she_wrote_is_not_sent(lumiere: Lumiere) -> None:
    lumiere.asks()
    lumiere.writes_again()
    assert lumiere.answers(lumiere.claire, read=1) == "late"


@pytest.mark.parametrize(("words", "sent"), [("", "empty"), (" \n ", "empty"), ("x" * (LONGEST_WORDS + 1), "long")])
def test_words_have_a_length(lumiere: Lumiere, words: str, sent: str) -> None:
    assert lumiere.asks(words) == sent
    with lumiere.store.reading() as session:
        assert session.scalar(select(Enquiry.id)) is None


def test_few_are_open_about_one_bill(lumiere: Lumiere) -> None:
    assert [lumiere.asks(once=str(n)) for n in range(MOST_OPEN + 1)] == ["sent"] * MOST_OPEN + ["many"]


def test_nobody_answers_without_a_name(lumiere: Lumiere) -> None:
    lumiere.asks()
    assert lumiere.answers(lumiere.claire, name="") == "nameless"


def test_a_dispute_lasts_until_the_answer(lumiere: Lumiere) -> None:
    lumiere.asks(disputes=True)
    with lumiere.store.reading() as session:
        assert disputes_of_bills(session, [lumiere.bill.id]) == {lumiere.bill.id: NOW}
    lumiere.answers(lumiere.claire)
    with lumiere.store.reading() as session:
        assert disputes_of_bills(session, [lumiere.bill.id]) == {}
    lumiere.writes_again()
    with lumiere.store.reading() as session:
        assert disputes_of_bills(session, [lumiere.bill.id]) == {lumiere.bill.id: NOW}


def test_it_is_closed_by_either_once(lumiere: Lumiere) -> None:
    lumiere.asks()
    with lumiere.store.writing() as session:
        assert close_enquiry(session, lumiere.thread.id, "claire@lumiere.example", LATER)
        assert not settle_enquiry(session, lumiere.thread.id, LATER)
    assert lumiere.answers(lumiere.claire) == "late"
    lumiere.writes_again()
    with lumiere.store.writing() as session:
        assert settle_enquiry(session, lumiere.thread.id, LATER)
    assert lumiere.told[1:] == ["bill.question_closed", "bill.question_asked", "bill.question_closed"]


def test_leaving_the_account_closes_it(lumiere: Lumiere) -> None:
    lumiere.asks()
    with lumiere.store.writing() as session:
        account = session.get_one(CustomerAccount, lumiere.bill.account_id)
        assert leave_account(session, account, lumiere.alice, LATER)
    assert lumiere.thread.state == "closed"
    assert lumiere.history[-1] == ("closed", f"consumer {lumiere.alice.id}")


def test_those_that_wait_longest_come_first(lumiere: Lumiere) -> None:
    for n in range(3):
        with lumiere.store.writing() as session:
            at = NOW - timedelta(days=n)
            ask_about_bill(session, lumiere.bill, lumiere.alice.id, "other", "Bonjour", str(n), at)
    with lumiere.store.reading() as session:
        first = enquiries_in_line(session, "open", lumiere.bill.issuer_id, limit=2)
        rest = enquiries_in_line(session, "open", None, first[-1].id, subject="other")
        assert [each.once for each in (*first, *rest)] == ["2", "1", "0"]
        assert enquiries_in_line(session, "open", lumiere.bill.issuer_id + 1) == []
        assert enquiries_in_line(session, "open", None, subject="meter") == []
