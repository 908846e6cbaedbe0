"""Writes an archive's bytes in parts, each a blob with the row that names it, and reads back what they know."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from pipeline.bill_archives.archive_entry import ArchiveEntry, pack_entries, unpack_entries
from store import Store
from store.bill_archives.bill_archive import (
    BillArchive,
    BillArchivePart,
    delete_parts,
    name_part,
    parts_of,
    record_progress,
    unfinished_parts,
)
from store.job import Job
from store.vault.archive_part import pack_part, read_entries

#: A part is written when it has so many bytes or bills.
PART_BYTES: Final = 4 << 20
PART_BILLS: Final = 256


class ArchiveTakenOver(Exception):  # noqa: N818
    """Another process makes this archive now, or nobody wants it any more."""


class PartWriter:
    """Collects the bytes of an archive from where its last part ends. Memory: one part."""

    def __init__(self, store: Store, job: Job, archive: BillArchive) -> None:
        self._store = store
        self._job = job
        self._archive = archive
        self._content: list[bytes] = []
        self._bills: list[ArchiveEntry] = []
        self._n = archive.parts_done
        self._begins = self.at = archive.size

    @property
    def parts(self) -> int:
        """How many parts are written."""
        return self._n

    @property
    def is_full(self) -> bool:
        return self.at - self._begins >= PART_BYTES or len(self._bills) >= PART_BILLS

    def drop_unfinished(self) -> None:
        """Delete the parts of a worker that was killed, each blob before its row."""
        with self._store.reading() as session:
            parts = unfinished_parts(session, self._archive)
        for part in parts:
            self._store.blobs.delete(part.blob_sha256)
        with self._store.writing() as session:
            delete_parts(session, parts)

    def add(self, content: bytes) -> None:
        self._content.append(content)
        self.at += len(content)

    def add_bill(self, bill: ArchiveEntry) -> None:
        """Keep what the archive knows of a bill whose files were added."""
        self._bills.append(bill)

    def record(self, session: Session, now: datetime, **progress: Any) -> None:
        """Record that the archive is made as far as its last part, and this *progress*. Raises ArchiveTakenOver."""
        done = {"parts_done": self._n, "size": self._begins, **progress}
        if not record_progress(session, self._job, self._archive.id, now, done):
            raise ArchiveTakenOver

    def write_part(self) -> None:
        """Write what was collected as a part, if there is anything. Raises ArchiveTakenOver."""
        if self.at == self._begins:
            return
        archive, store, content = self._archive, self._store, b"".join(self._content)
        blob, content_length = pack_part(
            store.encryptor, archive.encrypted_key, archive.id, self._n, content, pack_entries(self._bills)
        )
        part = {
            "archive_id": archive.id, "n": self._n, "blob_sha256": hashlib.sha256(blob).hexdigest(),
            "at": self._begins, "length": len(content), "content_length": content_length,
        }  # fmt: skip
        with store.writing() as session:
            if not name_part(session, self._job, part):
                raise ArchiveTakenOver
        store.blobs.put(blob)
        self._n, self._begins, self._content, self._bills = self._n + 1, self.at, [], []


def entries_of(store: Store, archive: BillArchive, *, newest_part_first: bool = False) -> Iterator[ArchiveEntry]:
    """What the archive's parts know of its bills, in its order, a part at a time in memory. *newest_part_first*: from
    the last bill to the first."""
    with store.reading() as session:
        parts = parts_of(session, archive)
    for part in reversed(parts) if newest_part_first else parts:
        bills = _read(store, archive, part)
        yield from reversed(bills) if newest_part_first else bills


def _read(store: Store, archive: BillArchive, part: BillArchivePart) -> list[ArchiveEntry]:
    content = read_entries(
        store.blobs, store.encryptor, archive.encrypted_key, archive.id, part.n, part.blob_sha256, part.content_length
    )
    return unpack_entries(content)
