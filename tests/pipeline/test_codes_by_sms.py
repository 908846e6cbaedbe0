"""A code that somebody waits for goes to the provider of SMS, whatever the mail relay does, and mails the other way."""

from datetime import UTC, datetime, timedelta
from email.message import Message

import pytest

from config import Config
from consumers.confirm_phone import ask_code, phone_code
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.sms.sms_folder import list_sms
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.phone import withdraw_phone
from store.job import Job, request_job
from tests.adoption.sample_accounts import World

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
NUMBER = "+33612345678"


class Relay:
    """Takes mails, unless it is down."""

    sender, host = "Facteur <facteur@facteur.example>", "facteur.example"

    def __init__(self) -> None:
        self.is_down, self.taken = False, 0

    def send(self, _mail: Message, _to: str, *_more: object) -> str:
        if self.is_down:
            raise DeliveryError("down", "ConnectionRefusedError")
        self.taken += 1
        return "250 OK"

    def hang_up(self) -> None:
        return


class Asked:
    """Alice has asked for a code."""

    def __init__(self, store: Store, config: Config, number: str = NUMBER) -> None:
        self.store, self.config, self.relay = store, config, Relay()
        self.pipeline = Pipeline(store, config, self.relay)
        with store.writing() as session:
            self.alice = World(session).consumer("Alice").id
            self.code = phone_code(store.keys, ask_code(session, self.alice, number, NOW))

    def work(self, now: datetime = NOW) -> list[str]:
        """The SMS that were sent by then."""
        self.pipeline.jobs.send_mails(now)
        return [each.text for each in list_sms(self.config.sms_folder)]

    def job(self) -> Job:
        with self.store.reading() as session:
            return session.get_one(Job, 1)


@pytest.fixture
def asked(store: Store, config: Config) -> Asked:
    return Asked(store, config)


def test_a_code_is_sent_once_while_the_relay_is_down(asked: Asked) -> None:
    asked.relay.is_down = True
    with asked.store.writing() as session:
        request_job(session, "already_signed_up", {"email": "alice@example.org"}, NOW)
    for _ in range(2):
        [text] = asked.work()
    assert text.startswith(f"{asked.code} :")
    assert (asked.job().state, asked.relay.taken) == ("done", 0)
    asked.relay.is_down = False
    asked.work(NOW + timedelta(minutes=2))
    assert asked.relay.taken == 1


@pytest.mark.parametrize("why", ["withdrawn", "asked again", "too late"])
def test_a_code_that_is_worth_nothing_is_not_sent(asked: Asked, why: str) -> None:
    with asked.store.writing() as session:
        if why == "withdrawn":
            withdraw_phone(session, asked.alice, NOW)
        if why == "asked again":
            ask_code(session, asked.alice, NUMBER, NOW)
    texts = asked.work(NOW + timedelta(minutes=10) if why == "too late" else NOW)
    assert len(texts) == (why == "asked again")
    assert (asked.job().state, asked.job().reason.code) == ("done", "sms_moot")


def test_a_number_that_is_refused_ends_the_job(store: Store, config: Config) -> None:
    asked = Asked(store, config, "+33612340000")
    assert asked.work() == []
    assert (asked.job().state, asked.job().reason.code) == ("done", "sms_not_taken")
