"""Encrypt documents with a key for each account (AES-GCM); account keys are encrypted under the installation's root.

Deleting an account's key makes its documents unreadable. Both forms begin with their version:

* an account key: version (1 byte), root id (4 bytes), nonce (12 bytes), encrypted key and tag;
* content: version (1 byte), nonce (12 bytes), encrypted bytes and tag. Which account's key opens it stands beside it.

Version 0, written before versions were, has nonce, encrypted bytes and tag alone.

A secret that is no account's (a webhook endpoint's) is encrypted under a root as an account key is, by the key of its
own purpose.
"""

import os
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.vault.key_ring import ARCHIVES, ID_BYTES, KeyRing, Purpose, RootMissing

NONCE: Final = 12
VERSION: Final = b"\x01"
_TAG: Final = 16
#: Bytes of an account key's head.
HEAD_LENGTH: Final = 1 + ID_BYTES
_ACCOUNT_KEY: Final = b"account key"
#: Bytes of an account key of version 0, and of version 1, which is longer by its head.
KEY_LENGTH_0: Final = NONCE + 32 + _TAG
KEY_LENGTH: Final = HEAD_LENGTH + KEY_LENGTH_0


class DecryptionFailed(Exception):  # noqa: N818
    """These bytes were not encrypted with this key, or were changed since."""


class RootKeyMissing(DecryptionFailed, RootMissing):
    """An account's key is encrypted under a root that is not configured."""


class Encryptor:
    """Encrypts and decrypts with account keys, which are themselves encrypted under a root of the key ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def encrypt_key(self, key: bytes) -> bytes:
        """Encrypt an account's key for storage, under the present root."""
        head = key_head(self._keys.present.id)
        return head + _encrypt(_cipher(self._keys.key(ARCHIVES)), key, head + _ACCOUNT_KEY)

    def opens_key(self, encrypted_key: bytes) -> bool:
        """Whether a root of the ring opens this account's key."""
        try:
            self._account_key(encrypted_key)
        except DecryptionFailed:
            return False
        return True

    def is_present(self, encrypted_key: bytes) -> bool:
        """Whether this account's key is encrypted under the present root."""
        return len(encrypted_key) == KEY_LENGTH and encrypted_key.startswith(key_head(self._keys.present.id))

    def renew_key(self, encrypted_key: bytes) -> bytes:
        """The same account key, encrypted under the present root. Raises DecryptionFailed."""
        return self.encrypt_key(self._account_key(encrypted_key))

    def encrypt_secret(self, purpose: Purpose, secret: bytes, name: bytes) -> bytes:
        """Encrypt a secret under the present root. *name* binds it to its row: it opens nothing in another's place."""
        head = key_head(self._keys.present.id)
        return head + _encrypt(_cipher(self._keys.key(purpose)), secret, head + name)

    def decrypt_secret(self, purpose: Purpose, encrypted: bytes, name: bytes) -> bytes:
        """Decrypt a secret. Raises DecryptionFailed; RootMissing if it needs another root."""
        head = encrypted[:HEAD_LENGTH]
        if head[:1] != VERSION or len(head) < HEAD_LENGTH:
            raise DecryptionFailed("no secret of a known version")
        root = self._keys.root(head[1:].hex())
        return _decrypt(_cipher(root.key(purpose)), encrypted[HEAD_LENGTH:], head + name)

    def renew_secret(self, purpose: Purpose, encrypted: bytes, name: bytes) -> bytes:
        """The same secret, encrypted under the present root; as it is if it is already. Raises as `decrypt_secret`."""
        if encrypted.startswith(key_head(self._keys.present.id)):
            return encrypted
        return self.encrypt_secret(purpose, self.decrypt_secret(purpose, encrypted, name), name)

    def encrypt(self, encrypted_key: bytes, content: bytes, name: bytes) -> bytes:
        """Encrypt content with an account's key. *name* binds it to what it is: a bill's content cannot be put in
        another's place."""
        return VERSION + _encrypt(AESGCM(self._account_key(encrypted_key)), content, VERSION + name)

    def decrypt(self, encrypted_key: bytes, encrypted: bytes, name: bytes) -> bytes:
        """Decrypt content. Raises DecryptionFailed if the key, the name or a byte differs; RootKeyMissing if the key
        needs another root."""
        cipher = AESGCM(self._account_key(encrypted_key))
        if encrypted[:1] == VERSION:
            try:
                return _decrypt(cipher, encrypted[1:], VERSION + name)
            except DecryptionFailed:
                pass  # a nonce of version 0 begins with the same byte once in 256 times
        return _decrypt(cipher, encrypted, name)

    def _account_key(self, encrypted_key: bytes) -> bytes:
        if len(encrypted_key) == KEY_LENGTH_0:
            return self._key_of_version_0(encrypted_key)
        head = encrypted_key[:HEAD_LENGTH]
        if head[:1] != VERSION:
            raise DecryptionFailed("no account key of a known version")
        try:
            root = self._keys.root(head[1:].hex())
        except RootMissing as error:
            raise RootKeyMissing(f"the account's key was {error}", error.root_id) from error
        return _decrypt(_cipher(root.key(ARCHIVES)), encrypted_key[HEAD_LENGTH:], head + _ACCOUNT_KEY)

    def _key_of_version_0(self, encrypted_key: bytes) -> bytes:
        """Which root encrypted it is not said: each is tried."""
        for root in self._keys.roots:
            try:
                return _decrypt(_cipher(root.key_before(ARCHIVES)), encrypted_key, _ACCOUNT_KEY)
            except DecryptionFailed:
                continue
        raise DecryptionFailed(
            "the account's key was changed, or encrypted under a root that is not configured: "
            "name its file in FACTEUR_OLD_SECRET_FILES"
        )


def key_head(root_id: str) -> bytes:
    """The bytes that account keys encrypted under this root begin with."""
    return VERSION + bytes.fromhex(root_id)


@cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _encrypt(cipher: AESGCM, content: bytes, name: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + cipher.encrypt(nonce, content, name)


def _decrypt(cipher: AESGCM, encrypted: bytes, name: bytes) -> bytes:
    try:
        return cipher.decrypt(encrypted[:NONCE], encrypted[NONCE:], name)
    except (InvalidTag, ValueError) as error:
        raise DecryptionFailed("encrypted with another key, or changed since") from error
