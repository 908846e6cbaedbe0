"""Known devices: a signed cookie that says a browser has signed in with an address before. It grants no access.

Wrong passwords from unknown browsers are limited together; those from a known device are counted apart, so that
strangers cannot lock the owner out (OWASP, "Device Cookies").
"""

import hashlib
import hmac
import secrets
from typing import Final

import msgspec
from flask import Response, request
from itsdangerous import BadData, URLSafeSerializer

from portal import app_context
from store.accounts.email_address import counted_form
from store.vault.key_ring import DEVICES

#: A browser that nobody has used for so long is a stranger again; in seconds.
KEPT: Final = 400 * 24 * 3600
#: A family's computer; the latest are known.
_MOST: Final = 8


class Device(msgspec.Struct, frozen=True):
    """A browser's id, and the digests of the addresses that have signed in with it."""

    id: str
    people: tuple[str, ...] = ()


def device_of(audience: str, email: str) -> str | None:
    """Returns the id of the browser if it has signed in with this address on this side (consumers or staff),
    else None."""
    device = _device()
    mine = set(_digests(audience, email))
    return device.id if device is not None and mine.intersection(device.people) else None


def remember(response: Response, audience: str, email: str) -> Response:
    """Make this browser a known device of this address."""
    device = _device() or Device(secrets.token_hex(8))
    mine = _digests(audience, email)
    people = (mine[-1], *(each for each in device.people if each not in mine))[:_MOST]
    is_https = app_context.config().public_url.startswith("https://")
    response.set_cookie(
        _name(), _signer().dumps([device.id, people]), max_age=KEPT, secure=is_https, httponly=True, samesite="Lax"
    )
    return response


def _device() -> Device | None:
    try:
        return Device(*msgspec.convert(_signer().loads(request.cookies.get(_name(), "")), tuple[str, tuple[str, ...]]))
    except (BadData, msgspec.ValidationError):
        return None


def _digests(audience: str, email: str) -> list[str]:
    """The digests of an address by each key; the last is the one to write."""
    said = f"{audience} {counted_form(email)}".encode()
    return [hmac.new(key, said, hashlib.sha256).hexdigest()[:16] for key in app_context.store().keys.keys(DEVICES)]


def _name() -> str:
    return "__Host-facteur-appareil" if app_context.config().public_url.startswith("https://") else "facteur-appareil"


def _signer() -> URLSafeSerializer:
    keys = app_context.store().keys.keys(DEVICES)
    return URLSafeSerializer(keys, salt="facteur device", signer_kwargs={"digest_method": hashlib.sha256})
