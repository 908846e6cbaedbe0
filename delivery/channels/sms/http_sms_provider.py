"""Sends SMS by a provider's HTTP API, and classifies its failures.

One POST of JSON an SMS: `to`, `text`, `sender`, `reference`, `callback`, with the key as a bearer token. The provider
answers 2xx when it has taken the message, with its own `id` and, if it tells them, `segments` and `price` (in EUR). An
error may name the field that it blames: `{"error": {"field": "to", "message": "…"}}`. A reference that it has taken
before is answered again and sent once (docs/operators.md).
"""

import logging
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec
from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)

from delivery.channels.delivery_error import DeliveryError, Failure
from delivery.channels.provider_receipt import ProviderReceipt
from delivery.channels.sms.sms_provider import Sms, SmsSettings

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 15.0
_MOST_READ: Final = 4096
_MOST_SEGMENTS: Final = 10
_DEAREST: Final = Decimal(10)

#: The provider was not reached: nothing was sent.
_NOT_REACHED: Final = (ConnectTimeoutError, NewConnectionError, NameResolutionError, SSLError, LocationValueError)
#: Nothing else would be taken now either: our key, our credit, our URL, or the provider as a whole.
_DOWN: Final = frozenset({401, 402, 403, 404, 405, 503})
#: The answer of somebody between us and the provider, who may have taken it.
_IN_DOUBT: Final = frozenset({502, 504})
_BUSY: Final = frozenset({408, 425, 429})

#: Its warnings repeat URLs, which have the key in them.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


class _Error(msgspec.Struct):
    field: str = ""
    message: str = ""


class _Answer(msgspec.Struct):
    id: str | int = ""
    segments: int = 0
    price: str | float | None = None
    error: _Error | None = None


class HttpSmsProvider:
    """The provider at `https://key@host/…`. Redirects are not followed."""

    def __init__(
        self, settings: SmsSettings, connect_seconds: float = CONNECT_SECONDS, read_seconds: float = READ_SECONDS
    ) -> None:
        self._settings = settings
        parts = urlsplit(settings.url)
        self._url = _without_key(parts)
        self._headers = {"Content-Type": "application/json", "User-Agent": "Facteur-SMS/1"}
        if parts.username:
            self._headers["Authorization"] = f"Bearer {unquote(parts.username)}"
        self._pool = PoolManager(
            timeout=Timeout(connect=connect_seconds, read=read_seconds), retries=False, cert_reqs="CERT_REQUIRED"
        )

    def send(self, sms: Sms) -> ProviderReceipt:
        """Hand one SMS over. Returns the provider's receipt; raises DeliveryError with the kind of failure."""
        body = msgspec.json.encode({**msgspec.structs.asdict(sms), **self._settings.body})
        headers = self._headers | {"Idempotency-Key": sms.reference}
        try:
            response = self._pool.request(
                "POST", self._url, body=body, headers=headers, redirect=False, preload_content=False
            )
        except _NOT_REACHED as error:
            raise DeliveryError("down", f"{type(error).__name__}: {error}") from error
        except (HTTPError, OSError) as error:
            raise DeliveryError("in_doubt", f"{type(error).__name__}: {error}") from error
        content = _content(response)
        answer = _answer(content)
        if 200 <= response.status < 300:
            return _receipt(response.status, answer)
        blamed, message = (answer.error.field, answer.error.message) if answer.error else ("", "")
        said = message or content.decode("utf-8", "replace")
        raise DeliveryError(_failure(response.status, blamed), f"{response.status} {said}".strip()[:500])

    def hang_up(self) -> None:
        """Close the connection, if one is open."""
        self._pool.clear()


def _without_key(parts: SplitResult) -> str:
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _content(response: BaseHTTPResponse) -> bytes:
    """The beginning of the answer; b"" where it breaks off: the status has told what became of the message."""
    try:
        return response.read(_MOST_READ)
    except (HTTPError, OSError):
        return b""
    finally:
        response.close()


def _answer(content: bytes) -> _Answer:
    try:
        return msgspec.json.decode(content, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Answer()


def _receipt(status: int, answer: _Answer) -> ProviderReceipt:
    return ProviderReceipt(
        str(status),
        provider_id=str(answer.id)[:200],
        segments=answer.segments if 0 < answer.segments <= _MOST_SEGMENTS else 0,
        cost=_price(answer.price),
    )


def _price(told: str | float | None) -> Decimal | None:
    try:
        price = Decimal(str(told)).quantize(Decimal("0.0001"))
    except InvalidOperation:
        return None
    return price if price.is_finite() and 0 <= price <= _DEAREST else None


def _failure(status: int, blamed: str) -> Failure:
    """Classify a refusal: `refused` only where it blames the number."""
    if status in _BUSY:
        return "busy"
    if status in _DOWN or status < 400:
        return "down"
    if status in _IN_DOUBT:
        return "in_doubt"
    if status >= 500:
        return "busy"
    return "refused" if blamed == "to" else "later"
