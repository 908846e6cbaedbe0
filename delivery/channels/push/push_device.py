"""A device that a push message goes to, and the key that the message is signed with."""

from collections.abc import Sequence

import msgspec
from sqlalchemy.orm import Session

from store.accounts.push_subscription import subscriptions_of
from store.vault.encryption import Encryptor
from store.vault.push_signing_key import OpenedSigningKey, open_signing_key


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


def devices_of(session: Session, encryptor: Encryptor, consumer_id: int) -> Sequence[PushDevice]:
    """Return the devices of a consumer that receive notifications. Raises RootMissing, which is an outage."""
    rows = subscriptions_of(session, [consumer_id])[consumer_id]
    keys = {each: open_signing_key(session, encryptor, each) for each in {row.signing_key_id for row in rows}}
    return [
        PushDevice(row.id, row.endpoint, row.public_key, row.auth_secret, keys[row.signing_key_id]) for row in rows
    ]  # fmt: skip
