"""The provider of SMS tells what became of one: by a signed request, once, and of our own alone."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from msgspec.structs import replace
from werkzeug.test import TestResponse

from config import Config
from delivery.channels.provider_health import ProviderHealth
from delivery.channels.sms.send_due_sms import SmsRoute
from delivery.channels.sms.sms_folder import SmsFolder
from delivery.channels.sms.sms_reference import sms_reference
from portal.app import make_app
from store import Store
from store.accounts.phone import phones_of
from store.delivery import Attempt, Delivery, receipts_by_delivery
from tests.conftest import Clock
from tests.delivery.channels.sms.test_send_due_sms import NUMBER, of, sent, texted, told
from tests.delivery.sample_bills import World
from webhooks.signature import signed_headers

pytestmark = pytest.mark.beside_any_database

SECRET = b"a secret of the provider of SMS!"


class Provider:
    """The provider's side: what it tells, and how that is answered."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.client, self.clock = app.test_client(), clock

    def tell(self, kind: str, secret: bytes = SECRET, **data: object) -> TestResponse:
        return self.post(msgspec.json.encode({"type": kind, "data": data}), secret)

    def post(self, body: bytes, secret: bytes = SECRET) -> TestResponse:
        headers = signed_headers("m-1", self.clock(), body, [secret])
        return self.client.post("/v1/hooks/sms", data=body, headers=headers)


class Texted:
    """Alice was told of a bill by SMS."""

    def __init__(self, store: Store, world: World) -> None:
        self.store, self.world = store, world
        self.alice = texted(world)
        self.bill = told(world, self.alice)
        self.sms = of(world, self.bill, "sms")
        self.reference = sms_reference(store.keys, self.sms.id)

    def state(self) -> str:
        return of(self.world, self.bill, "sms").state

    def receipts(self) -> list[str]:
        with self.store.reading() as session:
            return [each.kind for each in receipts_by_delivery(session, [self.sms.id])[self.sms.id]]

    def letter(self) -> str:
        return of(self.world, self.bill, "paper", "print").state

    def failure(self) -> str | None:
        with self.store.reading() as session:
            phone = phones_of(session, [self.alice]).get(self.alice)
            return phone.failure if phone else None


@pytest.fixture
def provider(store: Store, config: Config, clock: Clock) -> Provider:
    return Provider(make_app(store, replace(config, sms_secret=SECRET), clock), clock)


@pytest.fixture
def alice(store: Store, tmp_path: Path) -> Texted:
    told_to = Texted(store, World(store, tmp_path / "outbox"))
    sent(told_to.world, SmsRoute(SmsFolder(tmp_path / "sms"), Decimal(0), ProviderHealth()))
    return told_to


def test_delivered_is_kept_once(provider: Provider, alice: Texted) -> None:
    for _ in range(2):
        assert provider.tell("delivered", reference=alice.reference).status_code == 204
    assert (alice.state(), alice.receipts(), alice.letter()) == ("delivered", ["delivered"], "waiting")
    assert alice.world.events(alice.sms.id).count("delivered") == 1
    assert provider.tell("failed", reference=alice.reference, permanent=True, reason="gone").status_code == 204
    assert (alice.state(), alice.failure()) == ("delivered", "")


def test_failed_for_good_suppresses_the_number_and_posts_the_bill(provider: Provider, alice: Texted) -> None:
    for _ in range(2):
        told_so = provider.tell("failed", reference=alice.reference, permanent=True, reason="no such number")
        assert told_so.status_code == 204
    assert (alice.state(), alice.receipts(), alice.letter()) == ("failed", ["bounced"], "ready")
    assert alice.failure() == "no such number"
    assert provider.tell("delivered", reference=alice.reference).status_code == 204
    assert alice.state() == "failed"


def test_a_phone_that_was_off_prints_nothing_before_its_time(provider: Provider, alice: Texted) -> None:
    assert provider.tell("failed", reference=alice.reference, reason="absent").status_code == 204
    assert (alice.state(), alice.receipts(), alice.letter()) == ("sent", ["undelivered"], "waiting")
    assert alice.failure() == ""


def test_stop_withdraws_the_number(provider: Provider, alice: Texted) -> None:
    assert provider.tell("stop", reference=alice.reference, number="+33700000001").status_code == 204
    assert alice.failure() == ""
    for _ in range(2):
        assert provider.tell("stop", reference=alice.reference, number=NUMBER).status_code == 204
    assert alice.failure() is None


@pytest.mark.parametrize("named", [{}, {"number": ""}, {"number": "33612345678"}, {"number": "06 12 34 56 78"}])
def test_stop_is_heard_however_the_number_is_named(provider: Provider, alice: Texted, named: dict[str, str]) -> None:
    assert provider.tell("stop", reference=alice.reference, **named).status_code == 204
    assert alice.failure() is None


def test_delivered_settles_an_attempt_in_doubt(provider: Provider, alice: Texted, store: Store) -> None:
    with store.writing() as session:
        session.get_one(Delivery, alice.sms.id).state = "waiting"
        session.get_one(Attempt, (alice.sms.id, 1)).outcome = "in_doubt"
    provider.tell("delivered", reference=alice.reference)
    assert alice.state() == "delivered"
    with store.reading() as session:
        assert session.get_one(Attempt, (alice.sms.id, 1)).outcome == "sent"


def test_what_is_not_signed_or_not_ours_changes_nothing(
    provider: Provider, alice: Texted, store: Store, config: Config, clock: Clock
) -> None:
    forged = provider.tell("delivered", b"x" * 32, reference=alice.reference)
    unsigned = provider.client.post("/v1/hooks/sms", data=b"{}")
    assert forged.status_code == unsigned.status_code == 403
    nobody = Provider(make_app(store, config, clock), clock)
    assert nobody.tell("delivered", b"", reference=alice.reference).status_code == 403
    mail = sms_reference(store.keys, of(alice.world, alice.bill, "paper", "print").id)
    for reference in (alice.reference[:-1] + "x", sms_reference(store.keys, 4711), mail, "c1-ff", ""):
        assert provider.tell("failed", reference=reference, permanent=True).status_code == 404
    assert alice.state() == "sent"
    assert alice.receipts() == []


@pytest.mark.parametrize("body", [b"", b"[]", b'{"type": "sent", "data": {}}', b'{"type": "stop"}', b"[" * 9000])
def test_what_cannot_be_read_is_refused(provider: Provider, body: bytes) -> None:
    assert provider.post(body).status_code == 422


def test_what_is_too_long_is_not_read(provider: Provider) -> None:
    assert provider.post(b" " * 20_000).status_code == 413


def test_an_old_request_is_not_believed(provider: Provider, alice: Texted, clock: Clock) -> None:
    body = msgspec.json.encode({"type": "failed", "data": {"reference": alice.reference, "permanent": True}})
    headers = signed_headers("m-1", clock() - timedelta(minutes=6), body, [SECRET])
    assert provider.client.post("/v1/hooks/sms", data=body, headers=headers).status_code == 403
