"""Two feeds of one issuer at once, two people who decide at once: one account, one question, one decision."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from audit.run_all_checks import check
from bill import Bill, Identifier, Party, PostalAddress, Totals
from delivery.decide_account_question import decide_account
from feeds.accounts.account_question_resolution import ACCOUNT_DECISIONS, QuestionDecision
from feeds.release import ReleaseTerms, cut_into_chunks, release_items
from feeds.stage_items import Staged, stage_items
from store import Store
from store.accounts.account_question import AccountQuestion, waiting_questions
from store.accounts.customer_account import CustomerAccount
from store.base import insert_new
from store.bills.bill import BillRow
from store.bills.bill_lookup import bills_of_chunk
from store.db.event import events_of
from store.feeds.feed import Feed, receive_feed
from store.issuer import Issuer

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
SHAS = count()
HOMES = {"Alice Martin": ("4 rue des Lilas", "44000", "Nantes"), "Bruno Leroy": ("17 quai Haut", "69002", "Lyon")}


@pytest.fixture
def issuer(store: Store) -> int:
    with store.writing() as session:
        insert_new(
            session, Issuer, [{"slug": "l", "name": "L", "profile": "", "added_at": NOW, "changed_at": NOW}]
        )  # fmt: skip
    return 1


def bill(number: str, account: str, name: str) -> Bill:
    street, postcode, city = HOMES[name]
    home = PostalAddress(line1=street, postcode=postcode, city=city, country="FR")
    return Bill(
        number=number, issue_date=date(2026, 3, 2), currency="EUR", totals=Totals(payable=Decimal("84.20")),
        seller=Party(name="L"), buyer=Party(name=name, address=home, identifiers=(Identifier(value=account),)),
    )  # fmt: skip


def staged(store: Store, bills: list[Bill]) -> int:
    sha = f"{next(SHAS):064}"
    with store.writing() as session:
        feed, _ = receive_feed(session, 1, sha, 10, "mars.xml", "cli", NOW)
        feed.entries, feed.read_at, feed.state = len(bills), NOW, "reading"
        entries = [Staged(n, "", f"{sha[32:]}{n:032}", each.number, each, []) for n, each in enumerate(bills, 1)]
        stage_items(session, feed.id, entries)
        return feed.id


def release(store: Store, feed_id: int) -> None:
    with store.writing() as session:
        feed = session.get_one(Feed, feed_id)
        release_items(session, store.encryptor, feed, 1, feed.entries, ReleaseTerms(), NOW)
        feed.state, feed.released_at = "released", NOW
        cut_into_chunks(session, feed)


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each returned, or raised; all begin at once."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n: int) -> None:
        start.wait()
        try:
            answers[n] = acts[n]()
        except Exception as error:
            answers[n] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def sizes(store: Store) -> tuple[int, int, int]:
    """Accounts, questions, bills."""
    with store.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(each)) for each in (CustomerAccount, AccountQuestion)]
        return counts[0] or 0, counts[1] or 0, session.scalar(select(func.count()).select_from(BillRow)) or 0


def test_two_feeds_open_one_account_of_a_number(store: Store, issuer: int) -> None:
    spellings = ["CL 1001", "cl-1001", "CL1001", "cl.1001"]
    feeds = [staged(store, [bill(f"{n}-{text}", text, "Alice Martin")]) for n, text in enumerate(spellings)]
    assert together(*(lambda feed=feed: release(store, feed) for feed in feeds)) == [None] * 4  # type: ignore[misc]
    assert sizes(store) == (1, 0, 4)


def test_two_feeds_ask_once(store: Store, issuer: int) -> None:
    release(store, staged(store, [bill("A-1", "1001", "Alice Martin")]))
    feeds = [staged(store, [bill(f"B-{n}", "1001", "Bruno Leroy")]) for n in range(4)]
    assert together(*(lambda feed=feed: release(store, feed) for feed in feeds)) == [None] * 4  # type: ignore[misc]
    assert sizes(store) == (2, 1, 5)


def test_the_same_bill_twice_at_once_asks_once(store: Store, issuer: int) -> None:
    release(store, staged(store, [bill("A-1", "1001", "Alice Martin")]))
    feeds = [staged(store, [bill("B-1", "1001", name)]) for name in ("Bruno Leroy", "Alice Martin")]
    assert together(*(lambda feed=feed: release(store, feed) for feed in feeds)) == [None] * 2  # type: ignore[misc]
    with store.reading() as session:
        born = session.scalars(select(BillRow).where(BillRow.number == "B-1")).one()
        holders = {each.id: each.holder for each in session.scalars(select(CustomerAccount))}
        assert holders[born.account_id] == born.buyer_name
        # what became a conflict says nothing of any account
        assert len(waiting_questions(session)) == (born.buyer_name == "Bruno Leroy")


def test_of_three_who_decide_at_once_one_was_first(store: Store, issuer: int) -> None:
    release(store, staged(store, [bill("A-1", "1001", "Alice Martin")]))
    release(store, staged(store, [bill("B-1", "1001", "Bruno Leroy")]))

    def decide(decision: Any) -> str:
        with store.writing() as session:
            return decide_account(session, 1, QuestionDecision(decision, f"{decision}@l.example", "vu", NOW))

    answers = together(*(lambda word=word: decide(word) for word in ACCOUNT_DECISIONS))  # type: ignore[misc]
    assert sorted(answers) == ["done", "late", "late"]
    with store.reading() as session:
        question = session.get_one(AccountQuestion, 1)
        assert question.state == ACCOUNT_DECISIONS[answers.index("done")]
        assert [event.what for event in events_of(session, "account_question", 1)] == [question.state]
    broken = {name for name, rows in check(store).invariants.items() if rows}
    assert not broken & {"account_questions_of_nothing", "provisional_accounts_unasked", "bills_of_joined_accounts"}


def test_a_bill_that_comes_while_the_number_passes_on(store: Store, issuer: int) -> None:
    release(store, staged(store, [bill("A-1", "1001", "Alice Martin")]))
    release(store, staged(store, [bill("B-1", "1001", "Bruno Leroy")]))
    late = staged(store, [bill("B-2", "1001", "Bruno Leroy"), bill("A-2", "1001", "Alice Martin")])

    def decide() -> str:
        with store.writing() as session:
            return decide_account(session, 1, QuestionDecision("new_holder", "lea@l.example", "vu", NOW))

    assert together(decide, lambda: release(store, late)) == ["done", None]
    with store.reading() as session:
        of = dict(session.execute(select(BillRow.number, BillRow.account_id)).tuples().all())
        assert of["A-1"] == of["A-2"] != of["B-1"] == of["B-2"]
        standings = {each.id: each.standing for each in session.scalars(select(CustomerAccount))}
        assert (standings[of["A-1"]], standings[of["B-1"]]) == ("former", "own")


def test_accounts_are_not_joined_while_their_bills_are_chosen(store: Store, issuer: int) -> None:
    """Whoever is chosen for is who holds the account: the decision waits until the choice is written down."""
    release(store, staged(store, [bill("A-1", "1001", "Alice Martin")]))
    release(store, staged(store, [bill("B-1", "1001", "Bruno Leroy")]))
    decided = threading.Event()

    def decide() -> None:
        with store.writing() as session:
            decide_account(session, 1, QuestionDecision("same", "lea@l.example", "vu", NOW))
        decided.set()

    deciding = threading.Thread(target=decide)
    with store.writing() as session:
        [row] = bills_of_chunk(session, 2, 1, 1, "released", locked=True)
        deciding.start()
        assert not decided.wait(1)
        assert session.get_one(CustomerAccount, row.account_id).standing == "provisional"
    deciding.join(timeout=60)
    assert decided.is_set()
