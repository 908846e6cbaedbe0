"""One part of an archive of bills in a blob: the bytes of the ZIP file, and what it has of each bill, both encrypted
with the archive's key and bound to their place."""

from typing import NamedTuple

from store.blobs.blob_store import BlobReader
from store.vault.encryption import Encryptor


class PackedPart(NamedTuple):
    """A blob's bytes, of which the first *content_length* are the encrypted bytes of the ZIP file."""

    blob: bytes
    content_length: int


def pack_part(
    encryptor: Encryptor, encrypted_key: bytes, archive_id: int, n: int, content: bytes, entries: bytes
) -> PackedPart:
    """Encrypt the *n*th part's bytes of the ZIP file, and its entries."""
    first = encryptor.encrypt(encrypted_key, content, _name(archive_id, n, b"content"))
    return PackedPart(first + encryptor.encrypt(encrypted_key, entries, _name(archive_id, n, b"entries")), len(first))


def read_part(
    blobs: BlobReader, encryptor: Encryptor, encrypted_key: bytes, archive_id: int, n: int, sha256: str, length: int
) -> bytes:
    """The bytes of the ZIP file in the *n*th part. Raises BlobMissing or DecryptionFailed if they are not there."""
    return encryptor.decrypt(encrypted_key, blobs.read(sha256, 0, length), _name(archive_id, n, b"content"))


def read_entries(
    blobs: BlobReader, encryptor: Encryptor, encrypted_key: bytes, archive_id: int, n: int, sha256: str, at: int
) -> bytes:
    """The entries of the *n*th part. Raises as `read_part`."""
    return encryptor.decrypt(encrypted_key, blobs.read(sha256, at), _name(archive_id, n, b"entries"))


def _name(archive_id: int, n: int, what: bytes) -> bytes:
    return b"archive %d, part %d, %s" % (archive_id, n, what)
