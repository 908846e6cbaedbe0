"""The key that signs notifications is made once, and outlives the root that encrypted it: no device is lost by it."""

import pytest

from store import Store
from store.vault.key_ring import KeyRing, RootMissing
from store.vault.push_signing_key import (
    open_signing_key,
    present_signing_key,
    renew_signing_keys,
    signing_key_by_public,
    signing_keys,
)
from store.vault.root_use import root_uses
from tests.conftest import SECRET

NEW = b"another secret for tests, long enough to be one"


def test_one_key_for_all_devices(store: Store) -> None:
    key = present_signing_key(store)
    assert (len(key.public_key), key.public_key[0]) == (65, 4)
    assert present_signing_key(store).id == key.id
    with store.reading() as session:
        assert open_signing_key(store.encryptor, signing_keys(session, [key.id])[key.id]).public_key == key.public_key
        found = signing_key_by_public(session, key.public_key)
        assert found is not None
        assert found.id == key.id
        assert signing_key_by_public(session, b"\x04" * 65) is None


def test_a_replaced_root_leaves_the_key_as_it_is(store: Store) -> None:
    key = present_signing_key(store)
    replaced = Store(store.engine, store.blobs, KeyRing(NEW, [SECRET]), store.wake_up, store.incoming)
    alone = Store(store.engine, store.blobs, KeyRing(NEW), store.wake_up, store.incoming)
    with pytest.raises(RootMissing):  # an outage: no device has ended
        open_signing_key(alone.encryptor, key)
    assert renew_signing_keys(alone) == [key.id]
    assert renew_signing_keys(replaced) == []
    assert present_signing_key(alone).public_key == key.public_key
    numbers = open_signing_key(alone.encryptor, present_signing_key(alone)).private_key.private_numbers()
    with alone.reading() as session:
        assert [(each.root, each.push_keys) for each in root_uses(session)] == [(alone.keys.present.id, 1)]
    point = numbers.public_numbers
    assert key.public_key == b"\x04" + point.x.to_bytes(32) + point.y.to_bytes(32)
