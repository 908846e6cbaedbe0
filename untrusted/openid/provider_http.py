"""The one way by which providers are asked: bounded in time and size, no redirects, TLS verified."""

import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from untrusted.openid.provider_refusal import ProviderRefusal

#: Seconds to connect, to wait for bytes, and for the whole answer.
CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 10.0
#: Bytes of an answer: metadata, keys and tokens have some thousands.
LARGEST: Final = 256 * 1024
_LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}
_FORM: Final = "application/x-www-form-urlencoded"

_pool: Final = urllib3.PoolManager(
    num_pools=8, retries=False, timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
)


def ask_provider(url: str, form: Mapping[str, str] | None = None, *, bearer: str = "") -> bytes:
    """Returns the body of a 200: of a GET, or of a POST of this *form*. Raises ProviderRefusal."""
    check_url(url)
    headers = {
        "Accept": "application/json, application/jwt",
        **({"Authorization": f"Bearer {bearer}"} if bearer else {}),
    }
    until = time.monotonic() + WHOLE_SECONDS
    body = None if form is None else urlencode(form)
    try:
        response = _pool.request(
            "GET" if form is None else "POST", url, body=body, redirect=False, preload_content=False,
            headers=headers if form is None else {**headers, "Content-Type": _FORM},
        )  # fmt: skip
        try:
            read = _read(response, until)
        finally:
            response.close()
    except (HTTPError, OSError) as error:
        raise ProviderRefusal("down", f"{_host(url)}: {type(error).__name__}") from error
    if response.status != 200:
        is_down = response.status >= 500 or response.status == 429
        raise ProviderRefusal("down" if is_down else "token", f"{_host(url)} answers {response.status}")
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


def _read(response: urllib3.BaseHTTPResponse, until: float) -> bytes:
    read = bytearray()
    for part in response.stream(16 * 1024):
        read += part
        if len(read) > LARGEST or time.monotonic() > until:
            raise ProviderRefusal("down", "an answer of the provider is too large or too slow")
    return bytes(read)


def _host(url: str) -> str:
    return urlsplit(url).hostname or "?"
