"""One blob with the pictures of a bill's pages, each encrypted with the account's key and bound to bill and place."""

from collections.abc import Sequence
from typing import NamedTuple

from store.blobs.blob_store import BlobReader
from store.vault.encryption import Encryptor


class PicturePlace(NamedTuple):
    """A picture: its number among those of its bill, its width and height in pixels, and where it is in the blob."""

    number: int
    width: int
    height: int
    at: int
    length: int


def pack_pictures(
    encryptor: Encryptor, encrypted_key: bytes, bill_id: int, pictures: Sequence[tuple[int, int, bytes]]
) -> tuple[bytes, list[PicturePlace]]:
    """Encrypt pictures (width, height, bytes); returns the blob's bytes, and the place of each."""
    parts, places, at = [], [], 0
    for number, (width, height, content) in enumerate(pictures):
        encrypted = encryptor.encrypt(encrypted_key, content, _name(bill_id, number))
        parts.append(encrypted)
        places.append(PicturePlace(number, width, height, at, len(encrypted)))
        at += len(encrypted)
    return b"".join(parts), places


def read_picture(
    blobs: BlobReader, encryptor: Encryptor, encrypted_key: bytes, bill_id: int, blob_sha256: str, place: PicturePlace
) -> bytes:
    """Read a picture. Raises BlobMissing or DecryptionFailed if it is no longer there."""
    encrypted = blobs.read(blob_sha256, place.at, place.length)
    return encryptor.decrypt(encrypted_key, encrypted, _name(bill_id, place.number))


def _name(bill_id: int, number: int) -> bytes:
    return b"bill %d, picture %d" % (bill_id, number)
