"""The keys that sign web push messages (VAPID, RFC 8292). A push service takes messages for a device only if they are
signed with the key that this device subscribed with.

So a key is made once and kept, encrypted under a root: a replaced root encrypts it anew and ends no subscription
(decision 0067). Were a second one made, the first would go on signing for its own devices.
"""

from collections.abc import Collection
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.store import Store
from store.vault.encryption import DecryptionFailed, Encryptor
from store.vault.key_ring import PUSH_SIGNING_KEYS, RootMissing

_BYTES: Final = 32


class PushSigningKey(Base):
    """A key pair of P-256: the public key as browsers take it (65 bytes, uncompressed), the private one encrypted."""

    __tablename__ = "push_signing_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    encrypted: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def secret_name(self) -> bytes:
        """What the encrypted key is bound to: a copied row signs for no other public key."""
        return b"push signing key " + self.public_key


class OpenedSigningKey(NamedTuple):
    """A signing key that was decrypted: its row's id, and the pair."""

    id: int
    private_key: ec.EllipticCurvePrivateKey
    public_key: bytes


def present_signing_key(store: Store) -> PushSigningKey:
    """The key that devices subscribe with today, made when it is first needed. Two made at the same time are both
    good: each subscription names its own."""
    newest = select(PushSigningKey).order_by(PushSigningKey.id.desc()).limit(1)
    with store.reading() as session:
        row = session.scalar(newest)
    if row is None:
        with store.writing() as session:
            row = session.scalar(newest) or _make(session, store.encryptor)
    return row


def signing_key_by_public(session: Session, public_key: bytes) -> PushSigningKey | None:
    """The signing key with this public half, which a browser says that it subscribed with; None if it is none of
    ours."""
    return session.scalar(select(PushSigningKey).where(PushSigningKey.public_key == public_key))


def signing_keys(session: Session, key_ids: Collection[int]) -> dict[int, PushSigningKey]:
    """These signing keys by id."""
    return {each.id: each for each in session.scalars(select(PushSigningKey).where(PushSigningKey.id.in_(key_ids)))}


def open_signing_key(encryptor: Encryptor, row: PushSigningKey) -> OpenedSigningKey:
    """Decrypt a signing key. Raises RootMissing, or DecryptionFailed for one that was changed."""
    secret = encryptor.decrypt_secret(PUSH_SIGNING_KEYS, row.encrypted, row.secret_name)
    return OpenedSigningKey(row.id, ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1()), row.public_key)


def renew_signing_keys(store: Store) -> list[int]:
    """Encrypt the signing keys anew under the present root. Returns those (ids) that no root opens."""
    unreadable = []
    with store.writing() as session:
        for row in session.scalars(select(PushSigningKey).order_by(PushSigningKey.id).with_for_update()):
            try:
                row.encrypted = store.encryptor.renew_secret(PUSH_SIGNING_KEYS, row.encrypted, row.secret_name)
            except (DecryptionFailed, RootMissing):
                unreadable.append(row.id)
    return unreadable


def _make(session: Session, encryptor: Encryptor) -> PushSigningKey:
    private = ec.generate_private_key(ec.SECP256R1())
    row = PushSigningKey(public_key=private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    secret = private.private_numbers().private_value.to_bytes(_BYTES)
    row.encrypted = encryptor.encrypt_secret(PUSH_SIGNING_KEYS, secret, row.secret_name)
    session.add(row)
    session.flush()
    return row
