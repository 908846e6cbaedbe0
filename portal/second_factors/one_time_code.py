"""Codes of an authenticator app (TOTP, RFC 6238): six digits, a new one every thirty seconds, by SHA-1 as all apps
take it."""

import base64
import hmac
import os
from datetime import datetime
from typing import Final

import pyotp

from render.codes.qr_code import MOST_BYTES
from store.sign_in.authenticator_app import SECRET_BYTES

DIGITS: Final = 6
SECONDS: Final = 30
#: Steps by which a clock may differ (RFC 6238, 5.2).
_DRIFT: Final = 1
_ISSUER: Final = "Facteur"


def new_secret() -> bytes:
    """Returns the secret of a new app."""
    return os.urandom(SECRET_BYTES)


def spelled(secret: bytes) -> str:
    """Returns a secret as people type it: groups of four."""
    text = _base32(secret)
    return " ".join(text[n : n + 4] for n in range(0, len(text), 4))


def key_uri(secret: bytes, email: str) -> str:
    """Returns what the QR code says: `otpauth://totp/…`. An address that is too long for it is cut: it names the app's
    entry and nothing else."""
    codes = pyotp.TOTP(_base32(secret), digits=DIGITS, interval=SECONDS)
    uri = codes.provisioning_uri(name=email, issuer_name=_ISSUER)
    return uri if len(uri) <= MOST_BYTES else key_uri(secret, email[:-10])


def matching_step(secret: bytes, typed: str, now: datetime) -> int | None:
    """Returns the time step whose code was typed, of the present one and its neighbours; None if it is none's."""
    codes = pyotp.TOTP(_base32(secret), digits=DIGITS, interval=SECONDS)
    digits = "".join(each for each in typed if each.isascii() and each.isdigit()).encode()
    here = int(now.timestamp()) // SECONDS
    steps = range(here - _DRIFT, here + _DRIFT + 1)
    found = [step for step in steps if hmac.compare_digest(codes.generate_otp(step).encode(), digits)]
    return found[-1] if found else None


def _base32(secret: bytes) -> str:
    return base64.b32encode(secret).decode().rstrip("=")
