"""Who may watch the service: a program with the token of `FACTEUR_METRICS_TOKEN_FILE`; without one, anybody on this
very machine, where the portal serves this machine alone.

Behind a proxy that is not named in `FACTEUR_TRUSTED_PROXIES` everybody seems to be on this machine: the public URL is
asked as well.
"""

from hmac import compare_digest
from typing import Final
from urllib.parse import urlsplit

from flask import request

from config import THIS_MACHINE
from portal import app_context
from portal.access.trusted_proxies import plain_address

_BEARER: Final = "Bearer "


def is_monitor() -> bool:
    """Returns whether this request comes from who may watch the service."""
    token = app_context.config().metrics_token
    if token:
        given = request.headers.get("Authorization", "")
        return given.startswith(_BEARER) and compare_digest(given.removeprefix(_BEARER).encode(), token)
    address = plain_address(request.remote_addr or "")
    return serves_this_machine_alone() and address is not None and address.is_loopback


def serves_this_machine_alone() -> bool:
    """Returns whether the portal's public address leads to this very machine."""
    return urlsplit(app_context.config().public_url).hostname in THIS_MACHINE
