"""Encrypt documents with a key for each account (AES-GCM); account keys are encrypted under a master key.

Deleting an account's key makes its documents unreadable. The master key is derived from the installation's secret.
"""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE: Final = 12


class DecryptionFailed(Exception):  # noqa: N818
    """These bytes were not encrypted with this key, or were changed since."""


class Encryptor:
    """Encrypts and decrypts with account keys, which are themselves encrypted under the master key."""

    def __init__(self, secret: bytes) -> None:
        master = HKDF(SHA256(), 32, salt=None, info=b"facteur account keys").derive(secret)
        self._master = AESGCM(master)

    def seal_key(self, key: bytes) -> bytes:
        """Encrypt an account's new key for storage."""
        return _seal(self._master, key, b"account key")

    def seal(self, sealed_key: bytes, content: bytes, name: bytes) -> bytes:
        """Encrypt content with an account's key. *name* binds it to what it is: a bill's content cannot be put in
        another's place."""
        return _seal(self._cipher(sealed_key), content, name)

    def open(self, sealed_key: bytes, sealed: bytes, name: bytes) -> bytes:
        """Decrypt content. Raises DecryptionFailed if the key, the name or a byte differs."""
        return _open(self._cipher(sealed_key), sealed, name)

    def _cipher(self, sealed_key: bytes) -> AESGCM:
        return AESGCM(_open(self._master, sealed_key, b"account key"))


def _seal(cipher: AESGCM, content: bytes, name: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + cipher.encrypt(nonce, content, name)


def _open(cipher: AESGCM, sealed: bytes, name: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], name)
    except (InvalidTag, ValueError) as error:
        raise DecryptionFailed("sealed with another key, or changed since") from error
