"""A blob store in a folder of this machine."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from store.blobs.blob_store import PIECE, BlobMissing, check_bytes, checked, is_kept
from store.blobs.mounted_folder_check import assert_mounted, mark


class FolderBlobs:
    """A folder of blobs. A file is written under a temporary name, synced and renamed, so a name exists only with all
    its bytes. *is_new*: nothing was ever stored here."""

    def __init__(self, folder: Path, *, is_new: bool = True) -> None:
        self.folder = folder
        mark(folder, may_begin=is_new)

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        if not is_kept(self, content, sha256):
            with self._draft() as (draft, file):
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                self._settle(draft, sha256)
        return sha256

    def put_file(self, path: Path, sha256: str) -> None:
        assert_mounted(self.folder)
        if path.stat().st_dev != self.folder.stat().st_dev:
            self._copy(path, sha256)
            return
        with path.open("rb") as file:
            os.fsync(file.fileno())
        self._settle(path, sha256)

    def read(self, sha256: str, at: int = 0, length: int | None = None) -> bytes:
        with self._opened(sha256) as file:
            if not at and length is None:
                return checked(file.read(), sha256)
            file.seek(at)
            return file.read() if length is None else file.read(length)

    @contextmanager
    def open(self, sha256: str) -> Iterator[BinaryIO]:
        with self._opened(sha256) as file:
            check_bytes(file, sha256)
            yield file

    def _opened(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError as error:
            assert_mounted(self.folder)
            raise BlobMissing(sha256) from error

    def exists(self, sha256: str) -> bool:
        if self._path(sha256).exists():
            return True
        assert_mounted(self.folder)
        return False

    def delete(self, sha256: str) -> None:
        assert_mounted(self.folder)
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    @contextmanager
    def _draft(self) -> Iterator[tuple[Path, BinaryIO]]:
        """A temporary file, deleted when the context ends unless it was renamed into place."""
        descriptor, name = tempfile.mkstemp(dir=self.folder, prefix=".draft-")
        draft = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield draft, file
        finally:
            draft.unlink(missing_ok=True)

    def _copy(self, path: Path, sha256: str) -> None:
        """Store a file from another disk."""
        with self._draft() as (draft, into), path.open("rb") as source:
            while piece := source.read(PIECE):
                into.write(piece)
            into.flush()
            os.fsync(into.fileno())
            self._settle(draft, sha256)
        path.unlink()

    def _settle(self, draft: Path, sha256: str) -> None:
        """Rename the file into place and sync the folder; only then may a row refer to the name."""
        path = self._path(sha256)
        path.parent.mkdir(exist_ok=True)
        draft.replace(path)
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
