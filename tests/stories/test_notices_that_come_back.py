"""E-mails whose silence counts come back after the mail server took them: Alice was not told, and Bob was not asked."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from delivery.calendar.postal_calendar import Calendar
from delivery.channels.delivery_error import DeliveryError
from delivery.relationship.account_trail import step_text, trail_of
from delivery.relationship.default_notice_counts import DefaultNoticeCounts, default_notice_counts
from delivery.relationship.default_notices import accounts_for_default, follow_defaults
from delivery.relationship.default_objection import open_defaults
from delivery.suitability.ask_yearly import ask_yearly
from delivery.suitability.close_unanswered import close_unanswered
from store import Store
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.accounts.suitability_event import open_questions, suitability_events
from store.issuer import Issuer
from tests.delivery.feedback.bounces.relay_that_takes_all import FULL, GONE, RelayThatTakesAll
from tests.delivery.feedback.bounces.sample_bounces import dsn, plain
from tests.delivery.sample_bills import World

MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
JUNE = datetime(2026, 6, 2, 9, tzinfo=UTC)
CALENDAR = Calendar()


class Lumiere:
    """An energy supplier whose bills come without paper by default, its customers, and the relay of their e-mails."""

    def __init__(self, store: Store, outbox: Path) -> None:
        self.world, self.relay = World(store, outbox), RelayThatTakesAll()
        self.world.profile('trade = "electricity"\n[policy]\ndefault_on = true\n')

    def tell(self, now: datetime) -> tuple[int, int]:
        """What the default does at this moment, and the e-mails that it asks for leave."""
        with self.world.store.writing() as session:
            issuer = session.get_one(Issuer, self.world.issuer_id)
            followed = accounts_for_default(session, issuer, now, 0, 100)
            done = follow_defaults(session, issuer, followed, now, CALENDAR)
        self.relay.carry(self.world, now)
        return done

    def ask(self, now: datetime) -> None:
        with self.world.store.writing() as session:
            assert ask_yearly(session, now, CALENDAR) is None
        self.relay.carry(self.world, now)

    def close(self, now: datetime) -> int:
        with self.world.store.writing() as session:
            return close_unanswered(session, now, CALENDAR)

    def comes_back(self, name: str, raw: bytes, now: datetime) -> str:
        return self.relay.bring_back(self.world, name, raw, now)

    def paperless(self, *people: int) -> int:
        """An account that gave up paper in June of the year before."""
        account = self.world.account(people[0], paperless=True)
        with self.world.store.writing() as session:
            for each in people[1:]:
                enrol(session, each, account, MARCH)
            since = datetime(2025, 6, 15, 9, tzinfo=UTC)
            session.execute(update(CustomerAccount).where(CustomerAccount.id == account).values(paperless_since=since))
        return account

    def is_paperless(self, account: int) -> bool:
        with self.world.store.reading() as session:
            return session.get_one(CustomerAccount, account).paperless

    def acts(self, account: int) -> list[str]:
        with self.world.store.reading() as session:
            return [each.act for each in suitability_events(session, account)]

    def can_be_mailed(self, person: int, *, again: bool = False) -> bool:
        with self.world.store.writing() as session:
            consumer = session.get_one(Consumer, person)
            if again:
                consumer.mail_failed_at, consumer.mail_failure = None, ""
            return consumer.can_be_mailed

    def trail(self, account: int) -> list[tuple[str, str]]:
        """What the staff reads of an account: each step, and what the outside said."""
        with self.world.store.reading() as session:
            return [(step_text(each, "en"), each.words) for each in trail_of(session, account)]


@pytest.fixture
def lumiere(store: Store, tmp_path: Path) -> Lumiere:
    return Lumiere(store, tmp_path / "outbox")


def counts(lumiere: Lumiere) -> DefaultNoticeCounts:
    with lumiere.world.store.reading() as session:
        return default_notice_counts(session)[lumiere.world.issuer_id]


def test_alice_was_not_told_and_stays_on_paper(lumiere: Lumiere) -> None:
    alice = lumiere.world.consumer("Alice")
    account = lumiere.world.account(alice)
    assert lumiere.tell(MARCH) == (1, 0)
    assert counts(lumiere) == DefaultNoticeCounts(planned=1, sent=1)
    assert lumiere.comes_back("Alice", GONE, MARCH + DAY) == "recorded"
    assert not lumiere.can_be_mailed(alice)
    lumiere.can_be_mailed(alice, again=True)  # she confirms her address the same week
    assert [lumiere.tell(JUNE + n * DAY) for n in range(3)] == [(0, 0)] * 3
    assert not lumiere.is_paperless(account)
    assert counts(lumiere) == DefaultNoticeCounts(planned=1, sent=0, refused=1)
    assert counts(lumiere).objection_rate is None
    assert lumiere.trail(account)[-1] == (
        "Notice came back undelivered: nothing changes", "550 5.1.1 User unknown",
    )  # fmt: skip
    with lumiere.world.store.reading() as session:
        assert open_defaults(session, alice, MARCH + 2 * DAY, CALENDAR) == []


def test_a_full_mailbox_was_not_told_either_and_stays_a_good_address(lumiere: Lumiere) -> None:
    alice = lumiere.world.consumer("Alice")
    account = lumiere.world.account(alice)
    lumiere.tell(MARCH)
    assert lumiere.comes_back("Alice", FULL, MARCH + DAY) == "recorded"
    assert lumiere.can_be_mailed(alice)
    assert lumiere.tell(JUNE) == (0, 0)
    assert not lumiere.is_paperless(account)


@pytest.mark.parametrize(
    "raw",
    [
        dsn("4.2.2", "smtp; 452 4.2.2 Over quota", action="delayed", returned=""),
        dsn("2.0.0", action="delivered", returned=""),
        plain("Je suis absente.", sender="alice@example.org", subject="Réponse automatique"),
    ],
    ids=["delayed", "delivered", "vacation"],
)
def test_what_may_still_arrive_changes_nothing(lumiere: Lumiere, raw: bytes) -> None:
    account = lumiere.world.account(lumiere.world.consumer("Alice"))
    lumiere.tell(MARCH)
    assert lumiere.comes_back("Alice", raw, MARCH + DAY) == "ignored"
    assert counts(lumiere) == DefaultNoticeCounts(planned=1, sent=1)
    assert lumiere.tell(JUNE) == (0, 1)
    assert lumiere.is_paperless(account)


@pytest.mark.parametrize("raw", [GONE, FULL], ids=["gone", "full"])
def test_bob_was_not_told_so_that_the_account_that_alice_shares_waits(lumiere: Lumiere, raw: bytes) -> None:
    """Also once Charlie shares it, who is told."""
    alice, bob, charlie = (lumiere.world.consumer(name) for name in ("Alice", "Bob", "Charlie"))
    account = lumiere.world.account(alice)
    with lumiere.world.store.writing() as session:
        enrol(session, bob, account, MARCH - DAY)
    assert lumiere.tell(MARCH) == (2, 0)
    lumiere.comes_back("Bob", raw, MARCH + DAY)
    assert lumiere.tell(JUNE) == (0, 0)
    with lumiere.world.store.writing() as session:
        enrol(session, charlie, account, MARCH + 9 * DAY)
    assert lumiere.tell(MARCH + 10 * DAY)[0] >= 1
    assert lumiere.tell(MARCH + 110 * DAY)[1] == 0
    assert not lumiere.is_paperless(account)


ASKED = datetime(2026, 5, 16, 9, tzinfo=UTC)
OVER = datetime(2026, 6, 16, 9, tzinfo=UTC)


@pytest.mark.parametrize("raw", [GONE, FULL], ids=["gone", "full"])
def test_a_question_that_came_back_was_not_asked(lumiere: Lumiere, raw: bytes) -> None:
    alice = lumiere.world.consumer("Alice")
    account = lumiere.paperless(alice)
    lumiere.ask(ASKED)
    assert lumiere.comes_back("Alice", raw, ASKED + DAY) == "recorded"
    assert lumiere.comes_back("Alice", raw + b"again", ASKED + DAY) == "known"
    assert lumiere.acts(account) == ["asked", "not_asked"]
    with lumiere.world.store.reading() as session:
        assert open_questions(session, [account]) == {}
    assert lumiere.close(OVER) == 0, "nothing follows from silence"
    assert lumiere.is_paperless(account)
    assert lumiere.trail(account)[-1][0] == "The e-mail with this question came back undelivered"
    if raw == GONE:
        lumiere.ask(OVER + 9 * DAY)
        assert len(lumiere.acts(account)) == 2, "bills come by post: nobody is asked before an address works"
        lumiere.can_be_mailed(alice, again=True)
    lumiere.ask(ASKED + 30 * DAY)
    assert len(lumiere.acts(account)) == 2
    lumiere.ask(ASKED + 32 * DAY)
    with lumiere.world.store.reading() as session:
        assert open_questions(session, [account])[account].due_on == date(2026, 7, 17)
    assert lumiere.close(OVER + 40 * DAY) == 1, "this time silence counts"
    assert not lumiere.is_paperless(account)


def test_who_shares_the_account_was_asked(lumiere: Lumiere) -> None:
    alice, bob = (lumiere.world.consumer(name) for name in ("Alice", "Bob"))
    account = lumiere.paperless(alice, bob)
    lumiere.ask(ASKED)
    assert lumiere.comes_back("Alice", GONE, ASKED + DAY) == "recorded"
    assert lumiere.acts(account) == ["asked"]
    assert lumiere.comes_back("Bob", FULL, ASKED + DAY) == "recorded"
    assert lumiere.acts(account) == ["asked", "not_asked"]


def test_who_could_not_be_mailed_was_not_asked_either(lumiere: Lumiere) -> None:
    alice, bob = (lumiere.world.consumer(name) for name in ("Alice", "Bob"))
    account = lumiere.paperless(alice, bob)
    with lumiere.world.store.writing() as session:
        session.get_one(Consumer, bob).confirmed_at = None
    lumiere.ask(ASKED)
    assert lumiere.comes_back("Alice", FULL, ASKED + DAY) == "recorded"
    assert lumiere.acts(account) == ["asked", "not_asked"]


def test_whoever_was_refused_at_once_was_not_asked(lumiere: Lumiere, monkeypatch: pytest.MonkeyPatch) -> None:
    account = lumiere.paperless(alice := lumiere.world.consumer("Alice"))
    monkeypatch.setattr(RelayThatTakesAll, "send", _refuse)
    lumiere.ask(ASKED)
    assert lumiere.acts(account) == ["asked", "not_asked"]
    assert not lumiere.can_be_mailed(alice)


def _refuse(*_: object) -> str:
    raise DeliveryError("refused", "550 5.1.1 no such user")
