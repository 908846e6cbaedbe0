"""Devices that their owner has signed in with: a signed cookie says so, for each address, and is proof of nothing else.

Strangers who guess at an address are slowed all together; whoever comes with this cookie is counted apart from them,
and so is not kept out by them (OWASP, "Device Cookies").
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

#: A browser that nobody has used for so long is a stranger again; in seconds.
KEPT: Final = 400 * 24 * 3600
#: A family's computer; the latest are known.
_MOST: Final = 8


class Device(msgspec.Struct, frozen=True):
    """A browser, and the digests of those who have signed in with it."""

    id: str
    people: tuple[str, ...] = ()


def device_of(audience: str, email: str) -> str | None:
    """The id of the browser, if it is known to whoever has this address at this door."""
    device = _device()
    return device.id if device is not None and _digest(audience, email) in device.people else None


def remember(response: Response, audience: str, email: str) -> Response:
    """This browser is known from now on to whoever has this address."""
    device = _device() or Device(secrets.token_hex(8))
    mine = _digest(audience, email)
    people = (mine, *(each for each in device.people if each != mine))[:_MOST]
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


def _digest(audience: str, email: str) -> str:
    said = f"{audience} {counted_form(email)}"
    return hmac.new(app_context.config().secret, said.encode(), hashlib.sha256).hexdigest()[:16]


def _name() -> str:
    return "__Host-facteur-appareil" if app_context.config().public_url.startswith("https://") else "facteur-appareil"


def _signer() -> URLSafeSerializer:
    key = app_context.config().secret
    return URLSafeSerializer(key, salt="facteur device", signer_kwargs={"digest_method": hashlib.sha256})
