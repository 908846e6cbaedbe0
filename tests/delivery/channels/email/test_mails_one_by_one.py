"""A mail is repeated at most once a crash, and a relay that is down or slow costs nobody a try."""

import multiprocessing
import os
import random
import signal
import socket
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import delivery
from config import Config
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.smtp.smtp_client import SmtpClient, _classify
from store import open_store
from store.db.leases import LEASE_SECONDS, reclaim_dead
from store.delivery import Attempt, Delivery
from store.vault.key_ring import KeyRing
from tests.delivery.sample_bills import PUBLIC_URL, World

TUESDAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 2), date(2026, 4, 15)
SENDER = "Facteur <facteur@facteur.example>"


class SlowRelay:
    """Takes a mail in some hundredths of a second and writes down whom it was for; it may be asked to die with it."""

    sender, host = SENDER, "facteur.example"

    def __init__(self, taken: Path, dies_after: int = 0) -> None:
        self.taken, self.left = taken, dies_after

    def send(self, mail, to):
        time.sleep(0.01)
        with self.taken.open("a") as file:
            file.write(mail["Message-ID"] + "\n")
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return "250 OK"

    def hang_up(self) -> None:
        return


def send_and_die(config: Config, relay: SlowRelay) -> None:
    store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
    while delivery.send_due(store, relay, PUBLIC_URL, TUESDAY):
        pass


def told(world: World, bills: int) -> None:
    account = world.account(world.consumer("Alice"), paperless=True)
    for _ in range(bills):
        world.bill(account, ISSUED, DUE)
    world.choose(TUESDAY)
    with world.store.writing() as session:
        while delivery.promote_due(session, TUESDAY):
            pass


def test_kills_over_a_slow_relay_repeat_one_mail_each(world: World, config: Config, tmp_path: Path) -> None:
    told(world, 60)
    taken, chance, kills = tmp_path / "taken", random.Random(2026), 0
    for _ in range(8):
        relay = SlowRelay(taken, chance.randrange(1, 6))
        victim = multiprocessing.get_context("fork").Process(target=send_and_die, args=(config, relay))
        victim.start()
        victim.join()
        kills += victim.exitcode == -signal.SIGKILL
        with world.store.writing() as session:
            reclaim_dead(session, [Delivery])
    send_and_die(config, SlowRelay(taken))
    mails = Counter(taken.read_text().split())
    assert kills == 8
    assert len(mails) == 60
    assert sum(mails.values()) == 60 + kills
    with world.store.reading() as session:
        notices = select(Delivery.state).where(Delivery.channel == "email", Delivery.purpose == "notify")
        assert set(session.scalars(notices)) == {"sent"}


def test_a_relay_that_is_down_for_days_counts_no_try_and_prints_nothing(world: World) -> None:
    told(world, 3)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        post = SmtpClient(f"smtp://127.0.0.1:{closed.getsockname()[1]}", SENDER, timeout=1)
        now, relay = TUESDAY, delivery.ProviderHealth()
        while now < TUESDAY + timedelta(days=4):
            with world.store.writing() as session:
                delivery.promote_due(session, now)
            delivery.send_due(world.store, post, PUBLIC_URL, now, None, relay)
            now += timedelta(minutes=30)
    with world.store.reading() as session:
        mails = session.scalars(select(Delivery).where(Delivery.channel == "email", Delivery.purpose == "notify")).all()
        assert {(mail.attempts, mail.state) for mail in mails} <= {(0, "waiting"), (0, "ready")}
        assert session.scalar(select(Attempt.n).order_by(Attempt.n.desc()).limit(1)) > 10
        letters = session.scalars(select(Delivery.state).where(Delivery.channel == "paper")).all()
        assert set(letters) == {"waiting"}


def test_leases_are_renewed_while_the_other_side_is_slow(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(world, 2)
    monkeypatch.setattr("store.db.leases.LEASE_SECONDS", 0.6)
    monkeypatch.setattr("delivery.channels.attempt_log.LEASE_SECONDS", 0.6)
    renewed: list[bool] = []

    def until() -> float:
        with world.store.reading() as session:
            return session.scalars(select(Delivery.lease_until).where(Delivery.state == "attempting")).one()

    class VerySlow(SlowRelay):
        def send(self, mail, to):
            first = until()
            patience = time.monotonic() + 60
            while until() <= first and time.monotonic() < patience:
                time.sleep(0.05)
            renewed.append(until() > first)
            return super().send(mail, to)

    delivery.send_due(world.store, VerySlow(tmp_path / "taken"), PUBLIC_URL, TUESDAY)
    assert renewed == [True, True]
    assert LEASE_SECONDS == 30.0


class Closed(SlowRelay):
    """Took what it takes in a day."""

    def __init__(self, taken: Path, answer: str) -> None:
        super().__init__(taken)
        self.answer, self.asked = answer, 0

    def send(self, mail, to):
        self.asked += 1
        raise DeliveryError(_classify(self.answer, "rcpt"), self.answer)


@pytest.mark.parametrize("answer", ["450 4.7.1 Daily limit exceeded", "452 4.5.3 Too many recipients"])
def test_a_relay_whose_day_is_full_is_asked_once_a_turn(world: World, tmp_path: Path, answer: str) -> None:
    told(world, 20)
    post, relay, now = Closed(tmp_path / "taken", answer), delivery.ProviderHealth(), TUESDAY
    for _ in range(50):
        delivery.send_due(world.store, post, PUBLIC_URL, now, None, relay)
        now += timedelta(seconds=5)
    assert 1 < post.asked < 12
    with world.store.reading() as session:
        mails = session.scalars(select(Delivery).where(Delivery.channel == "email", Delivery.purpose == "notify")).all()
        assert {(mail.attempts, mail.state) for mail in mails} == {(0, "waiting"), (0, "ready")}
