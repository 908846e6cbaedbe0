"""A device that a push message goes to, and the key that the message is signed with."""

from typing import NamedTuple

import msgspec
from sqlalchemy.orm import Session

from store.accounts.push_subscription import PushSubscription, subscriptions_of
from store.vault.encryption import Encryptor
from store.vault.push_signing_key import OpenedSigningKey, PushSigningKey, open_signing_key, signing_keys


class PushDevice(msgspec.Struct, frozen=True):
    """One subscription (*id*): the endpoint at its push service, the keys of the device, and our signing key that it
    subscribed with. The endpoint is a capability, so that a device is never printed."""

    id: int
    endpoint: str
    public_key: bytes
    auth_secret: bytes
    signing_key: OpenedSigningKey

    def __repr__(self) -> str:
        return f"PushDevice(id={self.id})"


class DeviceRow(NamedTuple):
    """What a device is made of: its subscription, and the encrypted key that it subscribed with."""

    subscription: PushSubscription
    signing_key: PushSigningKey


def device_rows(session: Session, consumer_id: int) -> list[DeviceRow]:
    """Return the devices of a consumer that receive notifications, with keys that are still encrypted."""
    rows = subscriptions_of(session, [consumer_id])[consumer_id]
    keys = signing_keys(session, {row.signing_key_id for row in rows})
    return [DeviceRow(row, keys[row.signing_key_id]) for row in rows]


def open_device(encryptor: Encryptor, row: DeviceRow) -> PushDevice:
    """Return a device that can be sent to. Raises RootMissing, which is an outage."""
    it, key = row.subscription, open_signing_key(encryptor, row.signing_key)
    return PushDevice(it.id, it.endpoint, it.public_key, it.auth_secret, key)
