"""Who an account is of after several statements, each believable alone: the truth table of decision 0056."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

import pytest
from sqlalchemy import select

from bill import Bill, Identifier, Party, PostalAddress, Totals
from bill.customer.customer_record import CustomerRecord, StatedAddress
from customers.apply_customer_records import RecordSource, SourcedRecord, apply_records
from customers.due_moves import follow_due_moves
from feeds.accounts.account_assignment import open_accounts
from feeds.accounts.account_question_resolution import AccountDecision, QuestionDecision, decide_question
from issuers.registry import add_issuer
from store import Store
from store.accounts.account_question import waiting_questions
from store.accounts.customer_account import CustomerAccount
from store.feeds.feed import receive_feed

LILAS: Final = PostalAddress(line1="12 rue des Lilas", postcode="44000", city="Nantes", country="FR")
FOSSE: Final = PostalAddress(line1="3 quai de la Fosse", postcode="44100", city="Nantes", country="FR")
BREST: Final = PostalAddress(line1="1 rue Neuve", postcode="29200", city="Brest", country="FR")
NOWHERE: Final = PostalAddress()


class Said(NamedTuple):
    """One statement: who, where, when; of a bill, unless it is a customer record's."""

    name: str
    address: PostalAddress
    on: date
    is_record: bool = False


def bill(name: str, address: PostalAddress, on: str) -> Said:
    return Said(name, address, date.fromisoformat(on))


def record(name: str, address: PostalAddress, on: str) -> Said:
    return Said(name, address, date.fromisoformat(on), is_record=True)


ALICE: Final = bill("Alice Martin", LILAS, "2026-01-05")


class Account:
    """The account 1001, of which statements come one after the other."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.writing() as session:
            add_issuer(session, "lumiere", "Lumière", at(ALICE.on))
            self.feed_id = receive_feed(session, 1, "0" * 64, 10, "mars.xml", "cli", at(ALICE.on))[0].id
        self.asked: list[bool] = []

    def hear(self, *statements: Said) -> list[bool]:
        """Which of these statements were of somebody else, and asked about."""
        for said in statements:
            before = self.provisional()
            self._take_record(said) if said.is_record else self._take_bill(said)
            self.asked.append(self.provisional() > before)
        return self.asked

    def provisional(self) -> int:
        with self.store.reading() as session:
            query = select(CustomerAccount.id).where(CustomerAccount.standing == "provisional")
            return len(session.scalars(query).all())

    def own(self) -> CustomerAccount:
        with self.store.reading() as session:
            return session.scalars(select(CustomerAccount).where(CustomerAccount.standing == "own")).one()

    def start_baseline(self) -> None:
        """A holder says that the account is theirs as it is."""
        with self.store.writing() as session:
            session.get_one(CustomerAccount, self.own().id).start_baseline()

    def decide(self, decision: AccountDecision) -> None:
        with self.store.writing() as session:
            [question] = waiting_questions(session)
            decide_question(session, question.id, QuestionDecision(decision, "anne", "she called", at(ALICE.on)))

    def _take_bill(self, said: Said) -> None:
        buyer = Party(name=said.name, address=said.address, identifiers=(Identifier(value="1001"),))
        totals = Totals(payable=Decimal("84.20"))
        each = Bill(
            number="L-1", issue_date=said.on, currency="EUR", totals=totals, seller=Party(name="L"), buyer=buyer
        )
        with self.store.writing() as session:
            open_accounts(session, 1, self.feed_id, {1: each}, None, lambda key: key, at(said.on))
            feed = receive_feed(session, 1, "0" * 64, 10, "mars.xml", "cli", at(said.on))[0]
            feed.state = "released"

    def _take_record(self, said: Said) -> None:
        names = {"names": (said.name,)} if said.name else {}
        stated = {} if said.address == NOWHERE else {"postal_address": StatedAddress(address=said.address)}
        each = CustomerRecord(number="1001", as_of=at(said.on), **names, **stated)
        source = RecordSource(1, None, UTC, at(said.on), "test")
        with self.store.writing() as session:
            apply_records(session, [SourcedRecord(1, each)], source, lambda key: key, at(said.on))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


#: What is said after Alice Martin's first bill, and whether the last of it is a question; none before it is.
TRUTH: Final[dict[str, tuple[Sequence[Said], bool]]] = {
    # two believable steps to somebody else, in either order, by bills, records or one of each
    "moves, then another name: bills": (
        [bill("Alice Martin", FOSSE, "2026-03-02"), bill("Bob Le Goff", FOSSE, "2026-05-04")], True),
    "moves, then another name: records": (
        [record("Alice Martin", FOSSE, "2026-03-02"), record("Bob Le Goff", FOSSE, "2026-05-04")], True),
    "a record moves, then a bill of another name": (
        [record("Alice Martin", FOSSE, "2026-03-02"), bill("Bob Le Goff", FOSSE, "2026-05-04")], True),
    "a bill moves, then a record of another name": (
        [bill("Alice Martin", FOSSE, "2026-03-02"), record("Bob Le Goff", FOSSE, "2026-05-04")], True),
    "a record of the address alone, then of another name": (
        [record("", FOSSE, "2026-03-02"), record("Bob Le Goff", FOSSE, "2026-05-04")], True),
    "another name, then moves: bills": (
        [bill("Bob Le Goff", LILAS, "2026-03-02"), bill("Bob Le Goff", FOSSE, "2026-05-04")], True),
    "another name, then a record of the address alone": (
        [bill("Bob Le Goff", LILAS, "2026-03-02"), record("", FOSSE, "2026-05-04")], True),
    "moves, then another name years later": (
        [bill("Alice Martin", FOSSE, "2026-03-02"), bill("Bob Le Goff", FOSSE, "2029-05-04")], True),
    "no name at all, then another person's": (
        [bill("", LILAS, "2026-03-02"), bill("Bob Le Goff", FOSSE, "2026-05-04")], True),
    "one more name, then that one elsewhere": (
        [bill("Alice Martin et Bob Le Goff", LILAS, "2026-03-02"), bill("Bob Le Goff", FOSSE, "2026-05-04")], True),
    "three steps": (
        [bill("Alice Martin", FOSSE, "2026-03-02"), bill("Alice Martin", BREST, "2026-05-04"),
         bill("Bob Le Goff", BREST, "2026-06-04")], True),
    "the family name stays, the given name does not": (
        [bill("Alice Martin", FOSSE, "2026-03-02"), bill("Paul Martin", FOSSE, "2028-05-04")], True),
    "moves and marries within the year": (
        [bill("Alice Martin", FOSSE, "2026-03-02"), bill("Alice Durand", FOSSE, "2026-05-04")], True),
    "marries and moves at once": ([bill("Alice Durand", FOSSE, "2026-03-02")], True),
    "an older bill of somebody else": (
        [bill("Alice Martin", FOSSE, "2026-05-04"), bill("Bob Le Goff", FOSSE, "2026-03-02")], True),
    # real life
    "moves": ([bill("Alice Martin", FOSSE, "2026-03-02")], False),
    "moves by a record of the address alone": ([record("", FOSSE, "2026-03-02")], False),
    "moves three times": (
        [bill("Alice Martin", FOSSE, "2026-03-02"), bill("Alice Martin", BREST, "2026-05-04"),
         record("Alice Martin", FOSSE, "2026-07-01")], False),
    "marries": ([bill("Alice Durand", LILAS, "2026-03-02")], False),
    "another name at the same address": ([bill("Bob Le Goff", LILAS, "2026-03-02")], False),
    "moves, and marries years later": (
        [bill("Alice Martin", FOSSE, "2026-03-02"), bill("Mme Alice DURAND", FOSSE, "2028-05-04")], False),
    "marries, and moves years later": (
        [record("Alice Durand", LILAS, "2026-03-02"), bill("Alice Durand", FOSSE, "2028-05-04")], False),
    "marries years after a move, and stays": (
        [bill("Alice Martin", FOSSE, "2026-03-02"), bill("Alice Durand", FOSSE, "2028-05-04"),
         bill("A. Durand", FOSSE, "2028-06-04")], False),
    "moves, and bears both names": (
        [bill("Alice Martin", FOSSE, "2026-03-02"), bill("Alice Martin-Durand", FOSSE, "2026-05-04")], False),
    "moves there and home, then marries": (
        [bill("Alice Martin", FOSSE, "2026-03-02"), bill("Alice Martin", LILAS, "2026-05-04"),
         bill("Alice Durand", LILAS, "2026-06-04")], False),
    "moves, then is written otherwise": (
        [bill("Alice Martin", FOSSE, "2026-03-02"), bill("Mme MARTIN Alice", FOSSE, "2026-05-04")], False),
}  # fmt: skip


@pytest.mark.parametrize("case", TRUTH)
def test_what_adds_up_to_another_person_is_asked(store: Store, case: str) -> None:
    statements, is_question = TRUTH[case]
    asked = Account(store).hear(ALICE, *statements)
    assert asked == [False] * len(statements) + [is_question]


MOVES: Final = bill("Alice Martin", FOSSE, "2026-03-02")
MARRIES: Final = bill("Alice Durand", FOSSE, "2026-05-04")


def test_what_a_holder_says_is_hers_is_the_new_baseline(store: Store) -> None:
    account = Account(store)
    account.hear(ALICE, MOVES)
    account.start_baseline()
    assert account.hear(MARRIES) == [False, False, False]


def test_the_question_names_both_and_the_account_stays_as_it_was(store: Store) -> None:
    account = Account(store)
    account.hear(ALICE, MOVES, record("", FOSSE, "2026-04-01"), bill("Bob Le Goff", FOSSE, "2026-05-04"))
    assert (account.own().holder, account.own().baseline_holder) == ("Alice Martin", "Alice Martin")
    with store.reading() as session:
        [question] = waiting_questions(session)
    assert (question.held_holder, question.address_of_held) == ("Alice Martin", LILAS)
    assert (question.other_holder, question.address_of_other) == ("Bob Le Goff", FOSSE)


def test_an_address_alone_that_asks_is_asked_about_by_the_name_it_has(store: Store) -> None:
    account = Account(store)
    account.hear(ALICE, bill("Bob Le Goff", LILAS, "2026-03-02"), record("", FOSSE, "2026-05-04"))
    with store.reading() as session:
        [question] = waiting_questions(session)
    assert (question.other_holder, question.address_of_other) == ("Bob Le Goff", FOSSE)


def test_one_person_by_decision_is_a_new_baseline(store: Store) -> None:
    account = Account(store)
    account.hear(ALICE, MOVES, MARRIES)
    account.decide("same")
    assert (account.own().holder, account.own().baseline_holder) == ("Alice Durand", None)
    assert account.hear(bill("Alice Durand", BREST, "2026-06-04"))[-1] is False


def test_a_move_that_was_announced_does_not_follow_under_another_name(store: Store) -> None:
    """The address was to change in April; in March the bills began to name somebody else."""
    account = Account(store)
    account.hear(ALICE)
    stated = StatedAddress(address=FOSSE, valid_from=date(2026, 4, 1))
    each = CustomerRecord(number="1001", as_of=at(date(2026, 2, 1)), names=("Alice Martin",), postal_address=stated)
    with store.writing() as session:
        source = RecordSource(1, None, UTC, at(date(2026, 2, 1)), "test")
        apply_records(session, [SourcedRecord(1, each)], source, lambda key: key, at(date(2026, 2, 1)))
    account.hear(bill("Bob Le Goff", LILAS, "2026-03-02"))
    with store.writing() as session:
        follow_due_moves(session, 1, [account.own().id], at(date(2026, 4, 1)), UTC)
    assert account.own().postal_address == LILAS
    assert account.hear(bill("Bob Le Goff", FOSSE, "2026-04-06"))[-1] is True


def test_the_finding_says_whose_the_account_was(store: Store) -> None:
    account = Account(store)
    account.hear(ALICE, MOVES)
    with store.writing() as session:
        said = CustomerRecord(
            number="1001",
            as_of=at(date(2026, 5, 4)),
            names=("Bob Le Goff",),
            postal_address=StatedAddress(address=FOSSE),
        )
        source = RecordSource(1, None, UTC, at(date(2026, 5, 4)), "test")
        [applied] = apply_records(session, [SourcedRecord(1, said)], source, lambda key: key, at(date(2026, 5, 4)))
    assert [finding.rule for finding in applied.findings] == ["ACCOUNT-QUESTION"]
    assert "was of 'Alice Martin', 12 rue des Lilas, 44000 Nantes, before it changed" in applied.findings[0].message
