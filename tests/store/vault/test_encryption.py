"""What is encrypted says its version and, a key, its root; what was encrypted before opens."""

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.vault.encryption import KEY_LENGTH, KEY_LENGTH_0, DecryptionFailed, Encryptor, RootKeyMissing
from store.vault.key_ring import ARCHIVES, KeyRing, Root

OLD, NEW = b"the first secret, of thirty-two bytes", b"the second secret, of thirty-two bytes"
KEY, NAME, BILL = b"k" * 32, b"bill 7", b"84.00 EUR"


def of_version_0(key: bytes, content: bytes, name: bytes, nonce: bytes | None = None) -> bytes:
    """As programs wrote it before versions were."""
    nonce = nonce or os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, content, name)


def test_a_key_and_its_content_say_what_they_are() -> None:
    encryptor = Encryptor(KeyRing(OLD))
    key = encryptor.encrypt_key(KEY)
    assert (key[0], key[1:5].hex(), len(key)) == (1, Root(OLD).id, KEY_LENGTH)
    encrypted = encryptor.encrypt(key, BILL, NAME)
    assert encrypted[0] == 1
    assert encryptor.decrypt(key, encrypted, NAME) == BILL


@pytest.mark.parametrize("place", range(KEY_LENGTH))
def test_a_key_with_another_byte_opens_nothing(place: int) -> None:
    encryptor = Encryptor(KeyRing(OLD, [NEW]))
    key = bytearray(encryptor.encrypt_key(KEY))
    key[place] ^= 1
    with pytest.raises(DecryptionFailed):
        encryptor.encrypt(bytes(key), BILL, NAME)


def test_a_key_cannot_be_moved_under_another_root() -> None:
    encryptor = Encryptor(KeyRing(OLD, [NEW]))
    key = encryptor.encrypt_key(KEY)
    with pytest.raises(DecryptionFailed):
        encryptor.encrypt(key[:1] + bytes.fromhex(Root(NEW).id) + key[5:], BILL, NAME)


@pytest.mark.parametrize("nonce", [bytes(range(50, 62)), b"\x01" + bytes(range(11))], ids=["any", "as version 1"])
def test_version_0_opens(nonce: bytes) -> None:
    """Its nonce may begin as version 1 does."""
    key = of_version_0(Root(OLD).key_before(ARCHIVES), KEY, b"account key")
    assert len(key) == KEY_LENGTH_0
    encrypted = of_version_0(KEY, BILL, NAME, nonce)
    for ring in (KeyRing(OLD), KeyRing(NEW, [OLD])):
        assert Encryptor(ring).decrypt(key, encrypted, NAME) == BILL
        with pytest.raises(DecryptionFailed):
            Encryptor(ring).decrypt(key, encrypted, b"bill 8")
    with pytest.raises(DecryptionFailed, match="FACTEUR_OLD_SECRET_FILES"):
        Encryptor(KeyRing(NEW)).decrypt(key, encrypted, NAME)


def test_a_renewed_key_opens_the_same_with_the_new_root_alone() -> None:
    before = Encryptor(KeyRing(OLD))
    key = before.encrypt_key(KEY)
    encrypted = before.encrypt(key, BILL, NAME)
    renewed = Encryptor(KeyRing(NEW, [OLD])).renew_key(key)
    assert Encryptor(KeyRing(NEW)).decrypt(renewed, encrypted, NAME) == BILL
    with pytest.raises(RootKeyMissing, match=f"root {Root(OLD).id}"):
        Encryptor(KeyRing(NEW)).decrypt(key, encrypted, NAME)
