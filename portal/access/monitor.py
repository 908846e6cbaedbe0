"""Who may watch the service: a program with the token of `FACTEUR_METRICS_TOKEN_FILE`; without one, anybody on this
very machine, where the portal serves this machine alone.

Behind a proxy that is not named in `FACTEUR_TRUSTED_PROXIES` everybody seems to be on this machine: the public URL is
asked as well. So is the name that was asked for: a page of somebody else's, open in a browser of this machine, may let
its own name lead here (DNS rebinding), and would read what is answered.
"""

from hmac import compare_digest
from urllib.parse import urlsplit

from flask import request

from config import THIS_MACHINE
from portal import app_context
from portal.access.trusted_proxies import plain_address


def is_monitor() -> bool:
    """Returns whether this request comes from who may watch the service."""
    token = app_context.config().metrics_token
    if token:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and compare_digest(given.strip(" ").encode(), token)
    address = plain_address(request.remote_addr or "")
    return serves_this_machine_alone() and address is not None and address.is_loopback


def serves_this_machine_alone() -> bool:
    """Returns whether the portal's public address leads to this very machine, and this request was sent to a name of
    this machine."""
    return {_host_of(app_context.config().public_url), _host_of(f"//{request.host}")} <= THIS_MACHINE


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:  # a bracket that does not close
        return None
