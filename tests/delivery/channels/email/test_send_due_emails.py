"""Notices and reminders: who reads, who never does, whose mail bounces, and servers that misbehave."""

import multiprocessing
import os
import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

import delivery
from config import Config
from delivery import SmtpClient
from delivery.channels.attempt_log import MOST_ATTEMPTS, RETRY_AFTER
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.smtp.dev_inbox import list_mails
from pipeline.feed_pipeline import Pipeline
from store import open_store
from store.accounts.consumer import Consumer, Enrolment
from store.db.event import Event
from store.db.leases import reclaim_dead
from store.delivery import Attempt, Delivery, Receipt, attempts_by_delivery
from store.vault.key_ring import KeyRing
from tests.delivery.sample_bills import PUBLIC_URL, World
from tests.spelled_reasons import french
from words.written_dates import written_date

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)
SENDER = "Facteur <facteur@facteur.example>"
PAPER = ("print", None)


def told(world: World, *names: str, paperless: bool = True) -> tuple[int, list[int]]:
    """A bill of an account that these people hold, and who they are."""
    people = [world.consumer(name, "bounce-charlie@example.org" if name == "Charlie" else "") for name in names]
    bill = world.bill(world.account(*people, paperless=paperless), ISSUED, DUE)
    world.choose(TUESDAY)
    return bill, people


# -- the people -------------------------------------------------------------------------------------------------


def test_alice_is_told_at_once_and_reads(world, post, inbox):
    bill, [alice] = told(world, "Alice")
    assert (world.row(bill).state, world.row(bill).channel) == ("chosen", "portal")
    world.send(post, TUESDAY)
    [mail] = list_mails(inbox, "alice@example.org")
    assert mail.subject == "Votre facture Lumière de l'Ouest est arrivée"
    assert mail.links[0] == world.link(bill, alice)
    assert f"une lettre part le {written_date(world.owed(bill)[PAPER].due_at.date(), 'fr')}." in mail.text
    assert world.states(bill) == {
        ("present", alice): "sent", ("notify", alice): "sent", ("remind-1", alice): "waiting",
        PAPER: "waiting",
    }  # fmt: skip
    wednesday = TUESDAY + timedelta(days=1)
    assert world.view(bill, alice, wednesday)
    assert world.states(bill) == {
        ("present", alice): "delivered", ("notify", alice): "sent", ("remind-1", alice): "cancelled",
        PAPER: "cancelled",
    }  # fmt: skip
    assert world.row(bill).viewed_at == wednesday
    assert world.events(world.owed(bill)[PAPER].id) == ["cancelled"]


def test_reading_twice_changes_nothing(world, post):
    bill, [alice] = told(world, "Alice")
    world.send(post, TUESDAY)
    assert world.view(bill, alice, TUESDAY + timedelta(hours=1))
    assert not world.view(bill, alice, TUESDAY + timedelta(hours=2))
    assert world.row(bill).viewed_at == TUESDAY + timedelta(hours=1)


def test_bob_never_reads_is_reminded_and_gets_a_letter(world, post, inbox):
    bill, _ = told(world, "Bob")
    world.live(post, TUESDAY, datetime(2026, 3, 20, 15, 0, tzinfo=UTC))
    subjects = [mail.subject for mail in reversed(list_mails(inbox, "bob@example.org"))]
    assert subjects == [
        "Votre facture Lumière de l'Ouest est arrivée",
        "Rappel : votre facture Lumière de l'Ouest vous attend",
    ]
    assert world.states(bill)[PAPER] == "waiting"
    world.live(post, datetime(2026, 3, 20, 16, 0, tzinfo=UTC), datetime(2026, 3, 20, 18, 0, tzinfo=UTC))
    letter = world.owed(bill)[PAPER]
    assert letter.state == "sent"
    assert world.row(bill).channel == "paper"
    assert world.events(letter.id) == ["ready", "attempting", "sent"]


def test_bob_reads_when_the_letter_waits_in_the_open_batch(world, post):
    bill, [bob] = told(world, "Bob")
    at = datetime(2026, 3, 20, 16, 0, tzinfo=UTC)
    world.live(post, TUESDAY, at)
    assert world.states(bill)[PAPER] == "ready"
    assert world.owed(bill)[PAPER].batch_id is not None
    world.view(bill, bob, at)
    world.live(post, at, at + timedelta(hours=3))
    assert world.states(bill)[PAPER] == "cancelled"
    assert world.owed(bill)[PAPER].batch_id is None


def test_charlies_mail_bounces_and_paper_goes_at_once(world, post, inbox):
    bill, [charlie] = told(world, "Charlie")
    world.send(post, TUESDAY)
    states = world.states(bill)
    assert states["notify", charlie] == "failed"
    assert states["remind-1", charlie] == "cancelled"
    letter, notice = world.owed(bill)[PAPER], world.owed(bill)["notify", charlie]
    assert (letter.state, letter.due_at, letter.replaces_id) == ("ready", TUESDAY, notice.id)
    assert french(letter.reason).startswith("le message est revenu : 550")
    with world.store.reading() as session:
        assert session.get_one(Consumer, charlie).mail_failed_at == TUESDAY
        [receipt] = session.scalars(select(Receipt).where(Receipt.delivery_id == notice.id))
        assert receipt.kind == "bounced"
        [attempt] = attempts_by_delivery(session, [notice.id])[notice.id]
        assert (attempt.outcome, attempt.message_id) == ("refused", f"<d{notice.id}@facteur.example>")
        why = session.scalars(select(Event.what).where(Event.subject == "consumer", Event.subject_id == charlie)).all()
        assert why == ["address suppressed"]
    assert list_mails(inbox) == []


def test_charlies_next_bill_is_not_mailed_at_all(world, post):
    _, [charlie] = told(world, "Charlie")
    world.send(post, TUESDAY)
    account = world.account(charlie, paperless=True)
    second = world.bill(account, ISSUED, DUE)
    world.choose(TUESDAY)
    assert world.states(second) == {("present", charlie): "ready", PAPER: "ready"}


def test_when_alice_was_told_charlies_bounce_prints_nothing(world, post):
    bill, [alice, charlie] = told(world, "Alice", "Charlie")
    world.send(post, TUESDAY)
    states = world.states(bill)
    assert (states["notify", alice], states["notify", charlie], states[PAPER]) == ("sent", "failed", "waiting")
    assert states["remind-1", alice] == "waiting"


def test_a_bounce_that_is_reported_twice_is_heard_once(world, post):
    bill, [alice] = told(world, "Alice")
    world.send(post, TUESDAY)
    notice = world.owed(bill)["notify", alice].id
    for heard in (True, False):
        with world.store.writing() as session:
            assert delivery.mail_bounced(session, notice, "550 5.1.1 no such user", TUESDAY) is heard
    assert world.events(notice) == ["attempting", "sent", "failed"]


def test_a_late_bounce_of_a_bill_that_was_read_prints_nothing(world, post):
    bill, [alice] = told(world, "Alice")
    world.send(post, TUESDAY)
    world.view(bill, alice, TUESDAY)
    with world.store.writing() as session:
        delivery.mail_bounced(session, world.owed(bill)["notify", alice].id, "550 gone", TUESDAY)
    assert world.states(bill)[PAPER] == "cancelled"


def test_reminders_find_an_address_that_bounced_in_between(world, post, inbox):
    """Two bills; the second one's notice bounces: the first bill's reader cannot be reminded, and gets paper."""
    first, [bob] = told(world, "Bob")
    world.send(post, TUESDAY)
    with world.store.writing() as session:
        session.execute(
            update(Consumer).where(Consumer.id == bob).values(mail_failed_at=TUESDAY, mail_failure="550 5.1.1 gone")
        )
    world.send(post, TUESDAY + timedelta(days=8))
    assert world.states(first)["remind-1", bob] == "failed"
    assert world.states(first)[PAPER] == "ready"
    assert len(list_mails(inbox)) == 1


def test_whoever_left_the_account_hears_nothing_more(world, post, inbox):
    bill, [alice] = told(world, "Alice")
    with world.store.writing() as session:
        session.execute(update(Enrolment).where(Enrolment.consumer_id == alice).values(ended_at=TUESDAY))
    world.send(post, TUESDAY)
    assert list_mails(inbox) == []
    assert world.states(bill)["notify", alice] == "failed"
    assert world.states(bill)[PAPER] == "ready"


def test_viewing_never_stops_the_paper_of_those_who_want_it(world):
    bill, [alice] = told(world, "Alice", paperless=False)
    world.view(bill, alice, TUESDAY)
    assert world.states(bill) == {("present", alice): "delivered", PAPER: "ready"}


def test_an_account_nobody_claimed(world, post, inbox):
    bill = world.bill(world.account(), ISSUED, DUE)
    world.choose(TUESDAY)
    world.send(post, TUESDAY)
    assert world.states(bill) == {PAPER: "ready"}
    assert list_mails(inbox) == []


def test_choosing_twice_owes_once(world):
    bill, _ = told(world, "Alice")
    before = world.owed(bill).keys()
    with world.store.writing() as session:
        delivery.choose_bills(session, [world.row(bill)], TUESDAY)
    assert world.owed(bill).keys() == before


def test_thousands_are_presented_and_mailed(world, post, inbox):
    account = world.account(world.consumer("Alice"), paperless=True)
    bills = [world.bill(account, ISSUED, DUE) for _ in range(120)]
    world.choose(TUESDAY)
    world.send(post, TUESDAY)
    assert len(list_mails(inbox, limit=500)) == len(bills)
    assert world.count(Delivery.state == "sent", Delivery.channel == "email") == len(bills)


# -- the servers ------------------------------------------------------------------------------------------------


class Server:
    """An SMTP server that answers as it was told to."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK") -> None:
        self.rcpt, self.data = rcpt, data
        self.message_ids: list[str] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        head = envelope.content.decode().split("\r\n\r\n")[0]
        self.message_ids += [line[12:] for line in head.split("\r\n") if line.startswith("Message-ID: ")]
        return self.data


@contextmanager
def served(server: Server, host: str = "127.0.0.1") -> Iterator[SmtpClient]:
    with socket.socket() as probe:
        probe.bind((host, 0))
        port = probe.getsockname()[1]
    controller = Controller(server, hostname=host, port=port, server_hostname="localhost")
    controller.start()
    try:
        yield SmtpClient(f"smtp://{host}:{port}", SENDER)
    finally:
        controller.stop()


def notice_of(world: World, bill: int) -> Delivery:
    return next(row for (purpose, _), row in world.owed(bill).items() if purpose == "notify")


def outcomes(world: World, delivery_id: int) -> list[str | None]:
    with world.store.reading() as session:
        return [attempt.outcome for attempt in attempts_by_delivery(session, [delivery_id])[delivery_id]]


@pytest.mark.parametrize(
    "server",
    [
        Server(rcpt="450 4.2.1 busy"),
        Server(rcpt="421 going down"),
        Server(rcpt="552 mailbox full"),
        Server(rcpt="550 5.2.2 over quota"),
        Server(rcpt="550 5.7.1 your host is listed"),
        Server(data="451 4.3.0 try again"),
        Server(data="554 5.7.1 looks like spam"),
    ],
    ids=lambda server: f"{server.rcpt}, {server.data}",
)
def test_what_does_not_speak_of_the_address_is_tried_again_and_suppresses_nobody(world, server):
    bill, [alice] = told(world, "Alice")
    with served(server) as post:
        world.send(post, TUESDAY)
    notice = notice_of(world, bill)
    assert (notice.state, notice.due_at) == ("waiting", TUESDAY + timedelta(minutes=1))
    assert outcomes(world, notice.id) == ["later"]
    assert world.states(bill)[PAPER] == "waiting"
    with world.store.reading() as session:
        assert session.get_one(Consumer, alice).mail_failed_at is None


@pytest.mark.parametrize("server", [Server(rcpt="550 5.1.1 unknown"), Server(data="550 5.1.6 moved")],
                         ids=["RCPT", "DATA"])  # fmt: skip
def test_a_refusal_for_good_is_a_bounce(world, server):
    bill, [_] = told(world, "Alice")
    with served(server) as post:
        world.send(post, TUESDAY)
    assert notice_of(world, bill).state == "failed"
    assert world.states(bill)[PAPER] == "ready"


def test_later_and_later_and_then_paper(world):
    bill, [alice] = told(world, "Alice")
    now = TUESDAY
    with served(Server(rcpt="450 4.2.1 busy")) as post:
        for minutes in RETRY_AFTER:
            world.send(post, now)
            assert world.states(bill)[PAPER] == "waiting"
            world.send(post, now + timedelta(seconds=30))  # not yet
            now += timedelta(minutes=minutes)
        world.send(post, now)
    notice = notice_of(world, bill)
    assert (notice.state, notice.attempts) == ("failed", MOST_ATTEMPTS)
    assert outcomes(world, notice.id) == ["later"] * MOST_ATTEMPTS
    letter = world.owed(bill)[PAPER]
    assert (letter.state, letter.replaces_id) == ("ready", notice.id)
    assert french(letter.reason).startswith(f"le message n’a pu être remis après {MOST_ATTEMPTS} essais : 450")
    with world.store.reading() as session:
        assert session.get_one(Consumer, alice).mail_failed_at is None


def test_nobody_answers_and_nothing_is_printed(world):
    bill, [_] = told(world, "Alice")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        post = SmtpClient(f"smtp://127.0.0.1:{closed.getsockname()[1]}", SENDER, timeout=1)
        world.send(post, TUESDAY)
    notice = notice_of(world, bill)
    assert (notice.state, outcomes(world, notice.id)) == ("waiting", ["later"])
    assert world.states(bill)[PAPER] == "waiting"


@contextmanager
def falling_silent(*, after_data: bool) -> Iterator[tuple[SmtpClient, list[bytes]]]:
    """A server that stops answering: at the first word, or when it has the whole mail. Its client has no patience from
    the moment at which no answer is meant to come."""
    listener = socket.create_server(("127.0.0.1", 0))
    taken: list[bytes] = []
    stop, talks = threading.Event(), list[threading.Thread]()
    post = SmtpClient(f"smtp://127.0.0.1:{listener.getsockname()[1]}", SENDER, timeout=20 if after_data else 0.1)

    def talk(line: socket.socket) -> None:
        with line, line.makefile("rwb") as file:
            if not after_data:
                stop.wait(60)
                return

            def say(words: bytes) -> None:
                file.write(words + b"\r\n")
                file.flush()

            say(b"220 hello")
            for word in file:
                if word.upper().startswith(b"DATA"):
                    post._connection.sock.settimeout(0.1)  # for what is read after the 354
                    say(b"354 go on")
                    mail = b"".join(iter(file.readline, b".\r\n"))
                    taken.append(mail)
                    stop.wait(60)
                    return
                say(b"250 OK")

    def listen() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            talks.append(threading.Thread(target=talk, args=(line,), daemon=True))
            talks[-1].start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield post, taken
    finally:
        stop.set()
        listener.close()
        for each in talks:
            each.join(60)


def test_a_server_that_hangs_is_left_alone(world):
    bill, [_] = told(world, "Alice")
    with falling_silent(after_data=False) as (post, _):
        world.send(post, TUESDAY)
    assert outcomes(world, notice_of(world, bill).id) == ["later"]
    assert notice_of(world, bill).state == "waiting"


def test_when_the_answer_is_lost_the_same_mail_goes_again(world):
    """The server has the mail, but its 250 never came: nobody knows, so it is sent again under the same Message-ID."""
    bill, [_] = told(world, "Alice")
    with falling_silent(after_data=True) as (post, taken):
        world.send(post, TUESDAY)
    notice = notice_of(world, bill)
    assert (notice.state, outcomes(world, notice.id)) == ("waiting", ["in_doubt"])
    assert "in_doubt" in world.events(notice.id)
    server = Server()
    with served(server) as post:
        world.send(post, TUESDAY + timedelta(minutes=1))
    assert notice_of(world, bill).state == "sent"
    assert f"Message-ID: {server.message_ids[0]}".encode() in taken[0]


def test_one_bad_address_does_not_stop_the_others(world, inbox, post):
    bills = [told(world, name)[0] for name in ("Alice", "Charlie", "Bob")]
    world.send(post, TUESDAY)
    assert [notice_of(world, bill).state for bill in bills] == ["sent", "failed", "sent"]


class Dying:
    """A mail transport in which the process dies: before the mail was taken, or just after."""

    sender, host = SENDER, "facteur.example"

    def __init__(self, post: SmtpClient | None = None) -> None:
        self.post = post

    def send(self, mail, to):
        if self.post:
            self.post.send(mail, to)
        raise KeyboardInterrupt

    def hang_up(self) -> None:
        if self.post:
            self.post.hang_up()


@pytest.mark.parametrize("was_taken", [True, False])
def test_killed_in_the_middle_the_mail_is_in_doubt_and_goes_again_once(world, post, inbox, was_taken):
    bill, [_] = told(world, "Alice")
    with pytest.raises(KeyboardInterrupt):
        world.send(Dying(post if was_taken else None), TUESDAY)
    notice = notice_of(world, bill)
    assert notice.state == "attempting"
    assert outcomes(world, notice.id) == [None]
    world.send(post, TUESDAY)
    assert notice_of(world, bill).state == "attempting"  # its process lives, as far as anybody knows
    with world.store.writing() as session:  # what `bury_the_dead` does for a process that is no more
        session.execute(update(Delivery).where(Delivery.id == notice.id).values(lease_owner=None, lease_until=0.0))
    world.send(post, TUESDAY)
    assert notice_of(world, bill).state == "sent"
    assert outcomes(world, notice.id) == ["in_doubt", "sent"]
    assert world.events(notice.id) == ["attempting", "in_doubt", "ready", "attempting", "sent"]
    assert len(list_mails(inbox)) == 1
    with world.store.reading() as session:
        assert len(set(session.scalars(select(Attempt.message_id)))) == 1


def test_a_database_that_is_full_after_the_mail_was_taken_makes_no_second_mail(world, post, config, monkeypatch):
    """Of what the worker remembers no row tells: its next round writes it down, before another worker takes the mail
    for lost."""
    bill, [_] = told(world, "Alice")
    pipeline = Pipeline(world.store, config, post)

    def full(_session, outcome, _now):
        if outcome is not None:
            raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("delivery.channels.send_due.end_attempt", full)
        pipeline.step(TUESDAY)
    assert notice_of(world, bill).state == "attempting"
    pipeline.step(TUESDAY)
    notice = notice_of(world, bill)
    assert (notice.state, notice.attempts, outcomes(world, notice.id)) == ("sent", 1, ["sent"])


class Killed(Dying):
    """The whole process is killed, when the mail was taken and nobody has written it down."""

    def send(self, mail, to):
        assert self.post
        self.post.send(mail, to)
        os.kill(os.getpid(), signal.SIGKILL)


def send_and_die(config: Config, post: SmtpClient) -> None:
    store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
    delivery.send_due(store, Killed(post), PUBLIC_URL, TUESDAY)


def test_a_killed_process_is_buried_and_its_mail_goes_again(world, config, post, inbox):
    bill, _ = told(world, "Alice")
    victim = multiprocessing.get_context("fork").Process(target=send_and_die, args=(config, post))
    victim.start()
    victim.join()
    assert victim.exitcode == -signal.SIGKILL
    assert notice_of(world, bill).state == "attempting"
    with world.store.writing() as session:
        assert reclaim_dead(session, [Delivery]) == 1
    world.send(post, TUESDAY)
    assert outcomes(world, notice_of(world, bill).id) == ["in_doubt", "sent"]
    assert len(list_mails(inbox)) == 1


def test_a_password_never_goes_over_a_plain_line():
    server = Server()
    with served(server, "127.0.0.2") as post:
        url = post._url._replace(netloc=f"alice:secret@{post._url.netloc}").geturl()
        with pytest.raises(DeliveryError, match="en clair") as refused:
            SmtpClient(url, SENDER).send(EmailMessage(), "bob@example.org")
    assert refused.value.kind == "down"


@pytest.mark.parametrize("ends", ["down", "busy", "later", "in_doubt", "last"])
def test_who_was_stopped_in_the_middle_of_a_mail_leaves_it_to_whoever_has_it(world, post, ends):
    """It was stopped for longer than its lease, and its relay has hung up meanwhile."""
    bill, _ = told(world, "Alice")

    class Stopped:
        host, sender = post.host, post.sender

        def send(self, _mail: EmailMessage, _to: str) -> str:
            tried = MOST_ATTEMPTS if ends == "last" else Delivery.attempts
            with world.store.writing() as session:
                here = update(Delivery).where(Delivery.state == "attempting")
                session.execute(here.values(lease_owner="alice.boot.1/7/7", attempts=tried))
            raise DeliveryError("later" if ends == "last" else ends, "connection lost")

        def hang_up(self) -> None:
            return

    world.send(Stopped(), TUESDAY)
    notice = notice_of(world, bill)
    assert (notice.state, notice.lease_owner) == ("attempting", "alice.boot.1/7/7")
    assert world.states(bill)[PAPER] == "waiting"
