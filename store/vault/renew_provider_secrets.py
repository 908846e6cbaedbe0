"""Encrypt the secrets shared with payment providers anew under the present root, after the root was replaced."""

from sqlalchemy import select

from store.payments.payment_provider import PaymentProvider, provider_secret_name
from store.store import Store
from store.vault.encryption import DecryptionFailed
from store.vault.key_ring import PAYMENT_PROVIDERS, RootMissing


def renew_provider_secrets(store: Store) -> list[int]:
    """Renew all secrets that are not under the present root; they are few. Returns the issuers (ids) whose present
    secret no root opens. One from before the last rotation that cannot be opened is forgotten."""
    unreadable = []
    with store.writing() as session:
        rows = select(PaymentProvider).order_by(PaymentProvider.id).with_for_update(key_share=True)
        for provider in session.scalars(rows):
            renewed = _renewed(store, provider.issuer_id, provider.secret)
            if renewed is None:
                unreadable.append(provider.issuer_id)
                continue
            provider.secret = renewed
            if provider.secret_before is not None:
                provider.secret_before = _renewed(store, provider.issuer_id, provider.secret_before)
    return unreadable


def _renewed(store: Store, issuer_id: int, encrypted: bytes) -> bytes | None:
    try:
        return store.encryptor.renew_secret(PAYMENT_PROVIDERS, encrypted, provider_secret_name(issuer_id))
    except (DecryptionFailed, RootMissing):
        return None
