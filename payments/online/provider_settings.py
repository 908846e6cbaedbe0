"""An issuer's payment provider is set, and its secret rotated."""

import base64
import re
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from store.db.event import record
from store.issuer import lock_issuer
from store.payments.payment_provider import PaymentProvider, provider_of, provider_secret_name
from store.vault.encryption import Encryptor
from store.vault.key_ring import PAYMENT_PROVIDERS
from words.spoken_error import SpokenError

#: Bytes that a secret has at least (Standard Webhooks).
_LEAST_BYTES: Final = 24
_URL: Final = re.compile(r"[!-~]{1,500}")
_MISREAD: Final = re.compile(r"[\\\"<>^`{|}]")
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_merchant = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}").fullmatch


class ProviderRefused(SpokenError):  # noqa: N818
    """A provider cannot be so. The message says why."""


def set_provider(
    session: Session, encryptor: Encryptor, issuer_id: int, page_url: str, merchant: str, secret: bytes, now: datetime,
    by: str,
) -> PaymentProvider:  # fmt: skip
    """Set or change the issuer's provider. A secret that differs takes the place of the one before, which still opens
    what comes signed by it. Raises ProviderRefused."""
    _check(page_url, merchant, secret)
    lock_issuer(session, issuer_id)
    encrypted = encryptor.encrypt_secret(PAYMENT_PROVIDERS, secret, provider_secret_name(issuer_id))
    provider = provider_of(session, issuer_id)
    if provider is None:
        provider = PaymentProvider(issuer_id=issuer_id)
        session.add(provider)
    elif secrets_of(encryptor, provider)[0] != secret:
        provider.secret_before = provider.secret
    provider.page_url, provider.merchant, provider.secret, provider.changed_at = page_url, merchant, encrypted, now
    session.flush()
    record(session, "payment_provider", provider.id, "set", now, by=by, why=page_url)
    return provider


def secret_bytes(text: str) -> bytes:
    """The bytes of a secret as its owner is shown it: base 64, with or without `whsec_`. Raises ProviderRefused."""
    try:
        return base64.b64decode(text.strip().removeprefix("whsec_"), validate=True)
    except ValueError as error:
        raise ProviderRefused("a secret is base 64, with or without whsec_ before it") from error


def secrets_of(encryptor: Encryptor, provider: PaymentProvider) -> list[bytes]:
    """The provider's secrets, the present one first. Raises what `Encryptor.decrypt_secret` raises."""
    name = provider_secret_name(provider.issuer_id)
    kept = [provider.secret, *([provider.secret_before] if provider.secret_before else [])]
    return [encryptor.decrypt_secret(PAYMENT_PROVIDERS, each, name) for each in kept]


def _check(page_url: str, merchant: str, secret: bytes) -> None:
    if not _URL.fullmatch(page_url) or _MISREAD.search(page_url):
        raise ProviderRefused("a page's URL has at most 500 ASCII characters and no blank")
    try:
        parts = urlsplit(page_url)
        host = parts.hostname or ""
    except ValueError as error:
        raise ProviderRefused("this URL cannot be read") from error
    is_here = parts.scheme == "http" and host in _LOOPBACK
    if not host or "@" in parts.netloc or not (parts.scheme == "https" or is_here):
        raise ProviderRefused("a page's URL begins with https:// and names a host, without a user or password")
    if parts.query or "#" in page_url or "?" in page_url:
        raise ProviderRefused("a page's URL has no query and no fragment: what is paid is added to it")
    if not _merchant(merchant):
        raise ProviderRefused("the provider's name for the merchant has up to 100 of A-Z, a-z, 0-9 and ._:-")
    if len(secret) < _LEAST_BYTES:
        raise ProviderRefused("a secret has at least {bytes} bytes", bytes=_LEAST_BYTES)
