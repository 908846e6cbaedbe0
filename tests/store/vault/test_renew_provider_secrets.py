"""What is shared with a payment provider outlives the root that encrypted it, the secret before the last one too."""

from issuers.registry import add_issuer
from payments.online.provider_settings import secrets_of, set_provider
from store import Store
from store.payments.payment_provider import provider_of
from store.vault.key_ring import KeyRing
from store.vault.renew_provider_secrets import renew_provider_secrets
from store.vault.root_use import root_uses
from tests.conftest import SECRET, Clock

NEW = b"another secret for tests, long enough to be one"
FIRST, SECOND = b"what the two of them shared before", b"what the two of them share since then"


def test_secrets_are_renewed(store: Store, clock: Clock) -> None:
    with store.writing() as session:
        issuer_id = add_issuer(session, "eau", "Eau", clock()).id
        for secret in (FIRST, SECOND):
            set_provider(session, store.encryptor, issuer_id, "https://pay.example/p", "eau", secret, clock(), "Léa")
    replaced = Store(store.engine, store.blobs, KeyRing(NEW, [SECRET]), store.wake_up, store.incoming)
    alone = Store(store.engine, store.blobs, KeyRing(NEW), store.wake_up, store.incoming)
    assert renew_provider_secrets(alone) == [issuer_id]
    assert renew_provider_secrets(replaced) == []
    with store.reading() as session:
        provider = provider_of(session, issuer_id)
        assert provider is not None
        assert secrets_of(alone.encryptor, provider) == [SECOND, FIRST]
        assert [(each.root, each.provider_secrets) for each in root_uses(session)] == [(alone.keys.present.id, 1)]
