"""Alice wants one mail on Saturdays: it announces all that came, goes once, and brings each letter if it bounces."""

import multiprocessing
import os
import signal
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import event, select, update

import delivery
from bill import PostalAddress, Reason
from config import Config
from delivery import SmtpClient
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.smtp.dev_inbox import list_mails
from delivery.notices.choose_notices import choose_as_everywhere, choose_notices
from delivery.notices.notice_preference import NoticePreference, preferences_of
from store import open_store
from store.accounts.consumer import Consumer, Enrolment
from store.accounts.notice_preference import move_preferences
from store.bills.bill import BillRow
from store.db.event import events_of
from store.db.leases import reclaim_dead
from store.delivery import Attempt, Delivery
from store.vault.key_ring import KeyRing
from tests.delivery.sample_bills import PUBLIC_URL, World
from tests.spelled_reasons import french

TUESDAY, SATURDAY = datetime(2026, 3, 3, 9, tzinfo=UTC), datetime(2026, 3, 7, 8, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)
SENDER = "Facteur <facteur@facteur.example>"
PAPER = ("print", None)
WEEKLY = NoticePreference(digest="weekly")


def choose(world: World, person: int, preference: NoticePreference, account: int | None = None) -> bool:
    with world.store.writing() as session:
        return choose_notices(session, person, account, preference, TUESDAY)


def weekly(world: World, bills: int = 3, email: str = "") -> tuple[int, list[int]]:
    """Alice, her choice, and bills of two issuers that wait for Saturday."""
    alice = world.consumer("Alice", email)
    choose(world, alice, WEEKLY)
    water = world.issuer("eaux", "Eaux du Val")
    accounts = [world.account(alice, paperless=True), world.account(alice, paperless=True, issuer_id=water)]
    ids = [world.bill(accounts[n % 2], ISSUED, DUE + timedelta(days=n)) for n in range(bills)]
    world.choose(TUESDAY)
    return alice, ids


def states(world: World, bills: Sequence[int], person: int) -> list[str]:
    return [world.states(bill)["notify", person] for bill in bills]


def attempts(world: World) -> list[tuple[int, str, str | None]]:
    with world.store.reading() as session:
        found = session.scalars(select(Attempt).order_by(Attempt.delivery_id, Attempt.n)).all()
        return [(each.n, each.message_id, each.outcome) for each in found]


def test_alice_gets_one_mail_on_saturday(world: World, post: SmtpClient, inbox: Path) -> None:
    alice, bills = weekly(world)
    world.live(post, TUESDAY, SATURDAY - timedelta(minutes=1))
    assert list_mails(inbox) == []
    world.live(post, SATURDAY, SATURDAY)
    [mail] = list_mails(inbox, "alice@example.org")
    assert mail.subject == "Vos factures de la semaine"
    numbers = [world.row(bill).number for bill in bills]
    ordered = [bills[1], bills[0], bills[2]]  # Eaux du Val, then Lumière, the bill first that is due first
    assert mail.links[:3] == [world.link(bill, alice) for bill in ordered]
    assert mail.text.count("d’ici là, une lettre part le ") == 3
    assert f"Eaux du Val\u00a0: facture n° {numbers[1]} du 3 mars 2026" in mail.text.replace("n°\u00a0", "n° ")
    assert mail.text.count("84,20\u00a0€, au plus tard le ") == 3
    assert states(world, bills, alice) == ["sent"] * 3
    shared = attempts(world)
    assert len(shared) == 3
    assert len({message_id for _, message_id, _ in shared}) == 1
    notice = world.owed(bills[0])["notify", alice]
    assert french(notice.reason) == "compte sans papier : annoncée dans le courriel groupé du 7 mars 2026"
    assert notice.sent_at == SATURDAY


def test_the_days_to_read_begin_with_the_digest(world: World) -> None:
    """Six working days after Saturday, since the due date allows it; whoever is told at once has them from Tuesday."""
    alice, [waiting] = weekly(world, 1)
    due = date(2026, 3, 30)
    later = world.bill(world.row(waiting).account_id, ISSUED, due)
    bob = world.bill(world.account(world.consumer("Bob"), paperless=True), ISSUED, due)
    world.choose(TUESDAY)
    assert states(world, [later], alice) == ["waiting"]
    days = [world.owed(bill)[PAPER].due_at.date() for bill in (later, bob)]
    assert days == [date(2026, 3, 17), date(2026, 3, 13)]


def test_what_is_due_soon_has_a_mail_of_its_own_at_once(world: World, post: SmtpClient, inbox: Path) -> None:
    alice, [bill] = weekly(world, 1)
    soon = world.bill(world.account(alice, paperless=True), ISSUED, date(2026, 3, 12))
    world.choose(TUESDAY)
    world.send(post, TUESDAY)
    [mail] = list_mails(inbox)
    assert mail.subject == "Votre facture Lumière de l'Ouest est arrivée"
    assert (states(world, [soon], alice), states(world, [bill], alice)) == (["sent"], ["waiting"])


def test_no_reminder_comes_before_the_digest(world: World, post: SmtpClient, inbox: Path) -> None:
    _, bills = weekly(world, 1)
    world.live(post, TUESDAY, datetime(2026, 4, 10, 20, tzinfo=UTC))
    subjects = [mail.subject for mail in reversed(list_mails(inbox))]
    assert subjects[0] == "Vos factures de la semaine"
    assert set(subjects[1:]) == {"Rappel : votre facture Lumière de l'Ouest vous attend"}
    assert world.states(bills[0])[PAPER] == "sent"


def test_what_was_viewed_or_withdrawn_is_not_in_it(world: World, post: SmtpClient, inbox: Path) -> None:
    alice, bills = weekly(world)
    world.view(bills[0], alice, TUESDAY + timedelta(hours=1))
    world.send(post, SATURDAY)
    [mail] = list_mails(inbox)
    assert mail.text.count("Montant à payer") == 2
    assert states(world, bills, alice) == ["cancelled", "sent", "sent"]


def test_when_all_was_viewed_nothing_is_sent(world: World, post: SmtpClient, inbox: Path) -> None:
    alice, bills = weekly(world)
    for bill in bills:
        world.view(bill, alice, TUESDAY + timedelta(hours=1))
    world.send(post, SATURDAY)
    assert list_mails(inbox) == []


def test_whoever_left_an_account_hears_of_the_others_alone(world: World, post: SmtpClient, inbox: Path) -> None:
    alice, bills = weekly(world, 2)
    with world.store.writing() as session:
        mine = (Enrolment.account_id == world.row(bills[0]).account_id, Enrolment.consumer_id == alice)
        session.execute(update(Enrolment).where(*mine).values(ended_at=TUESDAY))
    world.send(post, SATURDAY)
    assert states(world, bills, alice) == ["failed", "sent"]
    assert [mail.text.count("Montant à payer") for mail in list_mails(inbox)] == [1]


def test_a_bounce_fails_them_all_and_brings_each_letter_forward(world: World, post: SmtpClient) -> None:
    alice, bills = weekly(world, email="bounce-alice@example.org")
    world.send(post, SATURDAY)
    assert states(world, bills, alice) == ["failed"] * 3
    for bill in bills:
        letter = world.owed(bill)[PAPER]
        assert (letter.state, letter.due_at) == ("ready", SATURDAY)
    with world.store.reading() as session:
        assert session.get_one(Consumer, alice).mail_failed_at == SATURDAY


class Relay:
    """Writes down what it takes; fails first with these errors; may kill the process when it has taken something."""

    sender, host = SENDER, "facteur.example"

    def __init__(self, taken: Path, *errors: DeliveryError, kills: bool = False) -> None:
        self.taken, self.errors, self.kills = taken, list(errors), kills

    def send(self, mail, to):
        with self.taken.open("a") as file:
            file.write(
                f"{mail['Message-ID']} {mail.get_payload(0).get_payload(decode=True).decode().count('Montant')}\n"
            )
        if self.kills:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.errors:
            raise self.errors.pop(0)
        return "250 OK"

    def hang_up(self) -> None:
        return


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


@pytest.mark.parametrize("kind", ["later", "busy", "down", "in_doubt"])
def test_what_could_not_be_sent_goes_again_together(world: World, tmp_path: Path, kind: str) -> None:
    """A bill that comes for the digest meanwhile goes in one of its own: the first may have arrived."""
    alice, bills = weekly(world)
    relay = Relay(tmp_path / "taken", DeliveryError(kind, "451 not now"))  # type: ignore[arg-type]
    world.send(relay, SATURDAY)
    assert states(world, bills, alice) == ["waiting"] * 3
    late = world.bill(world.account(alice, paperless=True), ISSUED, DUE)
    world.choose(SATURDAY)
    assert world.owed(late)["notify", alice].due_at == SATURDAY
    for minutes in (1, 2):
        world.send(relay, SATURDAY + timedelta(minutes=minutes))
    first, again, alone = lines(tmp_path / "taken")
    assert first == again
    assert (first.split()[1], alone.split()[1]) == ("3", "1")
    assert first.split()[0] != alone.split()[0]
    assert states(world, [*bills, late], alice) == ["sent"] * 4


def test_it_keeps_its_message_id_when_its_first_bill_was_read_meanwhile(world: World, tmp_path: Path) -> None:
    alice, bills = weekly(world)
    relay = Relay(tmp_path / "taken", DeliveryError("in_doubt", "connection lost"))
    world.send(relay, SATURDAY)
    world.view(bills[0], alice, SATURDAY)
    world.send(relay, SATURDAY + timedelta(minutes=1))
    first, again = (each.split() for each in lines(tmp_path / "taken"))
    assert first[0] == again[0]
    assert (first[1], again[1]) == ("3", "2")


def test_it_takes_along_what_is_due_and_not_yet_promoted(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("delivery.promote_due"), "GROUP", 2)
    alice, bills = weekly(world)
    world.send(Relay(tmp_path / "taken"), SATURDAY)
    assert [each.split()[1] for each in lines(tmp_path / "taken")] == ["3"]
    assert states(world, bills, alice) == ["sent"] * 3
    assert world.events(world.owed(bills[2])["notify", alice].id) == ["ready", "attempting", "sent"]


def send_and_die(config: Config, relay: Relay) -> None:
    store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
    with store.writing() as session:
        delivery.promote_due(session, SATURDAY)
    delivery.send_due(store, relay, PUBLIC_URL, SATURDAY)


def test_a_process_that_dies_over_it_leaves_all_in_doubt_and_it_goes_once_more(
    world: World, config: Config, tmp_path: Path
) -> None:
    alice, bills = weekly(world)
    killed = Relay(tmp_path / "taken", kills=True)
    victim = multiprocessing.get_context("fork").Process(target=send_and_die, args=(config, killed))
    victim.start()
    victim.join()
    assert victim.exitcode == -signal.SIGKILL
    assert states(world, bills, alice) == ["attempting"] * 3
    with world.store.writing() as session:
        reclaim_dead(session, [Delivery])
    world.send(Relay(tmp_path / "taken"), SATURDAY)
    first, again = lines(tmp_path / "taken")
    assert first == again
    assert states(world, bills, alice) == ["sent"] * 3
    notice = world.owed(bills[0])["notify", alice]
    assert world.events(notice.id)[-5:] == ["attempting", "in_doubt", "ready", "attempting", "sent"]


def test_a_part_that_is_not_yet_found_in_doubt_keeps_the_rest(world: World, tmp_path: Path) -> None:
    alice, bills = weekly(world)
    world.send(Relay(tmp_path / "taken", DeliveryError("in_doubt", "connection lost")), SATURDAY)
    other = world.owed(bills[1])["notify", alice].id
    with world.store.writing() as session:
        mine = update(Delivery).where(Delivery.id == other)
        session.execute(mine.values(state="attempting", lease_owner="another process", lease_until=9e12))
    world.send(Relay(tmp_path / "taken"), SATURDAY + timedelta(minutes=1))
    assert len(lines(tmp_path / "taken")) == 1
    assert states(world, bills, alice) == ["ready", "attempting", "ready"]


def test_more_than_one_mail_can_hold_go_in_two(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("delivery.channels.email.begin_digest.MOST_BILLS", 2)
    alice, bills = weekly(world)
    world.send(Relay(tmp_path / "taken"), SATURDAY)
    assert [each.split()[1] for each in lines(tmp_path / "taken")] == ["2", "1"]
    assert states(world, bills, alice) == ["sent"] * 3


def test_a_digest_is_read_by_an_index_and_costs_the_same_for_any_number(world: World, tmp_path: Path) -> None:
    _, _ = weekly(world, 2)
    asked: list[str] = []
    event.listen(world.store.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    world.send(Relay(tmp_path / "taken"), SATURDAY)
    gathers = [each for each in asked if "'announced_in_digest'" in each and each.startswith("SELECT")]
    assert len(gathers) == 1
    with world.store.engine.connect() as connection:
        connection = connection.execution_options(no_parameters=True)
        if world.store.is_sqlite:
            plan = "SELECT id FROM delivery WHERE person_id = 1 AND reason_code = 'announced_in_digest' AND state IN"
            plan += " ('waiting', 'ready', 'attempting', 'in_doubt')"
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {plan}").all()
            assert "ix_delivery_person_id_digest" in str(rows)


# -- the choice ---------------------------------------------------------------------------------------------------


def test_whoever_changes_the_choice_does_not_wait_for_saturday(world: World, post: SmtpClient, inbox: Path) -> None:
    alice, bills = weekly(world, 2)
    choose(world, alice, NoticePreference())
    world.send(post, TUESDAY)
    assert [mail.subject for mail in list_mails(inbox)] == [
        "Votre facture Eaux du Val est arrivée", "Votre facture Lumière de l'Ouest est arrivée",
    ]  # fmt: skip
    assert states(world, bills, alice) == ["sent"] * 2


def test_an_account_may_be_an_exception(world: World) -> None:
    alice, bills = weekly(world, 2)
    account = world.row(bills[0]).account_id
    assert choose(world, alice, NoticePreference(language="en"), account)
    assert not choose(world, alice, NoticePreference(language="en"), account)
    notices = [world.owed(bill)["notify", alice] for bill in bills]
    assert [notice.due_at for notice in notices] == [TUESDAY, SATURDAY]
    with world.store.writing() as session:
        assert choose_as_everywhere(session, alice, account, TUESDAY)
        assert not choose_as_everywhere(session, alice, account, TUESDAY)
    with world.store.reading() as session:
        told = [(each.what, each.by, each.reason_values) for each in events_of(session, "consumer", alice)]
    everywhere = {"channels": ["email"], "digest": "weekly", "digest_day": 5}
    assert [what for what, *_ in told] == ["notices chosen", "notices chosen", "notices as everywhere"]
    assert {by for _, by, _ in told} == {f"consumer {alice}"}
    assert told[0][2].items() >= everywhere.items()
    assert (told[1][2]["account_id"], told[1][2]["language"]) == (account, "en")


def test_a_change_for_all_leaves_the_exception_as_it_is(world: World) -> None:
    alice, bills = weekly(world, 2)
    account = world.row(bills[0]).account_id
    choose(world, alice, NoticePreference(digest="weekly", digest_day=6), account)
    late = world.bill(account, ISSUED, DUE)
    world.choose(TUESDAY)
    choose(world, alice, NoticePreference())
    assert [world.owed(bill)["notify", alice].due_at for bill in (bills[1], late)] == [
        TUESDAY, SATURDAY + timedelta(days=1),
    ]  # fmt: skip


def test_who_wants_no_mail_at_all_gets_paper(world: World) -> None:
    alice = world.consumer("Alice")
    choose(world, alice, NoticePreference(channels=()))
    bill = world.bill(world.account(alice, paperless=True), ISSUED, DUE)
    world.choose(TUESDAY)
    assert world.states(bill) == {("present", alice): "ready", PAPER: "ready"}
    assert world.owed(bill)[PAPER].reason == Reason("no_channel_chosen")


def test_whoever_wants_no_mail_leaves_it_to_the_others(world: World) -> None:
    alice, bob = world.consumer("Alice"), world.consumer("Bob")
    account = world.account(alice, bob, paperless=True)
    choose(world, alice, NoticePreference(channels=()), account)
    bill = world.bill(account, ISSUED, DUE)
    world.choose(TUESDAY)
    states = world.states(bill)
    assert (states["notify", bob], states[PAPER]) == ("ready", "waiting")
    assert ("notify", alice) not in states


def test_a_mail_has_the_language_of_its_account(world: World, post: SmtpClient, inbox: Path) -> None:
    alice = world.consumer("Alice")
    french_one, english_one = (world.account(alice, paperless=True) for _ in range(2))
    choose(world, alice, NoticePreference(language="en"), english_one)
    for account in (french_one, english_one):
        world.bill(account, ISSUED, DUE)
    world.choose(TUESDAY)
    world.send(post, TUESDAY)
    assert sorted(mail.subject for mail in list_mails(inbox)) == [
        "Votre facture Lumière de l'Ouest est arrivée", "Your bill from Lumière de l'Ouest has arrived",
    ]  # fmt: skip


def test_a_digest_has_the_language_of_all_its_accounts_or_that_of_the_reader(
    world: World, post: SmtpClient, inbox: Path
) -> None:
    alice, bills = weekly(world, 2)
    english = NoticePreference(digest="weekly", language="en")
    first, second = (world.row(bill).account_id for bill in bills)
    with world.store.writing() as session:
        session.execute(update(Delivery).where(Delivery.purpose == "notify").values(attempts=1))  # none is let go
    choose(world, alice, english, first)
    with world.store.writing() as session:
        session.execute(update(Delivery).where(Delivery.purpose == "notify").values(attempts=0))
    world.send(post, SATURDAY)
    assert [mail.subject for mail in list_mails(inbox)] == ["Vos factures de la semaine"]
    choose(world, alice, english, second)
    for account in (first, second):
        world.bill(account, ISSUED, DUE + timedelta(days=60))
    world.choose(SATURDAY + timedelta(days=1))
    world.send(post, SATURDAY + timedelta(days=7))
    assert list_mails(inbox)[0].subject == "Your bills of the week"


def test_who_wants_no_mail_gets_none_and_the_letter_comes_forward(world: World, post: SmtpClient, inbox: Path) -> None:
    alice, [bill] = weekly(world, 1)
    choose(world, alice, NoticePreference(channels=()))
    world.send(post, TUESDAY)
    assert list_mails(inbox) == []
    assert states(world, [bill], alice) == ["failed"]
    letter = world.owed(bill)[PAPER]
    assert (letter.state, letter.reason) == ("ready", Reason("no_channel_chosen"))


# -- quiet hours --------------------------------------------------------------------------------------------------


def test_charlie_sleeps_by_day_and_his_mail_waits(world: World, post: SmtpClient, inbox: Path) -> None:
    charlie = world.consumer("Charlie")
    choose(world, charlie, NoticePreference(quiet_from=time(8), quiet_until=time(20)))
    bill = world.bill(world.account(charlie, paperless=True), ISSUED, DUE)
    world.choose(TUESDAY)
    evening = datetime(2026, 3, 3, 19, tzinfo=UTC)
    world.live(post, TUESDAY, evening - timedelta(minutes=1))
    assert list_mails(inbox) == []
    world.live(post, evening, evening)
    assert [mail.to for mail in list_mails(inbox)] == ["charlie@example.org"]
    assert world.owed(bill)["notify", charlie].sent_at == evening


def test_a_worker_that_comes_late_does_not_wake_charlie(world: World, post: SmtpClient, inbox: Path) -> None:
    """What was due before the quiet hours and could not be sent waits for their end, by the clock of its postcode."""
    bob = world.consumer("Bob")
    choose(world, bob, NoticePreference(quiet_from=time(22), quiet_until=time(7)))
    at_home = PostalAddress(line1="2 rue Pasteur", postcode="97400", city="Saint-Denis", country="FR")
    bill = world.bill(world.account(bob, paperless=True, address=at_home), ISSUED, DUE)
    world.choose(TUESDAY)
    world.send(post, datetime(2026, 3, 3, 18, 30, tzinfo=UTC))  # 22:30 in La Réunion
    assert list_mails(inbox) == []
    world.send(post, datetime(2026, 3, 4, 2, 59, tzinfo=UTC))
    assert list_mails(inbox) == []
    world.send(post, datetime(2026, 3, 4, 3, tzinfo=UTC))
    assert states(world, [bill], bob) == ["sent"]


def test_quiet_hours_move_no_letter(world: World, post: SmtpClient) -> None:
    """A bill for which it is too late to wait is printed the same day, though its reader sleeps."""
    charlie = world.consumer("Charlie")
    account = world.account(charlie, paperless=True)
    bills = [world.bill(account, ISSUED, due) for due in (DUE, date(2026, 3, 10))]
    world.choose(TUESDAY)
    letters = [(world.owed(bill)[PAPER].state, world.owed(bill)[PAPER].due_at) for bill in bills]
    choose(world, charlie, NoticePreference(quiet_from=time(8), quiet_until=time(20)))
    same = [world.bill(account, ISSUED, due) for due in (DUE, date(2026, 3, 10))]
    world.choose(TUESDAY)
    assert [(world.owed(bill)[PAPER].state, world.owed(bill)[PAPER].due_at) for bill in same] == letters


def test_who_sleeps_until_the_letter_left_is_not_reminded_of_it(world: World, post: SmtpClient, inbox: Path) -> None:
    charlie = world.consumer("Charlie")
    bill = world.bill(world.account(charlie, paperless=True), ISSUED, DUE)
    world.choose(TUESDAY)
    world.send(post, TUESDAY)
    with world.store.writing() as session:
        session.execute(update(BillRow).values(posted_at=TUESDAY + timedelta(days=1)))
    reminder = next(each for (purpose, _), each in world.owed(bill).items() if purpose == "remind-1")
    world.send(post, reminder.due_at)
    assert len(list_mails(inbox)) == 1
    assert world.owed(bill)["remind-1", charlie].reason == Reason("posted_meanwhile")


def test_the_choice_for_an_account_follows_it_into_another(world: World) -> None:
    alice, bob = world.consumer("Alice"), world.consumer("Bob")
    other, held = world.account(alice, bob, paperless=True), world.account(bob, paperless=True)
    for person, account, language in ((alice, other, "en"), (bob, other, "en"), (bob, held, "fr")):
        choose(world, person, NoticePreference(language=language), account)
    with world.store.writing() as session:
        move_preferences(session, other, held)
        kept = preferences_of(session, {(alice, held), (bob, held)})
    assert [kept[person, held].language for person in (alice, bob)] == ["en", "fr"]


def test_quiet_hours_cost_no_query_a_mail(world: World, tmp_path: Path) -> None:
    def queries(people: int) -> int:
        for n in range(people):
            reader = world.consumer(f"Reader {people} {n}", f"reader-{people}-{n}@example.org")
            choose(world, reader, NoticePreference(quiet_from=time(22), quiet_until=time(7)))
            world.bill(world.account(reader, paperless=True), ISSUED, DUE)
        world.choose(TUESDAY)
        asked: list[str] = []

        def listen(*said: object) -> None:
            asked.append(str(said[2]))

        event.listen(world.store.engine, "before_cursor_execute", listen)
        world.send(Relay(tmp_path / "taken"), TUESDAY)
        event.remove(world.store.engine, "before_cursor_execute", listen)
        return sum("notice_preference" in each or "FROM account" in each for each in asked)

    assert queries(2) == queries(12)
