"""Writes the request that hands a message to a push service: encrypted to the device (RFC 8291), signed by us (VAPID,
RFC 8292), with how long and how urgently it is wanted (RFC 8030, 5)."""

import hmac
import time
from datetime import date
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec

from delivery.channels.push.new_device import base64url
from delivery.channels.push.push_device import PushDevice

#: Seconds that a signature is valid; services refuse more than a day (RFC 8292, 2).
_SIGNATURE_SECONDS: Final = 12 * 60 * 60
_DAY: Final = 24 * 60 * 60
#: Days that a push service keeps a message for a device that is off; none keeps it longer.
LEAST_DAYS: Final = 1
MOST_DAYS: Final = 28
#: A bill that is due within so many days is worth waking a device for.
URGENT_DAYS: Final = 2
#: Bytes of a topic: 24 of the 32 characters that it may have.
_TOPIC_BYTES: Final = 18

Urgency = Literal["normal", "high"]


class PushMessage(msgspec.Struct, frozen=True):
    """A message to a device. *subject* is what it is about: of two about the same, a device that was off gets the
    later one. *days*: how long it is kept for such a device."""

    content: bytes
    subject: str
    days: int = MOST_DAYS
    urgency: Urgency = "normal"


def push_message(content: bytes, subject: str, due: date | None, today: date) -> PushMessage:
    """Return a message about something that is due on this day, or (None) on none."""
    left = (due - today).days if due is not None else MOST_DAYS
    days = min(max(left + 1, LEAST_DAYS), MOST_DAYS)
    return PushMessage(content, subject, days, "high" if due is not None and left <= URGENT_DAYS else "normal")


def encrypted_for(device: PushDevice, content: bytes) -> bytes:
    """Return the content as only this device can read it (aes128gcm, RFC 8188)."""
    from pywebpush import WebPusher  # it brings an HTTP client that is of no use here

    keys = {"p256dh": base64url(device.public_key), "auth": base64url(device.auth_secret)}
    body: bytes = WebPusher({"endpoint": device.endpoint, "keys": keys}).encode(content)["body"]
    return body


def push_headers(device: PushDevice, message: PushMessage, contact: str) -> dict[str, str]:
    """Return the headers of the request. *contact*: the e-mail address at which a push service may ask us what we
    send."""
    return {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(message.days * _DAY),
        "Urgency": message.urgency,
        "Topic": _topic(device, message.subject),
        "Authorization": _signature(device, contact),
    }


def _signature(device: PushDevice, contact: str) -> str:
    """The Authorization header. It expires by the real clock, as a certificate does, not by business time."""
    from pywebpush import Vapid

    where = urlsplit(device.endpoint)
    claims = {
        "aud": f"{where.scheme}://{where.netloc}",
        "exp": int(time.time()) + _SIGNATURE_SECONDS,
        "sub": f"mailto:{contact}",
    }
    signed: str = Vapid(device.signing_key.private_key).sign(claims)["Authorization"]
    return signed


def _topic(device: PushDevice, subject: str) -> str:
    """The subject, in a way that tells the push service nothing: keyed with what it does not know."""
    return base64url(hmac.digest(device.auth_secret, subject.encode(), "sha256")[:_TOPIC_BYTES])
