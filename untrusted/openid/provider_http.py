"""The one way by which providers are asked: bounded in time and size, no redirects, TLS verified."""

import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPException
from typing import Final
from urllib.parse import urlencode, urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from untrusted.broken_off import broken_off
from untrusted.openid.provider_refusal import ProviderRefusal

#: Seconds to connect, to wait for bytes, and for the whole answer.
CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 10.0
#: Bytes of an answer: metadata, keys and tokens have some thousands.
LARGEST: Final = 256 * 1024
_LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}
_FORM: Final = "application/x-www-form-urlencoded"


def ask_provider(url: str, form: Mapping[str, str] | None = None, *, bearer: str = "") -> bytes:
    """Returns the body of a 200: of a GET, or of a POST of this *form*. Raises ProviderRefusal."""
    check_url(url)
    headers = {
        "Accept": "application/json, application/jwt",
        **({"Authorization": f"Bearer {bearer}"} if bearer else {}),
    }
    if form is not None:
        headers["Content-Type"] = _FORM
    until = time.monotonic() + WHOLE_SECONDS
    try:
        with closing(_connection(url)) as connection:
            status, read = _answer(connection, url, None if form is None else urlencode(form), headers, until)
    except (HTTPError, HTTPException, OSError) as error:
        raise ProviderRefusal("down", f"{_host(url)}: {type(error).__name__}") from error
    if status != 200:
        is_down = status >= 500 or status == 429
        raise ProviderRefusal("down" if is_down else "token", f"{_host(url)} answers {status}")
    return read


def check_url(url: str) -> None:
    """Raises ProviderRefusal unless this is an https URL (or http on this machine) without a password in it."""
    if not _may_be_asked(url):
        raise ProviderRefusal("down", "an address of the provider is no https URL")


def _may_be_asked(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.username is not None or not url.isascii() or not url.isprintable() or " " in url:
        return False
    return (parts.scheme == "https" and bool(host)) or (parts.scheme == "http" and host in _LOOPBACK)


def _connection(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "http":
        return HTTPConnection(host, parts.port, timeout=CONNECT_SECONDS)
    return HTTPSConnection(host, parts.port, timeout=CONNECT_SECONDS, ssl_context=ssl.create_default_context())


def _answer(
    connection: HTTPConnection, url: str, body: str | None, headers: Mapping[str, str], until: float
) -> tuple[int, bytes]:
    """Returns the status and the body of what is answered. Raises ProviderRefusal where that is too large or slow."""
    parts = urlsplit(url)
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    connection.connect()
    connection.timeout = READ_SECONDS
    with broken_off(connection.sock, max(until - time.monotonic(), 0)):
        connection.request("GET" if body is None else "POST", target, body, headers, preload_content=False)
        response = connection.getresponse()
        return response.status, _read(response, until)


def _read(response: BaseHTTPResponse, until: float) -> bytes:
    read = bytearray()
    for part in response.stream(16 * 1024):
        read += part
        if len(read) > LARGEST or time.monotonic() >= until:
            break
    if len(read) > LARGEST or time.monotonic() >= until:  # it, or its headers, may have been broken off
        raise ProviderRefusal("down", "an answer of the provider is too large or too slow")
    return bytes(read)


def _host(url: str) -> str:
    return urlsplit(url).hostname or "?"
