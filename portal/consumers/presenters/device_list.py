"""The devices that receive a person's notifications, and what a browser needs to become one."""

from datetime import datetime

import msgspec

from delivery.channels.push.new_device import base64url
from portal import app_context
from portal.translation import say
from store.accounts.push_subscription import subscriptions_of
from store.vault.push_signing_key import present_signing_key


class ListedDevice(msgspec.Struct, frozen=True):
    """One device: its name, since when it receives, and when its push service last took a notification."""

    id: int
    name: str
    since: datetime
    last_sent: datetime | None


class DeviceList(msgspec.Struct, frozen=True):
    """*key*: what browsers subscribe with. *known*: digests of the endpoints that receive already."""

    key: str
    known: str
    devices: list[ListedDevice]


def device_list(consumer_id: int) -> DeviceList:
    """Returns the devices of this consumer."""
    rows = subscriptions_of(app_context.reading(), [consumer_id])[consumer_id]
    return DeviceList(
        base64url(present_signing_key(app_context.store()).public_key),
        " ".join(row.endpoint_digest for row in rows),
        [ListedDevice(row.id, row.device or say("Un appareil"), row.subscribed_at, row.last_sent_at) for row in rows],
    )
