"""The yearly question: Alice answers, Bob goes back to paper, Charlie never answers."""

import re
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import select, update

import delivery
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.email.smtp.dev_inbox import list_mails
from delivery.return_to_paper import return_to_paper
from delivery.suitability.answer_check import answer_check
from delivery.suitability.ask_yearly import ask_yearly
from delivery.suitability.close_unanswered import close_unanswered
from store.accounts.consent import Consent
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.one_time_email_link import MailStop, read_mail_stop
from store.accounts.stopped_mail import stop_mails
from store.accounts.suitability_event import SuitabilityEvent, suitability_events
from store.accounts.withdrawal import withdrawals_of
from store.customers.customer_reference import CustomerReference
from store.db.event import events_of
from store.job import Job
from tests.delivery.sample_bills import PUBLIC_URL, World

SINCE = datetime(2025, 6, 15, 9, 0, tzinfo=UTC)
ASKED = datetime(2026, 5, 16, 9, 0, tzinfo=UTC)
DUE = date(2026, 6, 15)
OVER = datetime(2026, 6, 16, 9, 0, tzinfo=UTC)
CALENDAR = Calendar()


def paperless(world: World, name: str, **others: object) -> tuple[int, int]:
    """Somebody without paper for a year: the person's and the account's id."""
    person = world.consumer(name)
    account = world.account(person, paperless=True)
    with world.store.writing() as session:
        session.execute(
            update(CustomerAccount).where(CustomerAccount.id == account).values(paperless_since=SINCE, **others)
        )
    return person, account


def ask(world: World, now: datetime = ASKED) -> None:
    with world.store.writing() as session:
        assert ask_yearly(session, now, CALENDAR) is None


def close(world: World, now: datetime = OVER) -> int:
    with world.store.writing() as session:
        return close_unanswered(session, now, CALENDAR)


def acts(world: World, account: int) -> list[str]:
    with world.store.reading() as session:
        return [event.act for event in suitability_events(session, account)]


def is_paperless(world: World, account: int) -> bool:
    with world.store.reading() as session:
        return session.get_one(CustomerAccount, account).paperless


@pytest.fixture
def energy(world: World) -> World:
    world.profile('trade = "electricity"')
    return world


def test_she_is_asked_thirty_days_before_and_once(energy: World) -> None:
    _, account = paperless(energy, "Alice")
    ask(energy, ASKED - timedelta(days=1))
    assert acts(energy, account) == []
    for day in range(40):
        ask(energy, ASKED + timedelta(days=day))
    with energy.store.reading() as session:
        [asked] = suitability_events(session, account)
        assert len(session.scalars(select(Job).where(Job.kind == "suitability_check")).all()) == 1
        told = events_of(session, "account", account)
    assert (asked.act, asked.due_on, asked.at, asked.way) == ("asked", DUE, ASKED, "email")
    assert (asked.wording, asked.article) == ("suitability-1", "C. conso. L224-12")
    assert [(each.what, each.reason.code) for each in told] == [("suitability asked", "suitability_check")]


def test_the_mail_asks_and_says_what_silence_means(energy: World, post: delivery.SmtpClient, inbox: Path) -> None:
    paperless(energy, "Alice")
    ask(energy)
    with energy.store.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == "suitability_check")).one()
    delivery.run_mail_job(energy.store, job, post, PUBLIC_URL, ASKED)
    [mail] = list_mails(inbox)
    text = mail.text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "convient-il toujours" in text
    assert "au plus tard le 15 juin 2026" in text
    assert "le papier revient si personne n’a ouvert de facture depuis un an" in text
    assert "gratuitement" in text
    assert f"{PUBLIC_URL}/contrats" in mail.links


def test_whoever_stopped_the_mail_is_asked_in_the_portal_and_bills_are_still_announced(
    energy: World, post: delivery.SmtpClient, inbox: Path
) -> None:
    person, account = paperless(energy, "Alice")
    with energy.store.writing() as session:
        assert stop_mails(session, person, "suitability_check", ASKED - timedelta(days=300))
        assert not stop_mails(session, person, "suitability_check", ASKED)
    ask(energy)
    with energy.store.reading() as session:
        assert session.scalars(select(Job).where(Job.kind == "suitability_check")).all() == []
        [asked] = suitability_events(session, account)
        assert [each.what for each in events_of(session, "consumer", person)] == ["mails stopped: suitability_check"]
    assert asked.way == "portal"
    energy.bill(account, ASKED.date(), ASKED.date() + timedelta(days=40))
    energy.choose(ASKED)
    energy.send(post, ASKED)
    [mail] = list_mails(inbox)
    assert mail.subject.startswith("Votre facture ")


def test_the_mail_is_moot_once_it_is_stopped_and_carries_what_stops_it(
    energy: World, post: delivery.SmtpClient, inbox: Path
) -> None:
    person, _ = paperless(energy, "Alice")
    ask(energy)
    with energy.store.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == "suitability_check")).one()
    delivery.run_mail_job(energy.store, job, post, PUBLIC_URL, ASKED)
    [kept] = inbox.glob("*.eml")
    mail = message_from_bytes(kept.read_bytes())
    [url] = re.findall(r"<(.+)>", mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url.startswith(f"{PUBLIC_URL}/desabonnement/")
    assert url in list_mails(inbox)[0].links
    stop = read_mail_stop(energy.store.keys, url.rpartition("/")[2])
    assert stop == MailStop(person, "suitability_check")
    kept.unlink()
    with energy.store.writing() as session:
        stop_mails(session, person, "suitability_check", ASKED)
    delivery.run_mail_job(energy.store, job, post, PUBLIC_URL, ASKED)
    assert list_mails(inbox) == []


def test_it_suits_alice_for_another_year(energy: World) -> None:
    person, account = paperless(energy, "Alice")
    ask(energy)
    with energy.store.writing() as session:
        alice, hers = session.get_one(Consumer, person), session.get_one(CustomerAccount, account)
        assert answer_check(session, hers, alice, "suits", ASKED + timedelta(days=2))
        assert not answer_check(session, hers, alice, "suits", ASKED + timedelta(days=3))
    assert close(energy) == 0
    assert is_paperless(energy, account)
    with energy.store.reading() as session:
        answer = session.scalars(select(SuitabilityEvent).where(SuitabilityEvent.act == "suits")).one()
    assert (answer.consumer_id, answer.way, answer.wording) == (person, "portal", "suitability-1")
    ask(energy, datetime(2027, 5, 15, 9, tzinfo=UTC))
    assert acts(energy, account) == ["asked", "suits"]
    ask(energy, datetime(2027, 5, 16, 9, tzinfo=UTC))
    assert acts(energy, account) == ["asked", "suits", "asked"]


def test_bob_answers_with_paper(energy: World) -> None:
    person, account = paperless(energy, "Bob")
    ask(energy)
    with energy.store.writing() as session:
        bob, his = session.get_one(Consumer, person), session.get_one(CustomerAccount, account)
        assert return_to_paper(session, his, bob, ASKED + timedelta(days=1)) is not None
    assert acts(energy, account) == ["asked", "paper"]
    assert not is_paperless(energy, account)
    assert close(energy) == 0


def test_only_a_holder_answers_and_only_what_was_asked(energy: World) -> None:
    person, account = paperless(energy, "Alice")
    stranger = energy.consumer("Bob")
    with energy.store.writing() as session:
        hers = session.get_one(CustomerAccount, account)
        assert not answer_check(session, hers, session.get_one(Consumer, person), "suits", ASKED)
    ask(energy)
    with energy.store.writing() as session:
        hers = session.get_one(CustomerAccount, account)
        assert not answer_check(session, hers, session.get_one(Consumer, stranger), "suits", ASKED)
    assert acts(energy, account) == ["asked"]


@pytest.mark.parametrize(("read_on", "act"), [(None, "unseen"), (date(2025, 6, 14), "unseen"), (DUE, "seen")])
def test_charlie_never_answers(energy: World, read_on: date | None, act: str) -> None:
    person, account = paperless(energy, "Charlie")
    bill = energy.bill(account, date(2026, 5, 2), date(2026, 7, 30))
    seen = energy.bill(account, date(2026, 5, 2), date(2026, 7, 30))
    now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    energy.choose(now)
    ask(energy)
    if read_on is not None:
        energy.view(seen, person, datetime(read_on.year, read_on.month, read_on.day, 9, tzinfo=UTC))
    assert close(energy, OVER - timedelta(days=1)) == 0, "the last day is not over"
    assert close(energy) == 1
    assert close(energy) == 0
    assert acts(energy, account) == ["asked", act]
    assert is_paperless(energy, account) is (act == "seen")
    letter = energy.owed(bill)["print", None]
    with energy.store.reading() as session:
        consents = [(each.act, each.basis, each.by, each.consumer_id) for each in session.scalars(select(Consent))]
        assert withdrawals_of(session, [account]) == {}, "it was nobody's choice"
    if act == "unseen":
        assert consents == [("paper", "no_reader", "road", None)]
        assert (letter.state, letter.reason_code, letter.article) == (
            "ready", "suitability_unanswered", "C. conso. L224-12",
        )  # fmt: skip
    else:
        assert letter.state == "waiting"


@pytest.mark.parametrize(
    "stated", [{"paper_by_right": "law"}, {"died_on": date(2026, 4, 1)}, {"closed_on": date(2026, 4, 1)}]
)
def test_who_is_exempt_dead_or_gone_is_never_asked(energy: World, stated: dict[str, object]) -> None:
    _, account = paperless(energy, "Alice")
    with energy.store.writing() as session:
        session.add(
            CustomerReference(account_id=account, issuer_id=energy.issuer_id, content=b"", as_of=SINCE, **stated)
        )
    ask(energy)
    assert acts(energy, account) == []


def test_nor_is_an_account_in_question_or_without_holder(energy: World) -> None:
    _, in_question = paperless(energy, "Alice", standing="provisional")
    unfollowed = energy.account(paperless=True)
    ask(energy)
    assert acts(energy, in_question) == acts(energy, unfollowed) == []


@pytest.mark.parametrize(("trade", "is_asked"), [("bank", True), ("telecom", False), ("water", False), ("town", False)])
def test_each_sector_asks_as_its_law_has_it(world: World, trade: str, is_asked: bool) -> None:
    world.profile(f'trade = "{trade}"')
    _, account = paperless(world, "Alice")
    ask(world)
    assert acts(world, account) == (["asked"] if is_asked else [])


def test_an_address_that_takes_no_mail_is_asked_in_the_portal(energy: World) -> None:
    person, account = paperless(energy, "Alice")
    with energy.store.writing() as session:
        session.execute(update(Consumer).where(Consumer.id == person).values(mail_failed_at=SINCE))
    ask(energy)
    with energy.store.reading() as session:
        [asked] = suitability_events(session, account)
        assert asked.way == "portal"
        assert session.scalars(select(Job).where(Job.kind == "suitability_check")).all() == []
