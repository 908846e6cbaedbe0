"""Checks that a request was signed by who has the secret, and is fresh (Standard Webhooks, version 1). Pure."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

#: How old, or how far ahead, a timestamp may be, in seconds.
TOLERANCE: Final = 300
_LONGEST_ID: Final = 200
_MOST_SIGNATURES: Final = 20


def is_signed(headers: Mapping[str, str], body: bytes, secrets: Iterable[bytes], now: datetime) -> bool:
    """Whether one of the request's signatures is by one of the secrets, over its id, its timestamp and these bytes, and
    its timestamp is within five minutes of *now*. The names of *headers* are in lower case."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = [_bytes_of(each) for each in headers.get("webhook-signature", "").split()[:_MOST_SIGNATURES]]
    if not 0 < len(message_id) <= _LONGEST_ID or not (timestamp.isascii() and timestamp.isdigit()):
        return False
    if len(timestamp) > 12 or abs(int(now.timestamp()) - int(timestamp)) > TOLERANCE:
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    made = [hmac.digest(secret, signed, hashlib.sha256) for secret in secrets]
    return any(hmac.compare_digest(one, other) for one in made for other in given)


def _bytes_of(signature: str) -> bytes:
    version, _, text = signature.partition(",")
    try:
        return base64.b64decode(text, validate=True) if version == "v1" else b""
    except (binascii.Error, ValueError):
        return b""
