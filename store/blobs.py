"""Blobs: bytes named by their sha256, written once. A folder by default, an S3-compatible store by URL."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from urllib.parse import unquote, urlsplit

PIECE: Final = 1 << 20


class BlobMissing(Exception):  # noqa: N818 -- it is the blob that is missing
    """No blob has this name: something that a row points at is gone."""


class BlobTooLarge(Exception):  # noqa: N818
    """More bytes came than were allowed; nothing was kept."""


class Readable(Protocol):
    """Anything that bytes can be read from, piece by piece: b"" is its end."""

    def read(self, size: int = -1, /) -> bytes: ...


class Blobs(Protocol):
    """Where bytes are kept. What was put stays readable under its name until it is deleted."""

    def put(self, content: bytes) -> str:
        """Keep these bytes; their sha256 in hex."""

    def put_file(self, path: Path, sha256: str) -> None:
        """Keep a finished file under its sha256 (which the caller computed while writing it)."""

    def read(self, sha256: str, at: int = 0, length: int | None = None) -> bytes:
        """The bytes, or a part of them; BlobMissing."""

    @contextmanager
    def open(self, sha256: str) -> Iterator[BinaryIO]:
        """The bytes as a file that can be sought; BlobMissing."""

    def exists(self, sha256: str) -> bool:
        """Whether there is a blob of this name."""

    def delete(self, sha256: str) -> None:
        """Forget the bytes; it is fine if they are not there."""


class FolderBlobs:
    """A folder: written beside, synced, renamed; a name is there only when all its bytes are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        if not self.exists(sha256):
            descriptor, draft = tempfile.mkstemp(dir=self.folder, prefix=".draft-")
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            self._settle(Path(draft), sha256)
        return sha256

    def put_file(self, path: Path, sha256: str) -> None:
        if path.stat().st_dev != self.folder.stat().st_dev:
            path = self._copied(path)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        self._settle(path, sha256)

    def read(self, sha256: str, at: int = 0, length: int | None = None) -> bytes:
        with self.open(sha256) as file:
            file.seek(at)
            return file.read() if length is None else file.read(length)

    @contextmanager
    def open(self, sha256: str) -> Iterator[BinaryIO]:
        try:
            file = self._path(sha256).open("rb")
        except FileNotFoundError as error:
            raise BlobMissing(sha256) from error
        with file:
            yield file

    def exists(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def delete(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def _copied(self, path: Path) -> Path:
        descriptor, draft = tempfile.mkstemp(dir=self.folder, prefix=".draft-")
        with os.fdopen(descriptor, "wb") as into, path.open("rb") as source:
            while piece := source.read(PIECE):
                into.write(piece)
        path.unlink()
        return Path(draft)

    def _settle(self, draft: Path, sha256: str) -> None:
        """Rename into place, then sync the folder: only then may a row point at the name."""
        path = self._path(sha256)
        path.parent.mkdir(exist_ok=True)
        draft.replace(path)
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def open_blobs(url: str) -> Blobs:
    """The blob store that a URL names: `file:///path` or `s3://bucket/prefix`."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderBlobs(Path(unquote(parts.path)))
    if parts.scheme == "s3":
        from store.s3 import S3Blobs  # boto3 takes half a second to import: only where it is used

        return S3Blobs(parts.netloc, parts.path.strip("/"))
    raise ValueError(f"FACTEUR_BLOBS_URL={url!r}: give file:///path or s3://bucket/prefix")


def receive(blobs: Blobs, stream: Readable, folder: Path, most: int) -> tuple[str, int]:
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
