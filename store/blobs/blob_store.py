"""The blob store interface: bytes named by their sha256, written once, checked when read.

Implementations: a folder (`store.blobs.folder_blobs`, the default) and an S3-compatible store by URL
(`store.blobs.s3_blobs`).
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol

PIECE: Final = 1 << 20


class BlobMissing(Exception):  # noqa: N818 -- it is the blob that is missing
    """No blob has this name: something that a row points at is gone."""


class BlobChanged(Exception):  # noqa: N818
    """The bytes that a blob hands back are not those that were put there."""


class BlobTooLarge(Exception):  # noqa: N818
    """More bytes came than were allowed; nothing was kept."""


class Readable(Protocol):
    """Anything that bytes can be read from, piece by piece: b"" is its end."""

    def read(self, size: int = -1, /) -> bytes: ...


class BlobReader(Protocol):
    """Where bytes are read back from. Read whole, they are checked against their name; a part is checked by whoever
    reads it, who has a digest of it or authenticates it by its seal."""

    def read(self, sha256: str, at: int = 0, length: int | None = None) -> bytes:
        """The bytes, or a part of them; BlobMissing, or (of all of them) BlobChanged."""


class Blobs(BlobReader, Protocol):
    """Where bytes are kept. What was put stays readable under its name until it is deleted."""

    def put(self, content: bytes) -> str:
        """Keep these bytes; their sha256 in hex. A blob of that name that has other bytes by now is mended."""

    def put_file(self, path: Path, sha256: str) -> None:
        """Keep a finished file under its sha256 (which the caller computed while writing it)."""

    @contextmanager
    def open(self, sha256: str) -> Iterator[BinaryIO]:
        """The bytes, checked, as a file that can be sought; BlobMissing, BlobChanged."""

    def exists(self, sha256: str) -> bool:
        """Whether there is a blob of this name."""

    def delete(self, sha256: str) -> None:
        """Forget the bytes; it is fine if they are not there."""


def checked(content: bytes, sha256: str) -> bytes:
    """These bytes; BlobChanged when they bear another name."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BlobChanged(f"the blob {sha256} hands back other bytes than were put there")
    return content


def is_kept(blobs: Blobs, content: bytes, sha256: str) -> bool:
    """Whether these bytes are there under their name, and are read back."""
    try:
        return blobs.exists(sha256) and blobs.read(sha256) == content
    except (BlobMissing, BlobChanged):
        return False


def check_bytes(stream: BinaryIO, sha256: str) -> None:
    """Read a blob's bytes to their end and go back to their beginning; BlobChanged when they bear another name."""
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    if digest.hexdigest() != sha256:
        raise BlobChanged(f"the blob {sha256} hands back other bytes than were put there")
    stream.seek(0)


def receive_blob(blobs: Blobs, stream: Readable, folder: Path, most: int) -> tuple[str, int]:
    """Take a stream into a blob without holding it: its sha256 and size. BlobTooLarge past *most* bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".incoming-")
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as draft:
            while piece := stream.read(PIECE):
                size += len(piece)
                if size > most:
                    raise BlobTooLarge(f"more than {most} bytes")
                digest.update(piece)
                draft.write(piece)
        blobs.put_file(path, digest.hexdigest())
    finally:
        path.unlink(missing_ok=True)
    return digest.hexdigest(), size
