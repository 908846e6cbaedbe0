"""WSGI middleware that finds the client's address behind proxies, believing only the trusted ones.

By default no proxy is trusted. Forwarding headers are always removed, so that no later code reads them.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_HEADERS: Final = (
    "HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PREFIX", "HTTP_X_FORWARDED_BY", "HTTP_X_REAL_IP",
)  # fmt: skip
Address = IPv4Address | IPv6Address


class TrustedProxies:
    """WSGI middleware: REMOTE_ADDR becomes the client's address, as the nearest trusted proxies say it.

    X-Forwarded-For is read from its end, where our own proxies wrote: the first address that is not trusted is the
    client. Whatever stands before it, the client may have written itself. X-Forwarded-Proto is taken from a trusted
    proxy as `http` or `https`.
    """

    def __init__(self, app: WSGIApplication, trusted: Sequence[str]) -> None:
        self._app = app
        self._trusted = [ip_network(each, strict=False) for each in trusted]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
        for header in _HEADERS:
            environ.pop(header, None)
        if not self._trusted:
            return self._app(environ, start_response)
        peer = plain_address(environ.get("REMOTE_ADDR", ""))
        if peer is not None and self._is_trusted(peer):
            environ["REMOTE_ADDR"] = str(self._client(peer, forwarded))
            if scheme in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start_response)

    def _client(self, peer: Address, forwarded: str) -> Address:
        """Returns the first untrusted address from the end; an unreadable entry ends the search."""
        for hop in reversed(forwarded.split(",")):
            if not self._is_trusted(peer):
                break
            said = plain_address(hop)
            if said is None:
                break
            peer = said
        return peer

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def plain_address(text: str) -> Address | None:
    """Returns an IP address without port, brackets and zone, with IPv4 mapped into IPv6 as IPv4; None if it is none."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def household(text: str) -> str:
    """Returns what a client is counted by: its IPv4 address, or its IPv6 /64."""
    address = plain_address(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address) if address is not None else text
