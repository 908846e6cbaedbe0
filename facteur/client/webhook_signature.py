"""Tells genuine webhooks from others (Standard Webhooks: HMAC-SHA256 over id, moment and body)."""

import hashlib
import hmac
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from facteur.client.api_types import EventMessage

#: By how much the sender's clock may differ from ours, in seconds.
TOLERANCE: Final = 300


class NotGenuineError(Exception):
    """A message is not from the service, or was kept and sent again: answer it with 400 and do nothing."""


class WebhookVerifier:
    """Reads the messages to one endpoint, by its secret (`whsec_…`)."""

    def __init__(self, secret: str, *, now: Callable[[], float] = time.time) -> None:
        try:
            self._key = b64decode(secret.removeprefix("whsec_"), validate=True)
        except ValueError:
            raise ValueError("a secret begins with whsec_, with base64 after it") from None
        if not self._key:
            raise ValueError("the secret is empty: anybody could sign")
        self._now = now

    def read(self, body: bytes, headers: Mapping[str, str]) -> EventMessage:
        """Returns the event of a message. *body* is its bytes as they came. Raises NotGenuineError."""
        said = {name.lower(): value for name, value in headers.items()}
        identity, moment = said.get("webhook-id", ""), said.get("webhook-timestamp", "")
        signed = f"{identity}.{moment}.".encode() + body
        expected = "v1," + b64encode(hmac.digest(self._key, signed, hashlib.sha256)).decode()
        given = said.get("webhook-signature", "").split(" ")
        if not any(hmac.compare_digest(expected.encode(), each.encode()) for each in given):
            raise NotGenuineError("no signature is by this secret")
        if not moment.isascii() or not moment.isdigit() or abs(self._now() - int(moment)) > TOLERANCE:
            raise NotGenuineError("it is not of now")
        return msgspec.json.decode(body, type=EventMessage)
