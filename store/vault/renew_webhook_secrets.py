"""Encrypt the secrets of webhook endpoints anew under the present root, after the root was replaced."""

from sqlalchemy import select

from store.outbox.webhook_endpoint import WebhookSecret, secret_name
from store.store import Store
from store.vault.encryption import DecryptionFailed
from store.vault.key_ring import WEBHOOK_SECRETS, RootMissing


def renew_webhook_secrets(store: Store) -> list[int]:
    """Renew all secrets that are not under the present root; they are few. Returns those (ids) that no root opens."""
    unreadable = []
    with store.writing() as session:
        for secret in session.scalars(select(WebhookSecret).order_by(WebhookSecret.id).with_for_update(key_share=True)):
            name = secret_name(secret.endpoint_id)
            try:
                secret.encrypted = store.encryptor.renew_secret(WEBHOOK_SECRETS, secret.encrypted, name)
            except (DecryptionFailed, RootMissing):
                unreadable.append(secret.id)
    return unreadable
