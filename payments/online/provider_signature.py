"""Whether a request is signed with a provider's secret, or with the one before it."""

from collections.abc import Mapping
from datetime import datetime

from payments.online.provider_settings import secrets_of
from store.payments.payment_provider import PaymentProvider
from store.vault.encryption import Encryptor
from untrusted.webhook_signature import is_signed


def is_signed_by_provider(
    encryptor: Encryptor, provider: PaymentProvider, headers: Mapping[str, str], body: bytes, now: datetime
) -> bool:
    """Whether the request is this provider's, and fresh. Names of headers are in any case."""
    named = {name.lower(): value for name, value in headers.items()}
    return is_signed(named, body, secrets_of(encryptor, provider), now)
