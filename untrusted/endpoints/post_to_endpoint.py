"""Sends one POST to an endpoint that somebody else named, at an address that was resolved and checked before, in
bounded time.

No redirect is followed, no proxy is used, TLS is verified against the host's name, and of the response only the status
and Retry-After are kept.
"""

import logging
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException
from typing import Final, Literal

import msgspec
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from untrusted.broken_off import broken_off
from untrusted.endpoints.endpoint_url import EndpointRules, EndpointUrlRefused, read_endpoint_url
from untrusted.endpoints.resolve_endpoint import AddressRefused, Resolver, resolve_endpoint, system_resolver

#: Seconds to connect, and for the whole attempt from resolving to the status.
CONNECT_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 15.0
#: Bytes of a response's body that are read, so that a short one is taken before the connection is closed.
_MOST_READ: Final = 4096
_LONGEST_HEADER: Final = 100

#: Its warnings repeat what an endpoint has sent.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)

Failure = Literal["url", "address", "resolving", "connecting", "tls", "timeout", "broken"]


class EndpointAnswer(msgspec.Struct, frozen=True):
    """What came of a request: an HTTP status, or the failure that left none. *retry_after* is the header Retry-After,
    as it came; "" if there is none."""

    status: int | None = None
    failure: Failure | None = None
    retry_after: str = ""

    @property
    def is_accepted(self) -> bool:
        """Whether the endpoint has taken the message: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


def post_to_endpoint(
    url: str, headers: Mapping[str, str], body: bytes, rules: EndpointRules, *, resolver: Resolver = system_resolver,
    turn: int = 0, seconds: float | None = None,
) -> EndpointAnswer:  # fmt: skip
    """Send a message with these headers; never raises for what is wrong outside. *turn* counts the attempts;
    *seconds* is the most that one may take, if it is not WHOLE_SECONDS."""
    until = time.monotonic() + (seconds or WHOLE_SECONDS)
    try:
        where = read_endpoint_url(url, rules)
        address = resolve_endpoint(where, rules, resolver, turn)
    except EndpointUrlRefused:
        return EndpointAnswer(failure="url")
    except AddressRefused:
        return EndpointAnswer(failure="address")
    except OSError:
        return EndpointAnswer(failure="resolving")
    sent = {"Host": where.host_header, **headers}
    connection = _connection(where.scheme, where.host, address, where.port, rules)
    try:
        if (failure := _connect(connection)) is not None:
            return EndpointAnswer(failure=failure)
        return _ask(connection, where.target, sent, body, until)
    finally:
        with suppress(OSError):
            connection.close()


def _connection(scheme: str, host: str, address: str, port: int, rules: EndpointRules) -> HTTPConnection:
    """A connection to this very address that asks for, and verifies, the host's name."""
    if scheme == "http":
        return HTTPConnection(address, port, timeout=CONNECT_SECONDS)
    context = ssl.create_default_context(cafile=rules.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return HTTPSConnection(address, port, timeout=CONNECT_SECONDS, ssl_context=context, server_hostname=host)


def _connect(connection: HTTPConnection) -> Failure | None:
    """Connect and shake hands; returns what failed."""
    try:
        connection.connect()
    except ssl.SSLError:
        return "tls"
    except (HTTPError, OSError) as error:
        return "tls" if isinstance(error.__cause__, ssl.SSLError) else "connecting"
    return None


def _ask(
    connection: HTTPConnection, target: str, headers: Mapping[str, str], body: bytes, until: float
) -> EndpointAnswer:  # fmt: skip
    left = until - time.monotonic()
    sock = connection.sock
    if left <= 0 or sock is None:
        return EndpointAnswer(failure="timeout")
    sock.settimeout(left)
    connection.timeout = left
    try:
        with broken_off(sock, left):
            connection.request("POST", target, body=body, headers=headers, preload_content=False, decode_content=False)
            response = connection.getresponse()
            if time.monotonic() >= until:  # its headers were broken off
                return EndpointAnswer(failure="timeout")
            with suppress(HTTPError, HTTPException, OSError, ValueError):
                response.read(_MOST_READ)
            retry_after = response.headers.get("Retry-After", "")[:_LONGEST_HEADER]
            return EndpointAnswer(response.status, retry_after=retry_after)
    except TimeoutError:
        return EndpointAnswer(failure="timeout")
    except (HTTPError, HTTPException, OSError, ValueError):
        return EndpointAnswer(failure="timeout" if time.monotonic() >= until else "broken")
