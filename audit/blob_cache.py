"""A small cache of blobs for the archive check: a blob of many records is downloaded whole, once."""

from functools import lru_cache
from typing import Final

from store.blobs.blob_store import BlobChanged, BlobReader

#: The number of cached segments, of some megabytes each.
_MOST: Final = 4


class RecentBlobs:
    """Reads parts of blobs through the cache. A blob with a wrong sha256 is read part by part, to tell its sound
    records from the others."""

    def __init__(self, blobs: BlobReader) -> None:
        self._blobs = blobs
        self._whole = lru_cache(_MOST)(self._bring)

    def read(self, sha256: str, at: int = 0, length: int | None = None) -> bytes:
        if not at and length is None:
            return self._blobs.read(sha256)
        whole = self._whole(sha256)
        if whole is None:
            return self._blobs.read(sha256, at, length)
        return whole[at:] if length is None else whole[at : at + length]

    def _bring(self, sha256: str) -> bytes | None:
        try:
            return self._blobs.read(sha256)
        except BlobChanged:
            return None
