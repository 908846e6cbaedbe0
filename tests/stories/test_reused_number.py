"""The reused number: Bruno's bill comes under Alice's account number, with another name and another address.

Alice's bills are in her space, and she wants no paper. Bruno's goes to Bruno's letter box, with a code that opens his
bills alone; Alice hears nothing of it. Then somebody at Lumière says whose the number is.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from audit.run_all_checks import check
from bill import Reason
from config import Config
from consumers.account_claim import Claimed, ClaimRefused, claim_account
from consumers.claim_code import letter_code
from consumers.holder_suspension import settle_dispute, suspend_holder
from consumers.paperless_consent import go_paperless
from delivery.channels.email.smtp.dev_inbox import list_mails, open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.decide_account_question import decide_account
from doors.feed_drop import drop_feed
from feeds.accounts.account_question_resolution import AccountAnswer, AccountDecision, QuestionDecision
from feeds.feed_report import feed_report
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.account_question import AccountQuestion, waiting_questions
from store.accounts.consumer import Consumer, enrol, holders_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.holder_dispute import open_disputes
from store.accounts.joint_holder_notice import unseen_notices
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.bills.bills_of_consumer import bills_of_consumer
from store.bills.earlier_bills import frozen_history
from store.db.event import events_of
from store.delivery import Delivery, deliveries_of
from store.feeds.feed import Feed
from store.issuer import Issuer
from tests.sample_feeds import batch, ubl

FOUND: Final = Path(__file__).parent.parent / "account_numbers"
JANUARY = datetime(2026, 1, 12, 9, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 3, 9, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 2, 9, tzinfo=UTC)
ALICE = ("Alice Martin", "4 rue des Lilas", "44000", "Nantes")
BRUNO = ("Bruno Leroy", "17 quai de la Fosse", "69002", "Lyon")
CHARLIE = ("Charlie Moreau", "8 place du Marché", "35000", "Rennes")


class World:
    """Lumière, its pipeline, and who signs in."""

    def __init__(self, store: Store, config: Config, post: SmtpClient) -> None:
        self.store, self.config = store, config
        self.pipeline = Pipeline(store, config, post)
        with store.writing() as session:
            add_issuer(session, "lumiere", "Lumiere", JANUARY)

    def drop(self, content: bytes, name: str, now: datetime) -> int:
        with self.store.reading() as session:
            issuer = session.get_one(Issuer, 1)
        feed_id = drop_feed(self.store, issuer, BytesIO(content), name, "cli", now).feed_id
        self.pipeline.work_until_idle(now)
        return feed_id

    def found(self, name: str, now: datetime) -> int:
        return self.drop((FOUND / name).read_bytes(), name, now)

    def bill(self, number: str) -> BillRow:
        with self.store.reading() as session:
            row = bill_by_number(session, 1, number)
            assert row is not None, number
            return row

    def account_of(self, number: str) -> CustomerAccount:
        with self.store.reading() as session:
            return session.get_one(CustomerAccount, self.bill(number).account_id)

    def code_of(self, number: str) -> str:
        bill = self.bill(number)
        with self.store.reading() as session:
            query = select(Delivery).where(Delivery.bill_id == bill.id, Delivery.channel == "paper")
            return letter_code(self.store.keys, session.scalars(query).one())

    def claims(self, email: str, account: str, code: str, now: datetime) -> tuple[int, Claimed | ClaimRefused]:
        with self.store.writing() as session:
            person = session.scalar(select(Consumer).where(Consumer.email == email))
            if person is None:
                person = Consumer(email=email, name=email, password_hash="-", signed_up_at=now, confirmed_at=now)
                session.add(person)
                session.flush()
            return person.id, claim_account(session, person, 1, account, code, now)

    def join_paperless(self, email: str, account: str, bill: str, now: datetime) -> int:
        person_id, answer = self.claims(email, account, self.code_of(bill), now)
        assert isinstance(answer, Claimed)
        with self.store.writing() as session:
            person = session.get_one(Consumer, person_id)
            assert go_paperless(session, session.get_one(CustomerAccount, answer.account_id), person, now)
        return person_id

    def sees(self, consumer_id: int) -> list[str]:
        with self.store.reading() as session:
            return sorted(bill.number for bill, _ in bills_of_consumer(session, consumer_id))

    def channels(self, number: str) -> dict[str, str]:
        with self.store.reading() as session:
            deliveries = deliveries_of(session, self.bill(number).id)
            return {f"{each.channel} {each.purpose}": each.state for each in deliveries}

    def letters(self) -> dict[str, str]:
        """What is printed on the letters of each bill, since the last time."""
        texts = {}
        for path in sorted(self.config.outbox.glob("lot-*.json")):
            manifest = json.loads(path.read_text())
            readers = [PdfReader(path.parent / each["pdf"]) for each in manifest["files"]]
            for piece in manifest["pieces"]:
                page = readers[piece["file"] - 1].pages[piece["first_page"] - 1]
                texts[piece["bill"]] = page.extract_text()
        return texts

    def questions(self) -> list[AccountQuestion]:
        with self.store.reading() as session:
            return waiting_questions(session)

    def decide(self, question: AccountQuestion, decision: AccountDecision, now: datetime) -> AccountAnswer:
        with self.store.writing() as session:
            return decide_account(session, question.id, QuestionDecision(decision, "lea@lumiere.example", "vu", now))

    def earlier(self, number: str) -> list[str]:
        """The days of the bills that this one is compared with."""
        with self.store.reading() as session:
            history = frozen_history(session.get_one(BillRow, self.bill(number).id))
            return [span.issued.isoformat() for span in history.spans]

    def rules(self, feed_id: int) -> dict[str, int]:
        with self.store.reading() as session:
            report = feed_report(session, session.get_one(Feed, feed_id))
            assert report["state"] in {"released", "settled"}, report
            return {each["rule"]: each["count"] for each in report["rules"] if each["rule"].startswith("ACCOUNT")}

    def pdf(self, number: str) -> bytes:
        with self.store.reading() as session:
            return self.store.archive(session).pdf(self.bill(number))


@pytest.fixture
def world(store: Store, config: Config) -> Iterator[World]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield World(store, config, post)
        assert not {name: rows for name, rows in check(store).invariants.items() if rows}
        post.hang_up()


@pytest.fixture
def alice(world: World) -> int:
    """She has claimed 1001 with January's letter, and wants no paper."""
    world.found("reuse-x.xml", JANUARY)
    world.pipeline.close_batch(JANUARY)
    return world.join_paperless("alice@example.org", "1001", "A-1", JANUARY + timedelta(days=5))


def stranger(world: World) -> AccountQuestion:
    """Bruno's bill comes in November."""
    feed_id = world.found("reuse-b.xml", NOVEMBER)
    assert world.rules(feed_id) == {"ACCOUNT-QUESTION": 1}
    [question] = world.questions()
    return question


# -- while nobody has said ---------------------------------------------------------------------------------------


def test_somebody_elses_bill_is_nobody_elses(world: World, alice: int) -> None:
    question = stranger(world)
    assert world.sees(alice) == ["A-1"]
    assert list_mails(world.config.inbox, "alice@example.org") == []
    assert world.channels("B-1") == {"paper print": "ready"}
    held, other = world.account_of("A-1"), world.account_of("B-1")
    assert (held.holder, held.postal_address.city, held.paperless) == ("Alice Martin", "Nantes", True)
    assert (other.holder, other.postal_address.city, other.paperless) == ("Bruno Leroy", "Lyon", False)
    assert (held.number, other.number) == ("1001", "1001")
    assert (other.standing, held.standing) == ("provisional", "own")
    assert (question.held_id, question.other_id, question.kind) == (held.id, other.id, "reuse")
    assert (question.held_holder, question.address_of_held.city) == ("Alice Martin", "Nantes")
    assert (question.other_holder, question.address_of_other.city) == ("Bruno Leroy", "Lyon")
    assert world.earlier("B-1") == []  # nothing of hers to compare with


def test_his_letter_goes_to_him_and_its_code_opens_his_bills_alone(world: World, alice: int) -> None:
    stranger(world)
    world.pipeline.close_batch(NOVEMBER)
    letter = world.letters()["B-1"]
    assert "Bruno Leroy" in letter
    assert "69002 LYON" in letter
    assert "Le code suffit" in letter, "the number is another's too"
    assert "Alice" not in letter
    assert "NANTES" not in letter
    soon = NOVEMBER + timedelta(days=3)
    bruno, answer = world.claims("bruno@example.org", "1001", world.code_of("B-1"), soon)
    assert answer == Claimed(world.account_of("B-1").id, is_new=True)
    assert world.sees(bruno) == ["B-1"]
    assert world.sees(alice) == ["A-1"]
    with world.store.reading() as session:
        held, other = world.account_of("A-1").id, world.account_of("B-1").id
        names = {key: [who.email for who in whom] for key, whom in holders_of(session, [held, other]).items()}
        assert names == {held: ["alice@example.org"], other: ["bruno@example.org"]}


def test_a_provisional_account_stays_on_paper(world: World, alice: int) -> None:
    stranger(world)
    world.pipeline.close_batch(NOVEMBER)
    bruno, answer = world.claims("bruno@example.org", "1001", world.code_of("B-1"), NOVEMBER)
    assert isinstance(answer, Claimed)
    with world.store.writing() as session:
        account = session.get_one(CustomerAccount, answer.account_id)
        assert not go_paperless(session, account, session.get_one(Consumer, bruno), NOVEMBER)
    world.drop(batch([ubl("B-2", "1001", person=BRUNO, issued="2026-12-01")]), "dec.xml", DECEMBER)
    assert world.channels("B-2") == {"portal present": "sent", "paper print": "ready"}
    assert list_mails(world.config.inbox, "bruno@example.org") == []


def test_her_next_bill_and_his_each_go_their_way(world: World, alice: int) -> None:
    [question] = [stranger(world)]
    feed_id = world.drop(
        batch([ubl("A-2", "1001", person=ALICE, issued="2026-12-01", due="2027-01-15"),
               ubl("B-2", "1001", person=BRUNO, issued="2026-12-01", due="2027-01-15")]), "dec.xml", DECEMBER,
    )  # fmt: skip
    assert world.rules(feed_id) == {"ACCOUNT-QUESTION": 1}
    assert [each.id for each in world.questions()] == [question.id]  # it is asked once
    assert world.account_of("B-2").id == world.account_of("B-1").id
    assert world.account_of("A-2").id == world.account_of("A-1").id
    assert world.sees(alice) == ["A-1", "A-2"]
    assert world.channels("A-2")["email notify"] == "sent"
    assert world.channels("B-2").keys() == {"paper print"}


def test_a_couple_one_of_them_and_a_stranger(world: World) -> None:
    couple = world.found("reuse-a1.xml", datetime(2026, 9, 11, 9, tzinfo=UTC))
    one = world.found("reuse-a2.xml", datetime(2026, 10, 10, 9, tzinfo=UTC))
    other = world.found("reuse-x1.xml", datetime(2026, 10, 11, 9, tzinfo=UTC))
    assert [world.rules(feed) for feed in (couple, one, other)] == [
        {}, {"ACCOUNT-HOLDER-CHANGED": 1}, {"ACCOUNT-QUESTION": 1},
    ]  # fmt: skip
    assert world.account_of("A-1").id == world.account_of("A-2").id != world.account_of("X-1").id
    assert world.account_of("A-2").holder == "Alice Martin"
    assert world.account_of("X-1").holder == "Bruno Leroy"


def test_several_strangers_each_have_an_account_of_their_own(world: World, alice: int) -> None:
    stranger(world)
    world.drop(batch([ubl("C-1", "1001", person=CHARLIE, issued="2026-11-03")]), "charlie.xml", NOVEMBER)
    accounts = {number: world.account_of(number).id for number in ("A-1", "B-1", "C-1")}
    assert len(set(accounts.values())) == 3
    held = {question.held_id for question in world.questions()}
    assert (len(world.questions()), held) == (2, {accounts["A-1"]})


# -- a move, a marriage ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "rules"),
    [
        (("Alice Martin", "17 quai de la Fosse", "69002", "Lyon"), {"ACCOUNT-MOVED": 1}),
        (("Bruno Leroy", "4 rue des Lilas", "44000", "Nantes"), {"ACCOUNT-HOLDER-CHANGED": 1}),
        (("Alice Leroy", "4, R. DES LILAS", "44000", "NANTES"), {"ACCOUNT-HOLDER-CHANGED": 1}),
        (("MARTIN ALICE", "4 RUE DES LILAS", "44000", "NANTES"), {}),
        (("Mme Alice Martin", "4 rue des lilas", "44000", "Nantes Cedex"), {}),
        (("A. Martin", "17 quai de la Fosse", "69002", "Lyon"), {"ACCOUNT-HOLDER-CHANGED": 1, "ACCOUNT-MOVED": 1}),
        (("Alice Martin", "", "", ""), {}),
    ],
)  # fmt: skip
def test_a_change_of_one_is_followed_and_told(
    world: World, alice: int, person: tuple[str, str, str, str], rules: dict[str, int]
) -> None:
    feed_id = world.drop(batch([ubl("A-2", "1001", person=person, issued="2026-11-02")]), "nov.xml", NOVEMBER)
    assert world.rules(feed_id) == rules
    assert world.account_of("A-2").id == world.account_of("A-1").id
    assert world.account_of("A-2").holder == person[0]
    assert world.sees(alice) == ["A-1", "A-2"]
    assert world.questions() == []


@pytest.mark.parametrize("known", [ALICE, ("Alice Martin", "", "", ""), ("Alice Martin", "", "69002", "Lyon")])
@pytest.mark.parametrize("person", [BRUNO, ("Bruno Leroy", "", "", ""), ("Bruno Leroy", "", "44000", "Nantes")])
def test_another_name_needs_an_address_that_speaks_for_it(
    world: World, known: tuple[str, str, str, str], person: tuple[str, str, str, str]
) -> None:
    """Where one of the two bills names no street, nothing says that Bruno is Alice."""
    world.drop(batch([ubl("A-1", "1001", person=known, issued="2026-10-01")]), "oct.xml", NOVEMBER)
    feed_id = world.drop(batch([ubl("B-1", "1001", person=person, issued="2026-11-02")]), "nov.xml", NOVEMBER)
    assert world.rules(feed_id) == {"ACCOUNT-QUESTION": 1}
    assert world.account_of("B-1").id != world.account_of("A-1").id
    assert world.channels("B-1") == {"paper print": "ready" if person == BRUNO else "failed"}


def test_a_bill_without_an_address_takes_none_away(world: World, alice: int) -> None:
    nobody = ("Alice Martin", "", "", "")
    world.drop(batch([ubl("A-2", "1001", person=nobody, issued="2026-11-02")]), "nov.xml", NOVEMBER)
    assert world.account_of("A-2").id == world.account_of("A-1").id
    assert world.account_of("A-2").postal_address.city == "Nantes"


def test_a_name_that_comes_back_is_one_more(world: World, alice: int) -> None:
    """Bruno's account has been renamed; who has moved under that name is another person; his own name comes again."""
    stranger(world)
    dora = ("Dora Petit", *BRUNO[1:])
    for n, person in enumerate([dora, (dora[0], *CHARLIE[1:]), BRUNO], 2):
        world.drop(batch([ubl(f"B-{n}", "1001", person=person, issued=f"2026-11-0{n + 1}")]), f"{n}.xml", NOVEMBER)
    assert world.account_of("B-4").id == world.account_of("B-2").id == world.account_of("B-1").id
    assert world.account_of("B-3").id not in {world.account_of("A-1").id, world.account_of("B-1").id}
    assert len(world.questions()) == 2


# -- the number is written otherwise -----------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["without-scheme.xml", "with-scheme.xml", "blank.xml"])
def test_the_looks_of_a_number_make_no_other_account(world: World, first: str) -> None:
    names = {"without-scheme.xml": "A-1", "with-scheme.xml": "A-2", "blank.xml": "A-5"}
    world.found(first, NOVEMBER)
    world.pipeline.close_batch(NOVEMBER)
    alice = world.join_paperless("alice@example.org", "CL-1", names[first], NOVEMBER + timedelta(days=5))
    for name in sorted(names.keys() - {first}):
        assert world.rules(world.found(name, DECEMBER)).keys() == {"ACCOUNT-NUMBER-WRITTEN"}
        assert world.channels(names[name])["portal present"] == "sent"
    assert world.sees(alice) == ["A-1", "A-2", "A-5"]
    with world.store.reading() as session:
        assert session.query(CustomerAccount).count() == 1


def test_a_scheme_tells_apart_where_both_are_given(world: World) -> None:
    bills = [ubl("S-1", "77", person=ALICE, scheme="0002"), ubl("S-2", "77", person=BRUNO, scheme="0009")]
    feed_id = world.drop(batch(bills), "mars.xml", NOVEMBER)
    assert world.rules(feed_id) == {}
    assert world.account_of("S-1").id != world.account_of("S-2").id
    later = [ubl("S-3", "77", person=BRUNO), ubl("S-4", "77", person=ALICE), ubl("S-5", "77", person=CHARLIE)]
    feed_id = world.drop(batch(later), "avril.xml", DECEMBER)
    assert world.rules(feed_id) == {"ACCOUNT-QUESTION": 1, "ACCOUNT-NUMBER-WRITTEN": 2}
    assert world.account_of("S-3").id == world.account_of("S-2").id
    assert world.account_of("S-4").id == world.account_of("S-1").id
    assert world.account_of("S-5").standing == "provisional"


def test_a_number_that_passed_on_takes_up_a_scheme_that_another_has(world: World) -> None:
    bills = [ubl("S-1", "77", person=ALICE, scheme="0002"), ubl("S-2", "77", person=BRUNO, scheme="0009")]
    world.drop(batch(bills), "mars.xml", NOVEMBER)
    world.drop(batch([ubl("S-3", "77", person=CHARLIE)]), "avril.xml", NOVEMBER)
    [question] = world.questions()
    assert world.decide(question, "new_holder", NOVEMBER) == "done"
    later = ubl("S-4", "77", person=CHARLIE, scheme="0009", issued="2026-11-04")
    assert world.rules(world.drop(batch([later]), "mai.xml", DECEMBER)) == {"ACCOUNT-NUMBER-WRITTEN": 1}
    assert world.account_of("S-4").id == question.other_id


def test_who_was_joined_comes_under_another_scheme(world: World) -> None:
    """His bills are in the account of one scheme; the same number of another scheme is another number."""
    world.drop(batch([ubl("S-1", "77", person=ALICE)]), "mars.xml", NOVEMBER)
    world.drop(batch([ubl("S-2", "77", person=BRUNO, issued="2026-02-02")]), "avril.xml", NOVEMBER)
    [question] = world.questions()
    assert world.decide(question, "same", NOVEMBER) == "done"
    world.drop(batch([ubl("S-3", "77", person=ALICE, scheme="0002", issued="2026-11-04")]), "mai.xml", NOVEMBER)
    world.drop(batch([ubl("S-4", "77", person=BRUNO, scheme="0009", issued="2026-11-05")]), "juin.xml", DECEMBER)
    assert world.account_of("S-3").id == question.held_id != world.account_of("S-4").id
    assert world.account_of("S-4").standing == "own"


# -- somebody says -----------------------------------------------------------------------------------------------


def test_the_same_holder_moved_and_renamed(world: World, alice: int) -> None:
    question = stranger(world)
    before = world.pdf("B-1")
    assert world.decide(question, "same", NOVEMBER) == "done"
    assert world.questions() == []
    assert world.sees(alice) == ["A-1", "B-1"]
    assert world.pdf("B-1") == before
    account = world.account_of("B-1")
    assert (account.id, account.holder, account.postal_address.city) == (question.held_id, "Bruno Leroy", "Lyon")
    world.pipeline.work_until_idle(NOVEMBER)
    assert world.channels("B-1") == {
        "paper print": "waiting", "portal present": "sent", "email notify": "sent", "email remind-1": "waiting",
    }  # fmt: skip
    assert len(list_mails(world.config.inbox, "alice@example.org")) == 1
    feed_id = world.drop(batch([ubl("B-2", "1001", person=BRUNO, issued="2026-12-01")]), "dec.xml", DECEMBER)
    assert world.rules(feed_id) == {}
    assert world.account_of("B-2").id == question.held_id
    assert world.channels("B-2")["email notify"] == "sent"
    late = batch([ubl("A-0", "1001", person=ALICE, issued="2026-02-01")])
    assert world.rules(world.drop(late, "retard.xml", DECEMBER)) == {"ACCOUNT-QUESTION": 1}


def test_who_holds_the_first_account_is_told_who_comes_with_the_second(world: World, alice: int) -> None:
    """A second holder is never silent, however they come: Bruno has claimed his account, and it is joined to hers."""
    question = stranger(world)
    world.pipeline.close_batch(NOVEMBER)
    bruno, _ = world.claims("bruno@example.org", "1001", world.code_of("B-1"), NOVEMBER + timedelta(days=3))
    assert world.decide(question, "same", NOVEMBER + timedelta(days=4)) == "done"
    with world.store.reading() as session:
        [(notice, account, _)] = unseen_notices(session, alice)
        assert (notice.kind, notice.name, account.id) == ("joined", "", question.held_id)  # his is an address
        assert unseen_notices(session, bruno) == []
    world.pipeline.work_until_idle(NOVEMBER + timedelta(days=4))
    subjects = [mail.subject for mail in list_mails(world.config.inbox, "alice@example.org")]
    assert "Quelqu’un d’autre suit votre contrat Lumiere" in subjects
    with world.store.writing() as session:
        held = session.get_one(CustomerAccount, question.held_id)
        assert suspend_holder(session, held, session.get_one(Consumer, alice), bruno, NOVEMBER + timedelta(days=5))
    assert world.sees(bruno) == []


def test_who_is_suspended_stays_so_when_accounts_are_joined(world: World, alice: int) -> None:
    question = stranger(world)
    world.pipeline.close_batch(NOVEMBER)
    bruno, _ = world.claims("bruno@example.org", "1001", world.code_of("B-1"), NOVEMBER + timedelta(days=3))
    with world.store.writing() as session:
        other = session.get_one(CustomerAccount, question.other_id)
        charlie = Consumer(email="c@example.org", name="Charlie", password_hash="-", signed_up_at=NOVEMBER)
        session.add(charlie)
        session.flush()
        enrol(session, charlie.id, other.id, NOVEMBER + timedelta(days=4))
        assert suspend_holder(
            session, other, session.get_one(Consumer, bruno), charlie.id, NOVEMBER + timedelta(days=5)
        )
        who = charlie.id
    assert world.decide(question, "same", NOVEMBER + timedelta(days=6)) == "done"
    assert world.sees(who) == []
    with world.store.reading() as session:
        [dispute] = open_disputes(session)
        assert (dispute.account_id, dispute.later_id) == (question.held_id, who)
    assert not any(check(world.store).invariants.values())
    with world.store.writing() as session:
        assert settle_dispute(session, dispute.id, "restored", "oscar", "une famille", NOVEMBER + timedelta(days=7))
    assert set(world.sees(who)) == {"A-1", "B-1"}


def test_a_letter_that_has_left_stays_one(world: World, alice: int) -> None:
    question = stranger(world)
    world.pipeline.close_batch(NOVEMBER)
    assert world.decide(question, "same", NOVEMBER) == "done"
    world.pipeline.work_until_idle(NOVEMBER)
    assert world.channels("B-1") == {"paper print": "sent", "portal present": "sent"}
    assert list_mails(world.config.inbox, "alice@example.org") == []


def test_somebody_else_is_kept_apart_for_good(world: World, alice: int) -> None:
    question = stranger(world)
    assert world.decide(question, "other", NOVEMBER) == "done"
    feed_id = world.drop(
        batch([ubl("B-2", "1001", person=BRUNO, issued="2026-12-01"),
               ubl("A-2", "1001", person=ALICE, issued="2026-12-01")]), "dec.xml", DECEMBER,
    )  # fmt: skip
    assert world.rules(feed_id) == {}
    assert world.questions() == []
    assert world.account_of("B-2").id == question.other_id
    assert world.sees(alice) == ["A-1", "A-2"]
    world.pipeline.close_batch(DECEMBER)
    bruno = world.join_paperless("bruno@example.org", "1001", "B-2", DECEMBER + timedelta(days=2))
    assert world.sees(bruno) == ["B-1", "B-2"]


def test_the_number_passes_on_and_history_stays_behind(world: World, alice: int) -> None:
    question = stranger(world)
    world.drop(batch([ubl("C-1", "1001", person=CHARLIE, issued="2026-11-03")]), "charlie.xml", NOVEMBER)
    assert world.decide(question, "new_holder", NOVEMBER) == "done"
    world.pipeline.close_batch(NOVEMBER)
    feed_id = world.drop(
        batch([ubl("B-2", "1001", person=("M. Bruno Leroy", *BRUNO[1:]), issued="2026-12-01"),
               ubl("A-2", "1001", person=ALICE, issued="2026-12-01")]), "dec.xml", DECEMBER,
    )  # fmt: skip
    assert world.rules(feed_id) == {}
    assert world.account_of("B-2").id == question.other_id
    assert world.account_of("B-2").standing == "own"
    assert world.account_of("A-1").standing == "former"
    assert world.sees(alice) == ["A-1", "A-2"]  # her last bill is hers
    assert world.earlier("B-2") == ["2026-11-02"]
    bruno, answer = world.claims("bruno@example.org", "1001", world.code_of("B-1"), DECEMBER)
    assert isinstance(answer, Claimed)
    assert world.sees(bruno) == ["B-1", "B-2"]
    [charlie] = world.questions()
    assert (charlie.held_id, charlie.held_holder) == (question.other_id, "Bruno Leroy")  # asked of him now
    with world.store.reading() as session:
        told = [event.what for event in events_of(session, "account", question.held_id)]
        assert "number passed on" in told


def test_deciding_twice_is_deciding_once(world: World, alice: int) -> None:
    question = stranger(world)
    assert world.decide(question, "other", NOVEMBER) == "done"
    assert world.decide(question, "other", NOVEMBER) == "known"
    assert world.decide(question, "same", NOVEMBER) == "late"
    with world.store.reading() as session:
        decided = session.get_one(AccountQuestion, question.id)
        assert (decided.state, decided.decided_by, decided.reason) == (
            "other", "lea@lumiere.example", Reason.said("vu"),
        )  # fmt: skip
        assert [event.what for event in events_of(session, "account_question", question.id)] == ["other"]
    assert world.sees(alice) == ["A-1"]
