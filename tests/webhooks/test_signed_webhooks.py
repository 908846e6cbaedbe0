"""The whole way to a real endpoint: a TLS server whose messages the library `standardwebhooks` verifies; rotated
secrets, errors, redirects, a killed worker, and many events by two workers (FACTEUR_WEBHOOKS=10000)."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select
from standardwebhooks import Webhook, WebhookVerificationError

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store, open_store
from store.outbox.outbox_event import record_outbox_events
from store.outbox.webhook_delivery import WebhookDelivery
from store.outbox.webhook_endpoint import WebhookEndpoint
from store.vault.key_ring import KeyRing
from tests.untrusted.endpoints.endpoint_server import Authority, EndpointServer, Received, serving
from untrusted.endpoints.endpoint_url import EndpointRules
from webhooks.manage_endpoints import add_endpoint, rotate_secret
from webhooks.webhook_sender import WebhookSender

pytestmark = pytest.mark.beside_any_database

BILL = {"account": 7, "account_number": "ALICE-1", "bill_number": "F-1"}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def server(authority: Authority) -> Iterator[EndpointServer]:
    with serving(authority.certificate("localhost")) as server:
        yield server


@pytest.fixture
def rules(authority: Authority) -> EndpointRules:
    return EndpointRules(loopback=True, ca_file=authority.file)


class Issuer:
    """An issuer with one endpoint, at the real time: its library refuses messages of another."""

    def __init__(self, store: Store, server: EndpointServer, rules: EndpointRules) -> None:
        self.store, self.server, self.rules = store, server, rules
        with store.writing() as session:
            self.id = add_issuer(session, "eau", "Eau", datetime.now(UTC)).id
        url = f"https://localhost:{server.port}/in"
        with store.writing() as session:
            endpoint, self.secret = add_endpoint(
                session, store.encryptor, self.id, url, (), rules, datetime.now(UTC), "alice"
            )
            self.endpoint_id = endpoint.id
        self.sender = WebhookSender(store, rules)

    def happens(self, number: int = 1) -> None:
        with self.store.writing() as session:
            record_outbox_events(session, self.id, "bill.reported_paid", [BILL] * number, datetime.now(UTC))

    def work(self, now: datetime | None = None) -> None:
        now = now or datetime.now(UTC)
        while self.sender.turn(now) or self.sender._under_way.number:
            pass

    def count(self, state: str) -> int:
        with self.store.reading() as session:
            return session.scalar(select(func.count()).where(WebhookDelivery.state == state)) or 0


@pytest.fixture
def issuer(store: Store, server: EndpointServer, rules: EndpointRules) -> Issuer:
    return Issuer(store, server, rules)


def _verified(secret: str, received: Received) -> object:
    return Webhook(secret).verify(received.body, received.headers)


def test_the_library_verifies_what_is_sent(issuer: Issuer, server: EndpointServer) -> None:
    issuer.happens()
    issuer.work()
    [received] = server.received
    event = _verified(issuer.secret, received)
    assert event == json.loads(received.body)
    assert received.headers["webhook-id"] == json.loads(received.body)["id"]
    with pytest.raises(WebhookVerificationError):
        _verified("whsec_" + "A" * 43 + "=", received)
    with pytest.raises(WebhookVerificationError):
        _verified(issuer.secret, received._replace(body=received.body.replace(b"F-1", b"F-2")))


def test_both_secrets_verify_while_one_is_rotated(issuer: Issuer, server: EndpointServer) -> None:
    old = issuer.secret
    with issuer.store.writing() as session:
        endpoint = session.get_one(WebhookEndpoint, issuer.endpoint_id)
        new = rotate_secret(session, issuer.store.encryptor, endpoint, datetime.now(UTC), "alice")
    issuer.happens()
    issuer.work()
    assert _verified(old, server.received[0]) == _verified(new, server.received[0])
    with issuer.store.writing() as session:  # yesterday
        endpoint = session.get_one(WebhookEndpoint, issuer.endpoint_id)
        newest = rotate_secret(
            session, issuer.store.encryptor, endpoint, datetime.now(UTC) - timedelta(hours=24), "alice"
        )
    issuer.happens()
    issuer.work()
    _verified(newest, server.received[1])
    with pytest.raises(WebhookVerificationError):
        _verified(new, server.received[1])


def test_first_500_then_200(issuer: Issuer, server: EndpointServer) -> None:
    statuses = iter([500, 302, 200])
    server.answer = lambda endpoint: endpoint.status(next(statuses), Location="http://169.254.169.254/")
    issuer.happens()
    for seconds in (0, 6, 400):
        issuer.work(datetime.now(UTC) + timedelta(seconds=seconds))
    assert issuer.count("delivered") == 1
    assert len({each.headers["webhook-id"] for each in server.received}) == 1
    assert len({each.body for each in server.received}) == 1
    assert len(server.received) == 3


def test_the_pipeline_sends_without_a_queue(
    issuer: Issuer, server: EndpointServer, config: Config, rules: EndpointRules
) -> None:
    """No wake-up signal comes: the rows say what is to be done."""
    allowed = msgspec.structs.replace(config, webhook_loopback=True, webhook_ca_file=rules.ca_file)
    pipeline = Pipeline(issuer.store, allowed, SmtpClient("smtp://127.0.0.1:9", config.sender))
    issuer.happens(20)
    pipeline.work_until_idle(datetime.now(UTC))
    assert issuer.count("delivered") == len(server.received) == 20
    strict = Pipeline(issuer.store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    issuer.happens()
    strict.work_until_idle(datetime.now(UTC))
    assert len(server.received) == 20  # this machine is no endpoint of an installation's


def test_a_worker_that_is_killed_between_act_and_outcome(
    issuer: Issuer, server: EndpointServer, config: Config, authority: Authority
) -> None:
    """SIGKILL while the endpoint has the message and has not answered: it comes again under the same id."""
    arrived = threading.Event()
    first = threading.Event()

    def answer(endpoint: object) -> None:
        arrived.set()
        if not first.is_set():
            server.ended.wait(20)
        endpoint.status(204)  # type: ignore[attr-defined]

    server.answer = answer
    issuer.happens()
    worker = _work(config, authority)
    assert arrived.wait(60)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert issuer.count("attempting") == 1
    first.set()
    assert _work(config, authority).wait(100) == 0
    assert issuer.count("delivered") == 1
    assert len(server.received) == 2
    assert len({each.headers["webhook-id"] for each in server.received}) == 1
    for each in server.received:
        _verified(issuer.secret, each)


def _work(config: Config, authority: Authority) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "FACTEUR_HOME": str(config.home),
        "FACTEUR_DATABASE_URL": config.database_url,
        "FACTEUR_SECRET_FILE": str(config.home.parent / "secret"),
        "FACTEUR_WEBHOOK_LOOPBACK": "1",
        "FACTEUR_WEBHOOK_CA_FILE": str(authority.file),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "cli", "work", "--until-idle"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def test_many_events_by_two_workers(
    issuer: Issuer, server: EndpointServer, config: Config, rules: EndpointRules
) -> None:
    """Each event once, to a quick endpoint."""
    events = int(os.environ.get("FACTEUR_WEBHOOKS", "200"))
    issuer.happens(events)
    other_store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
    senders = issuer.sender, WebhookSender(other_store, rules)
    failures: list[Exception] = []

    def work(sender: WebhookSender) -> None:
        try:
            until = time.monotonic() + 1200
            while issuer.count("delivered") < events and time.monotonic() < until:
                sender.turn(datetime.now(UTC))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(sender,)) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other_store.close()
    assert failures == []
    ids = Counter(each.headers["webhook-id"] for each in server.received)
    assert len(ids) == events
    assert set(ids.values()) == {1}
    sequences = {json.loads(each.body)["sequence"] for each in server.received}
    assert sequences == set(range(1, events + 1))
