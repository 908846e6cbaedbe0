"""Alice has chosen notifications. What becomes of each, when push services take it, put it off, or say that her devices
are gone."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import delivery
from audit.delivery_invariants import (
    failed_without_successor,
    forgotten_bills,
    posted_without_letter,
    sent_without_attempt,
)
from delivery.channels.provider_health import ProviderHealth
from delivery.channels.push.push_client import PushClient
from delivery.notices.choose_notices import choose_notices
from delivery.notices.notice_preference import NoticeChannel, NoticePreference
from store import Store
from store.accounts.push_subscription import NewSubscription, PushSubscription, subscribe, subscriptions_of
from store.delivery import Attempt, Delivery
from store.vault.key_ring import KeyRing
from store.vault.push_signing_key import present_signing_key
from tests.delivery.channels.push.sample_device import SampleDevice, claims_of
from tests.delivery.sample_bills import PUBLIC_URL, World
from tests.untrusted.endpoints.endpoint_server import Authority, Endpoint, EndpointServer, serving
from untrusted.endpoints.endpoint_url import EndpointRules

TUESDAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def service(authority: Authority) -> Iterator[EndpointServer]:
    with serving(authority.certificate("localhost")) as service:
        service.answer = lambda endpoint: endpoint.status(201)
        yield service


@pytest.fixture
def route(authority: Authority) -> delivery.PushRoute:
    rules = EndpointRules(loopback=True, ca_file=authority.file)
    return delivery.PushRoute(PushClient(rules, "facteur@exemple.fr"), ProviderHealth())


@pytest.fixture
def allow(world: World, service: EndpointServer) -> Callable[..., SampleDevice]:
    def allow(person: int, path: str = "/phone") -> SampleDevice:
        device, key = SampleDevice(), present_signing_key(world.store)
        endpoint = f"https://localhost:{service.port}{path}"
        new = NewSubscription(endpoint, device.public_key, device.auth_secret, key.id, "Firefox, Android")
        with world.store.writing() as session:
            assert subscribe(session, person, new, TUESDAY)
        return device

    return allow


def notified(world: World, *channels: NoticeChannel, name: str = "Alice") -> int:
    """Somebody who has chosen these channels, notifications where none is named."""
    person = world.consumer(name)
    with world.store.writing() as session:
        choose_notices(session, person, None, NoticePreference(channels=channels or ("push",)), TUESDAY)
    return person


def told(world: World, person: int) -> int:
    bill = world.bill(world.account(person, paperless=True), ISSUED, DUE)
    world.choose(TUESDAY)
    return bill


def sent(world: World, route: delivery.PushRoute, now: datetime = TUESDAY, store: Store | None = None) -> None:
    with world.store.writing() as session:
        delivery.promote_due(session, now)
    while delivery.send_due_pushes(store or world.store, route, PUBLIC_URL, now):
        pass


def of(world: World, bill: int, channel: str, purpose: str = "notify") -> Delivery | None:
    with world.store.reading() as session:
        query = select(Delivery).where(Delivery.bill_id == bill, Delivery.channel == channel)
        return session.scalar(query.where(Delivery.purpose == purpose))


def outcomes(world: World, delivery_id: int) -> list[tuple[str | None, str]]:
    query = select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.n)
    with world.store.reading() as session:
        return [(each.outcome, each.answer) for each in session.scalars(query)]


def devices(world: World, person: int) -> list[PushSubscription]:
    with world.store.reading() as session:
        return subscriptions_of(session, [person])[person]


def answering(**statuses: int) -> Callable[[Endpoint], None]:
    """Each device by its path; others are taken."""
    return lambda endpoint: endpoint.status(statuses.get(endpoint.path[1:], 201))


def sound(world: World) -> None:
    with world.store.reading() as session:
        for ask in (forgotten_bills, sent_without_attempt, failed_without_successor, posted_without_letter):
            assert session.execute(ask()).all() == []


def test_alice_sees_what_is_due_and_a_touch_opens_it(
    world: World, service: EndpointServer, route: delivery.PushRoute, allow: Callable[..., SampleDevice]
) -> None:
    alice = notified(world)
    phone = allow(alice)
    bill = told(world, alice)
    assert (of(world, bill, "push").state, of(world, bill, "email")) == ("ready", None)
    sent(world, route)
    [request] = service.received
    shown = json.loads(phone.decrypt(request.body))
    assert shown["title"] == "Votre facture Lumière de l'Ouest est arrivée"
    assert "84,20 €" in shown["text"].replace("\xa0", " ").replace("\u202f", " ")
    assert "7 avril" in shown["text"].replace("\xa0", " ")
    assert (shown["page"], shown["language"]) == (f"/factures/{world.row(bill).uid}", "fr")
    assert "Alice" not in json.dumps(shown)
    notice = of(world, bill, "push")
    assert (notice.state, outcomes(world, notice.id)) == ("sent", [("sent", "201")])
    assert [each.last_sent_at for each in devices(world, alice)] == [TUESDAY]
    assert claims_of(request.headers["authorization"])[1] == present_signing_key(world.store).public_key
    sound(world)


def test_sent_when_one_device_has_it(
    world: World, service: EndpointServer, route: delivery.PushRoute, allow: Callable[..., SampleDevice]
) -> None:
    alice = notified(world)
    for path in ("/phone", "/tablet", "/desk"):
        allow(alice, path)
    service.answer = answering(phone=410, desk=503)
    bill = told(world, alice)
    sent(world, route)
    notice = of(world, bill, "push")
    assert (notice.state, outcomes(world, notice.id)) == ("sent", [("sent", "410, 201, 503")])
    assert [each.endpoint.rpartition("/")[2] for each in devices(world, alice)] == ["tablet", "desk"]
    assert len(service.received) == 3
    sound(world)


@pytest.mark.parametrize("status", [404, 410])
def test_when_the_only_device_is_gone_the_bill_goes_by_post(
    world: World, service: EndpointServer, route: delivery.PushRoute, allow: Callable[..., SampleDevice], status: int
) -> None:
    alice = notified(world)
    allow(alice)
    service.answer = answering(phone=status)
    bill = told(world, alice)
    sent(world, route)
    assert of(world, bill, "push").state == "failed"
    letter = of(world, bill, "paper", "print")
    assert (letter.state, letter.reason.code) == ("ready", "no_device")
    with world.store.reading() as session:
        [row] = session.scalars(select(PushSubscription)).all()
    assert (row.ended_at, row.ended_reason) == (TUESDAY, "gone")
    assert of(world, told(world, alice), "paper", "print").state == "ready"  # the next one is not announced to nobody
    assert len(service.received) == 1
    sound(world)


def test_when_a_notification_follows_a_bounced_mail_and_finds_no_device_the_letter_goes(
    world: World, service: EndpointServer, route: delivery.PushRoute, allow: Callable[..., SampleDevice]
) -> None:
    alice = notified(world, "email", "push")
    allow(alice)
    bill = told(world, alice)
    with world.store.writing() as session:
        delivery.mail_bounced(session, of(world, bill, "email").id, "550 5.1.1 unknown", TUESDAY)
    assert of(world, bill, "push").state == "ready"
    assert of(world, bill, "paper", "print").state == "waiting"
    service.answer = answering(phone=410)
    sent(world, route)
    assert of(world, bill, "paper", "print").state == "ready"
    sound(world)


@pytest.mark.parametrize(
    ("status", "tries"), [(429, 0), (500, 0), (503, 0), (400, 1), (401, 1), (403, 1), (413, 1), (307, 1)]
)
def test_no_other_answer_ends_anything(
    world: World, service: EndpointServer, route: delivery.PushRoute, allow: Callable[..., SampleDevice], status: int,
    tries: int,
) -> None:  # fmt: skip
    alice = notified(world)
    allow(alice)
    service.answer = answering(phone=status)
    bill = told(world, alice)
    sent(world, route)
    notice = of(world, bill, "push")
    assert (notice.state, notice.attempts, outcomes(world, notice.id)) == ("waiting", tries, [("later", str(status))])
    assert of(world, bill, "paper", "print").state == "waiting"
    service.answer = answering()
    sent(world, route, TUESDAY + timedelta(minutes=5))
    assert of(world, bill, "push").state == "sent"
    assert len(devices(world, alice)) == 1


def test_without_the_root_of_the_signing_key_all_wait(
    world: World, service: EndpointServer, route: delivery.PushRoute, allow: Callable[..., SampleDevice]
) -> None:
    alice = notified(world)
    allow(alice)
    bill = told(world, alice)
    store = world.store
    other = Store(store.engine, store.blobs, KeyRing(b"another secret, long enough to be one"), store.wake_up, Path())
    sent(world, route, store=other)
    assert service.received == []
    assert len(devices(world, alice)) == 1
    sent(world, route, TUESDAY + timedelta(minutes=5))
    assert of(world, bill, "push").state == "sent"


def test_a_device_that_was_removed_meanwhile_is_told_nothing(
    world: World, service: EndpointServer, route: delivery.PushRoute, allow: Callable[..., SampleDevice]
) -> None:
    alice, bruno = notified(world), notified(world, name="Bruno")
    allow(alice)
    bill = told(world, alice)
    allow(bruno)  # on the same phone
    sent(world, route)
    assert service.received == []
    assert of(world, bill, "paper", "print").state == "ready"
    sound(world)
