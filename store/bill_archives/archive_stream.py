"""An archive of bills as one file to read: a part at a time is decrypted, where and when it is read."""

from bisect import bisect_right
from collections.abc import Sequence
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from typing import NamedTuple

from store.bill_archives.bill_archive import BillArchive, BillArchivePart
from store.blobs.blob_store import BlobReader
from store.vault.archive_part import read_part
from store.vault.encryption import Encryptor


class _Place(NamedTuple):
    at: int
    n: int
    sha256: str
    content_length: int


class ArchiveStream(RawIOBase):
    """The bytes of the ZIP file. Needs no database. Memory: one part. Reading raises BlobMissing or DecryptionFailed
    where a part is no longer there."""

    def __init__(
        self, blobs: BlobReader, encryptor: Encryptor, archive: BillArchive, parts: Sequence[BillArchivePart]
    ) -> None:
        self._blobs = blobs
        self._encryptor = encryptor
        self._id, self._key, self._size = archive.id, archive.encrypted_key, archive.size
        self._places = [_Place(part.at, part.n, part.blob_sha256, part.content_length) for part in parts]
        self._starts = [place.at for place in self._places]
        self._position = 0
        self._opened: tuple[int, bytes] | None = None  # the part that was read last, and its bytes

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        base = {SEEK_SET: 0, SEEK_CUR: self._position, SEEK_END: self._size}[whence]
        self._position = max(base + offset, 0)
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        """At most *size* bytes, and no more than to the end of a part; all that is left for -1."""
        if size is None or size < 0:
            return self.readall()
        if self._position >= self._size or not size:
            return b""
        at = bisect_right(self._starts, self._position) - 1
        offset = self._position - self._starts[at]
        content = self._part(at)[offset : offset + size]
        self._position += len(content)
        return content

    def readall(self) -> bytes:
        pieces = []
        while piece := self.read(1 << 20):
            pieces.append(piece)
        return b"".join(pieces)

    def _part(self, at: int) -> bytes:
        if self._opened is None or self._opened[0] != at:
            place = self._places[at]
            content = read_part(
                self._blobs, self._encryptor, self._key, self._id, place.n, place.sha256, place.content_length
            )
            self._opened = (at, content)
        return self._opened[1]
