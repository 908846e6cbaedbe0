"""Resolves an endpoint's host, once an attempt: the connection is made to an address that was looked at here, so that a
name server cannot give a public address to the check and a private one to the connection."""

import socket
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

from untrusted.endpoints.endpoint_url import EndpointRules, EndpointUrl
from untrusted.endpoints.global_address import is_global_address, is_loopback_address

#: Gives the addresses of a host; raises OSError if there are none.
Resolver = Callable[[str, int], Sequence[str]]

#: Seconds until a name that is not resolved counts as a failure.
RESOLVE_SECONDS: Final = 5.0
_MOST_ADDRESSES: Final = 32


class AddressRefused(Exception):  # noqa: N818
    """The host has an address that is not public, or none at all."""


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's resolver, in its order. The name is absolute: no search domain is
    tried."""
    absolute = host if "." not in host or is_loopback_address(host) else f"{host}."
    found = socket.getaddrinfo(absolute, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(address[0]) for *_, address in found]


def resolve_endpoint(url: EndpointUrl, rules: EndpointRules, resolver: Resolver, turn: int = 0) -> str:
    """The address to connect to: of several, each attempt (*turn*) takes the next. Raises AddressRefused unless all of
    them are public; OSError if the name is not resolved in time."""
    addresses = _in_time(resolver, url)
    if not addresses or len(addresses) > _MOST_ADDRESSES:
        raise AddressRefused(f"{url.host} has {len(addresses)} addresses")
    if any(not _may_be_asked(each, rules) for each in addresses):
        raise AddressRefused(f"{url.host} has an address that is not public")
    return addresses[turn % len(addresses)]


def _may_be_asked(address: str, rules: EndpointRules) -> bool:
    return is_global_address(address) or (rules.loopback and is_loopback_address(address))


def _in_time(resolver: Resolver, url: EndpointUrl) -> list[str]:
    """The system's resolver cannot be told to hurry: it is left alone when it takes too long."""
    answer: SimpleQueue[list[str] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answer.put(list(dict.fromkeys(resolver(url.host, url.port))))
        except (OSError, UnicodeError) as error:
            answer.put(error if isinstance(error, OSError) else OSError(str(error)))

    Thread(target=ask, name=f"resolve {url.host}", daemon=True).start()
    try:
        found = answer.get(timeout=RESOLVE_SECONDS)
    except Empty:
        raise TimeoutError(f"{url.host} was not resolved in {RESOLVE_SECONDS:g} s") from None
    if isinstance(found, OSError):
        raise found
    return found
