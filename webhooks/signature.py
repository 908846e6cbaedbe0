"""Secrets and signatures of Standard Webhooks (https://www.standardwebhooks.com, version 1).

A signature is the HMAC-SHA256, keyed with the secret's bytes, of `webhook-id.webhook-timestamp.body`.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
#: Bytes of a secret; the standard wants 24 to 64.
SECRET_BYTES: Final = 32


def new_secret() -> bytes:
    """A random secret, as bytes."""
    return os.urandom(SECRET_BYTES)


def secret_text(secret: bytes) -> str:
    """A secret as its owner is shown it: `whsec_…`."""
    return PREFIX + base64.b64encode(secret).decode()


def signed_headers(message_id: str, at: datetime, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """The three headers of a message sent at this moment: one signature for each secret that is valid."""
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode() for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }
