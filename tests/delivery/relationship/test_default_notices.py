"""Alice is told that her bills will come without paper, and what she, her mailbox and the law make of it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, update

import delivery
from bill import Reason
from consumers.paperless_consent import back_to_paper, go_paperless
from delivery import SmtpClient
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.smtp.dev_inbox import list_mails
from delivery.relationship.account_relationships import relationships_of
from delivery.relationship.default_notice_counts import DefaultNoticeCounts, default_notice_counts
from delivery.relationship.default_notices import accounts_for_default, follow_defaults
from delivery.relationship.default_objection import object_to_default, open_defaults
from store.accounts.account_notice import AccountNotice
from store.accounts.consent import Consent
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.accounts.one_time_email_link import read_objection
from store.accounts.shown_wording import wordings_of
from store.customers.customer_reference import CustomerReference
from store.db.event import record
from store.issuer import Issuer
from store.job import Job, claim_job
from tests.delivery.sample_bills import PUBLIC_URL, World

MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
JUNE = datetime(2026, 6, 2, 9, tzinfo=UTC)
CALENDAR = Calendar()
ENERGY = 'trade = "electricity"\n[policy]\ndefault_on = true\n'


class Refusing:
    """A mail server that knows nobody."""

    sender, host = "facteur@facteur.example", "facteur.example"

    def send(self, mail: object, to: str) -> str:
        raise DeliveryError("refused", "550 5.1.1 no such user")

    def hang_up(self) -> None:
        """There is nothing to end."""


@pytest.fixture
def energy(world: World) -> World:
    world.profile(ENERGY)
    return world


@pytest.fixture
def alice(world: World) -> int:
    return world.consumer("Alice")


def sweep(world: World, now: datetime) -> tuple[int, int]:
    """What the periodic task does with the issuer's accounts: notices planned, accounts made paperless."""
    with world.store.writing() as session:
        issuer = session.get_one(Issuer, world.issuer_id)
        return follow_defaults(session, issuer, accounts_for_default(session, issuer, now, 0, 100), now, CALENDAR)


def mail(world: World, post: object, now: datetime) -> int:
    """Send what waits. Returns how many mails that was."""
    number = 0
    while True:
        with world.store.writing() as session:
            job = claim_job(session, now)
        if job is None:
            return number
        delivery.run_mail_job(world.store, job, post, PUBLIC_URL, now)  # type: ignore[arg-type]
        number += 1


def told(world: World, post: object, now: datetime = MARCH) -> None:
    assert sweep(world, now)[0] >= 1
    assert mail(world, post, now) >= 1


def state(world: World, account: int, now: datetime) -> str:
    with world.store.reading() as session:
        return relationships_of(session, [account], now)[account].state


def objects(world: World, account: int, consumer: int, now: datetime) -> bool:
    with world.store.writing() as session:
        return object_to_default(session, account, consumer, now, CALENDAR, "email")


def kinds(world: World) -> list[str]:
    with world.store.reading() as session:
        query = select(AccountNotice.kind).where(AccountNotice.basis.in_(["default_on", "objection"]))
        return list(session.scalars(query.order_by(AccountNotice.id)))


def test_three_months_after_the_notice_bills_come_without_paper(energy: World, alice: int, post: SmtpClient) -> None:
    account = energy.account(alice)
    told(energy, post)
    with energy.store.reading() as session:
        [running] = open_defaults(session, alice, MARCH, CALENDAR)
        assert (running.account.id, running.begins_on) == (account, date(2026, 6, 2))
    assert sweep(energy, JUNE - timedelta(days=1)) == (0, 0)
    assert state(energy, account, JUNE - timedelta(days=1)) == "LINKED_DUAL"
    assert sweep(energy, JUNE) == (0, 1)
    assert sweep(energy, JUNE) == (0, 0)  # never twice
    assert state(energy, account, JUNE) == "DIGITAL_TRIAL"
    with energy.store.reading() as session:
        given = session.scalars(select(Consent)).one()
        assert (given.act, given.basis, given.consumer_id, given.by, given.wording) == (
            "paperless", "default_on", None, "issuer lumiere", "default-on-1",
        )  # fmt: skip
        assert default_notice_counts(session) == {energy.issuer_id: DefaultNoticeCounts(planned=1, sent=1, begun=1)}
    assert kinds(energy) == ["default_planned", "default_sent"]


def test_an_account_whose_notice_runs_is_not_read_again(energy: World, alice: int, post: SmtpClient) -> None:
    """A run every hour goes through few of a million accounts."""
    account = energy.account(alice)
    told(energy, post)
    with energy.store.reading() as session:
        issuer = session.get_one(Issuer, energy.issuer_id)
        looked_at = [
            list(accounts_for_default(session, issuer, now, 0, 100))
            for now in (MARCH, MARCH + timedelta(days=60), JUNE)
        ]
    assert looked_at == [[], [], [account]]


def test_who_objects_keeps_paper_and_is_not_asked_for_a_year(energy: World, alice: int, post: SmtpClient) -> None:
    account = energy.account(alice)
    told(energy, post)
    may = datetime(2026, 5, 4, 9, tzinfo=UTC)
    assert objects(energy, account, alice, may)
    assert objects(energy, account, alice, may)
    assert state(energy, account, JUNE) == "PAPER_BY_CHOICE"
    assert sweep(energy, JUNE) == (0, 0)
    assert sweep(energy, datetime(2027, 5, 3, 9, tzinfo=UTC)) == (0, 0)
    assert sweep(energy, datetime(2027, 5, 5, 9, tzinfo=UTC)) == (1, 0)
    with energy.store.reading() as session:
        assert default_notice_counts(session, energy.issuer_id)[energy.issuer_id].objected == 1
        assert open_defaults(session, alice, JUNE, CALENDAR) == []


def test_an_objection_that_comes_late_brings_paper_back(energy: World, alice: int, post: SmtpClient) -> None:
    account = energy.account(alice)
    told(energy, post)
    assert sweep(energy, JUNE) == (0, 1)
    assert objects(energy, account, alice, JUNE + timedelta(days=40))
    assert state(energy, account, JUNE + timedelta(days=41)) == "PAPER_BY_CHOICE"


def test_only_a_holder_objects(energy: World, alice: int) -> None:
    account, bob = energy.account(alice), energy.consumer("Bob")
    assert not objects(energy, account, bob, MARCH)
    assert not objects(energy, 4711, alice, MARCH)
    assert state(energy, account, MARCH) == "LINKED_DUAL"


def test_a_notice_that_was_not_sent_changes_nothing(energy: World, alice: int) -> None:
    energy.account(alice)
    assert sweep(energy, MARCH) == (1, 0)
    assert sweep(energy, MARCH + timedelta(hours=1)) == (0, 0)  # it waits for the mail server
    assert sweep(energy, JUNE)[1] == 0


def test_a_notice_that_comes_back_stops_it(energy: World, alice: int) -> None:
    energy.account(alice)
    told(energy, Refusing())
    assert kinds(energy) == ["default_planned", "default_refused"]
    assert sweep(energy, JUNE) == (0, 0)


def test_a_mailbox_that_fails_later_stops_it_too(energy: World, alice: int, post: SmtpClient) -> None:
    energy.account(alice)
    told(energy, post)
    with energy.store.writing() as session:
        record(session, "consumer", alice, "address suppressed", MARCH + timedelta(days=20), why=Reason.said("gone"))
        session.get_one(Consumer, alice).mail_failed_at = MARCH + timedelta(days=20)
    assert sweep(energy, JUNE) == (0, 0)
    with energy.store.writing() as session:
        session.get_one(Consumer, alice).mail_failed_at = None
    assert sweep(energy, JUNE) == (1, 0)  # the address works again: told anew, three months again


def test_each_holder_is_told_and_has_the_time(energy: World, alice: int, post: SmtpClient) -> None:
    account = energy.account(alice)
    told(energy, post)
    bob = energy.consumer("Bob")
    with energy.store.writing() as session:
        assert enrol(session, bob, account, MARCH + timedelta(days=60))
    told(energy, post, MARCH + timedelta(days=61))
    assert sweep(energy, JUNE) == (0, 0)
    assert sweep(energy, MARCH + timedelta(days=61 + 92)) == (0, 1)


def test_who_is_not_told(energy: World, alice: int) -> None:
    withdrawn, exempt, dead, question = (energy.account(alice) for _ in range(4))
    energy.account()  # nobody follows it
    unconfirmed = energy.consumer("Charlie")
    energy.account(unconfirmed)
    with energy.store.writing() as session:
        session.get_one(Consumer, unconfirmed).confirmed_at = None
        account, person = session.get_one(CustomerAccount, withdrawn), session.get_one(Consumer, alice)
        assert go_paperless(session, account, person, MARCH - timedelta(days=9))
        assert back_to_paper(session, account, person, MARCH - timedelta(days=8))
        for account_id, said in ((exempt, {"paper_by_right": "exempt"}), (dead, {"died_on": date(2026, 2, 1)})):
            row = {"account_id": account_id, "issuer_id": energy.issuer_id, "content": b"{}", "as_of": MARCH, **said}
            session.add(CustomerReference(**row))
        session.get_one(CustomerAccount, question).standing = "provisional"
    assert sweep(energy, MARCH) == (0, 0)


@pytest.mark.parametrize("profile", ["", 'trade = "electricity"\n'])
def test_without_the_policy_nobody_is_told(world: World, alice: int, profile: str) -> None:
    world.profile(profile)
    world.account(alice)
    assert sweep(world, MARCH) == (0, 0)


def test_killed_between_two_accounts_nothing_is_told_twice(energy: World, alice: int, post: SmtpClient) -> None:
    for _ in range(3):
        energy.account(alice)

    with energy.store.writing() as session:
        issuer = session.get_one(Issuer, energy.issuer_id)
        follow_defaults(session, issuer, accounts_for_default(session, issuer, MARCH, 0, 100), MARCH, CALENDAR)
        session.rollback()  # the process is killed before its commit
    with energy.store.reading() as session:
        assert session.scalar(select(func.count(Job.id))) == 0
    assert sweep(energy, MARCH) == (3, 0)
    with energy.store.writing() as session:  # a mail that left, and whose worker died before it said so
        session.execute(update(Job).values(lease_owner=None))
    assert mail(energy, post, MARCH) == 3
    assert kinds(energy).count("default_sent") == 3


@pytest.mark.parametrize(
    ("language", "subject", "begins"),
    [
        ("fr", "Vos factures Lumière de l'Ouest sans papier à partir du 2 juin 2026", "À partir du"),
        ("en", "Your Lumière de l'Ouest bills without paper from 2 June 2026", "From"),
    ],
)
def test_the_notice_says_the_day_the_article_and_how_to_keep_paper(
    energy: World, post: SmtpClient, inbox: Path, language: str, subject: str, begins: str
) -> None:
    alice = energy.consumer("Alice", language=language)
    account = energy.account(alice)
    told(energy, post)
    [mail] = list_mails(inbox)
    assert (mail.subject, mail.language) == (subject, language)
    token = mail.links[0].removeprefix(f"{PUBLIC_URL}/objection/")
    assert read_objection(energy.store.keys, token) == (account, alice)
    with energy.store.reading() as session:
        text = wordings_of(session, ["default-on-1"], language)["default-on-1"]
    assert text.startswith(begins)
    assert "{article}" in text


def test_the_counts_read_the_notices_by_default_alone(energy: World, alice: int, post: SmtpClient) -> None:
    """However many notices of other kinds there are: each count is answered from an index of its own."""
    energy.account(alice)
    told(energy, post)
    sweep(energy, JUNE)
    asked: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(energy.store.engine, "before_cursor_execute", keep)
    with energy.store.reading() as session:
        default_notice_counts(session)
    event.remove(energy.store.engine, "before_cursor_execute", keep)
    if not energy.store.is_sqlite:
        return  # PostgreSQL's planner reads so few rows without an index
    with energy.store.engine.connect() as connection:
        plans = [
            " / ".join(str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}"))
            for each in asked
            if each.startswith("SELECT")
        ]
    assert "COVERING INDEX ix_account_notice_default" in plans[0]
    assert "INDEX ix_consent_default_on" in plans[1]
    assert plans[2].startswith("SEARCH account_notice USING COVERING INDEX ix_account_notice_default (kind=?)")
