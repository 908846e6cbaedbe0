"""Alice's devices receive notifications until she removes them, their push service ends them, or Bob uses one."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from store import Store
from store.accounts.consumer import Consumer
from store.accounts.push_subscription import (
    MOST_DEVICES,
    NewSubscription,
    end_all_devices,
    message_taken,
    remove_device,
    subscribe,
    subscription_gone,
    subscriptions_of,
)
from store.db.event import events_of
from store.vault.push_signing_key import present_signing_key
from tests.conftest import Clock

PHONE = "https://push.example/send/one"


@pytest.fixture
def person(store: Store, clock: Clock) -> Callable[[str], int]:
    def add(name: str) -> int:
        with store.writing() as session:
            who = Consumer(email=f"{name}@example.test", name=name, password_hash="", signed_up_at=clock())
            session.add(who)
            session.flush()
            return who.id

    return add


@pytest.fixture
def allow(store: Store, clock: Clock) -> Callable[..., bool]:
    key_id = present_signing_key(store).id

    def post(consumer_id: int, endpoint: str = PHONE, key: bytes = b"\x04" * 65) -> bool:
        new = NewSubscription(endpoint, key, b"a" * 16, key_id, "Firefox, Android")
        with store.writing() as session:
            return subscribe(session, consumer_id, new, clock())

    return post


def devices(store: Store, consumer_id: int) -> list[str]:
    with store.reading() as session:
        return [each.endpoint for each in subscriptions_of(session, [consumer_id])[consumer_id]]


def told(store: Store, consumer_id: int) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(each.what, each.why) for each in events_of(session, "consumer", consumer_id)]


def test_a_device_is_one_row(
    store: Store, clock: Clock, person: Callable[[str], int], allow: Callable[..., bool]
) -> None:
    alice = person("alice")
    assert allow(alice)
    assert allow(alice, key=b"\x04" + b"n" * 64)  # the browser has made new keys
    with store.writing() as session:
        [phone] = subscriptions_of(session, [alice])[alice]
        message_taken(session, phone.id, clock() + timedelta(days=1))
    with store.reading() as session:
        [phone] = subscriptions_of(session, [alice])[alice]
    assert (phone.public_key[1:2], phone.last_sent_at) == (b"n", clock() + timedelta(days=1))
    assert told(store, alice) == [("push allowed", "Firefox, Android")]


def test_removed_and_allowed_again(
    store: Store, clock: Clock, person: Callable[[str], int], allow: Callable[..., bool]
) -> None:
    alice, bob = person("alice"), person("bob")
    allow(alice)
    with store.writing() as session:
        [phone] = subscriptions_of(session, [alice])[alice]
        assert not remove_device(session, bob, phone.id, clock())
        assert remove_device(session, alice, phone.id, clock())
        assert not remove_device(session, alice, phone.id, clock())
    assert devices(store, alice) == []
    allow(alice)
    assert devices(store, alice) == [PHONE]
    assert [what for what, _ in told(store, alice)] == ["push allowed", "push ended", "push allowed"]


def test_what_has_gone_is_not_what_subscribed_since(
    store: Store, clock: Clock, person: Callable[[str], int], allow: Callable[..., bool]
) -> None:
    alice = person("alice")
    allow(alice)
    with store.reading() as session:
        [asked] = subscriptions_of(session, [alice])[alice]
    allow(alice, key=b"\x04" + b"n" * 64)
    with store.writing() as session:
        assert not subscription_gone(session, asked.id, asked.public_key, clock())
        assert subscription_gone(session, asked.id, b"\x04" + b"n" * 64, clock())
    assert devices(store, alice) == []
    assert told(store, alice)[-1] == ("push ended", "gone")


def test_bob_on_alices_tablet(
    store: Store, person: Callable[[str], int], allow: Callable[..., bool]
) -> None:  # fmt: skip
    alice, bob = person("alice"), person("bob")
    allow(alice)
    assert allow(bob)
    assert (devices(store, alice), devices(store, bob)) == ([], [PHONE])
    assert told(store, alice)[-1] == ("push ended", "taken over")


def test_no_more_than_ten(store: Store, person: Callable[[str], int], allow: Callable[..., bool]) -> None:
    alice, bob = person("alice"), person("bob")
    allow(bob)
    assert all(allow(alice, f"{PHONE}{n}") for n in range(MOST_DEVICES))
    assert not allow(alice, f"{PHONE}11")
    assert not allow(alice)  # nor by taking over another's
    assert allow(alice, f"{PHONE}3")
    assert (len(devices(store, alice)), devices(store, bob)) == (MOST_DEVICES, [PHONE])


def test_a_new_password_ends_the_devices_of_its_person_alone(
    store: Store, clock: Clock, person: Callable[[str], int], allow: Callable[..., bool]
) -> None:
    alice, bob = person("alice"), person("bob")
    for who, endpoint in ((alice, PHONE), (alice, f"{PHONE}/tablet"), (bob, f"{PHONE}/bob")):
        allow(who, endpoint)
    with store.writing() as session:
        assert end_all_devices(session, alice, clock()) == 2
        assert end_all_devices(session, alice, clock()) == 0, "once is enough"
    assert (devices(store, alice), devices(store, bob)) == ([], [f"{PHONE}/bob"])
    assert told(store, alice)[-1] == ("push ended", "new password")
