"""The blob store interface: bytes named by their sha256, written once, checked when read.

Implementations: a folder (`store.blobs.folder_blobs`, the default) and an S3-compatible store by URL
(`store.blobs.s3_blobs`).
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from store.blobs.unnamed_file import name_file

PIECE: Final = 1 << 20


class BlobMissing(Exception):  # noqa: N818 -- it is the blob that is missing
    """There is no blob of this name: a row refers to something that is gone."""


class BlobChanged(Exception):  # noqa: N818
    """The bytes read from a blob do not have its sha256, if it is known."""

    def __init__(self, message: str, sha256: str = "") -> None:
        super().__init__(message)
        self.sha256 = sha256


class BlobTooLarge(Exception):  # noqa: N818
    """More bytes came than allowed; nothing was stored."""


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int = -1, /) -> bytes: ...


class BlobReader(Protocol):
    """Reads blobs. A whole blob is checked against its name; a part is checked by its reader, by a digest or by
    decrypting it."""

    def read(self, sha256: str, at: int = 0, length: int | None = None) -> bytes:
        """Return the blob, or *length* bytes from *at*. Raises BlobMissing, or (whole blobs only) BlobChanged."""


class Blobs(BlobReader, Protocol):
    """A blob store. What was put stays readable under its name until it is deleted."""

    def put(self, content: bytes) -> str:
        """Store these bytes; returns their sha256 in hex. Repairs a blob of that name with other bytes."""

    def put_file(self, path: Path, sha256: str) -> None:
        """Store a finished file under its sha256, which the caller computed while writing it."""

    @contextmanager
    def open(self, sha256: str) -> Iterator[BinaryIO]:
        """Open a blob, checked, as a seekable file. Raises BlobMissing, BlobChanged."""

    def exists(self, sha256: str) -> bool:
        """Whether there is a blob of this name."""

    def delete(self, sha256: str) -> None:
        """Delete a blob; no error if there is none."""


def checked(content: bytes, sha256: str) -> bytes:
    """Return these bytes, or raise BlobChanged if their sha256 is another."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BlobChanged(f"the blob {sha256} hands back other bytes than were put there", sha256)
    return content


def is_kept(blobs: Blobs, content: bytes, sha256: str) -> bool:
    """Whether the store has these bytes under their name, read back and compared."""
    try:
        return blobs.exists(sha256) and blobs.read(sha256) == content
    except (BlobMissing, BlobChanged):
        return False


def check_bytes(stream: BinaryIO, sha256: str) -> None:
    """Read a blob's stream to its end and rewind it. Raises BlobChanged if its sha256 is another."""
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    if digest.hexdigest() != sha256:
        raise BlobChanged(f"the blob {sha256} hands back other bytes than were put there", sha256)
    stream.seek(0)


def receive_blob(blobs: Blobs, stream: Readable, folder: Path, most: int, *, unnamed: object = None) -> tuple[str, int]:
    """Store a stream as a blob without holding it in memory; returns its sha256 and size. *folder* is for the temporary
    file. *unnamed* is the stream's own file, if its bytes lie in one: given a name, it becomes the blob and nothing is
    copied. Raises BlobTooLarge past *most* bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".incoming-{secrets.token_hex(8)}"
    try:
        if name_file(unnamed, path):
            sha256, size = _measure(stream, most, None)
        else:
            path.touch(0o600, exist_ok=False)
            with path.open("wb") as draft:
                sha256, size = _measure(stream, most, draft)
        blobs.put_file(path, sha256)
    finally:
        path.unlink(missing_ok=True)
    return sha256, size


def _measure(stream: Readable, most: int, draft: BinaryIO | None) -> tuple[str, int]:
    """Read a stream to its end, and write it into *draft* if there is one; returns its sha256 and size."""
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > most:
            raise BlobTooLarge(f"more than {most} bytes")
        digest.update(piece)
        if draft is not None:
            draft.write(piece)
    return digest.hexdigest(), size
