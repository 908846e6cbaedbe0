"""A webhook's secret outlives the root that encrypted it, and is no other endpoint's."""

import pytest

from issuers.registry import add_issuer
from store import Store
from store.outbox.webhook_endpoint import WebhookSecret, secret_name
from store.vault.encryption import DecryptionFailed, Encryptor
from store.vault.key_ring import CLAIM_CODES, WEBHOOK_SECRETS, KeyRing, RootMissing
from store.vault.renew_webhook_secrets import renew_webhook_secrets
from store.vault.root_use import root_uses
from tests.conftest import SECRET, Clock
from untrusted.endpoints.endpoint_url import EndpointRules
from webhooks.manage_endpoints import add_endpoint
from webhooks.signature import secret_text

NEW = b"another secret for tests, long enough to be one"


def test_secrets_are_renewed(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        issuer = add_issuer(session, "eau", "Eau", clock())
        session.flush()
        _, told = add_endpoint(
            session, store.encryptor, issuer.id, "https://eau.example", (), EndpointRules(), clock(), "alice"
        )
    replaced = Store(store.engine, store.blobs, KeyRing(NEW, [SECRET]), store.wake_up, store.incoming)
    alone = Store(store.engine, store.blobs, KeyRing(NEW), store.wake_up, store.incoming)
    assert renew_webhook_secrets(alone) == [1]
    assert renew_webhook_secrets(replaced) == []
    with store.reading() as session:
        secret = session.query(WebhookSecret).one()
        assert [(each.root, each.webhook_secrets) for each in root_uses(session)] == [(alone.keys.present.id, 1)]
    plain = alone.encryptor.decrypt_secret(WEBHOOK_SECRETS, secret.encrypted, secret_name(1))
    assert secret_text(plain) == told
    with pytest.raises(RootMissing):
        store.encryptor.decrypt_secret(WEBHOOK_SECRETS, secret.encrypted, secret_name(1))


def test_a_secret_is_bound_to_its_endpoint_and_purpose() -> None:
    encryptor = Encryptor(KeyRing(SECRET))
    encrypted = encryptor.encrypt_secret(WEBHOOK_SECRETS, b"plain", secret_name(1))
    assert b"plain" not in encrypted
    assert encryptor.decrypt_secret(WEBHOOK_SECRETS, encrypted, secret_name(1)) == b"plain"
    flipped = encrypted[:-1] + bytes([encrypted[-1] ^ 1])
    for purpose, content, name in (
        (WEBHOOK_SECRETS, encrypted, secret_name(2)), (CLAIM_CODES, encrypted, secret_name(1)),
        (WEBHOOK_SECRETS, flipped, secret_name(1)), (WEBHOOK_SECRETS, b"", secret_name(1)),
        (WEBHOOK_SECRETS, b"\x01", secret_name(1)),
    ):  # fmt: skip
        with pytest.raises(DecryptionFailed):
            encryptor.decrypt_secret(purpose, content, name)
