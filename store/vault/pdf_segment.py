"""Archive the PDFs of a chunk's bills in one blob, the segment, and read them back.

Each PDF is the template's prefix (one blob, stored once), then the bill's own suffix, encrypted with its account's key.
A segment is a head with the parts that its bills share (`store.vault.shared_parts`, decision 0014), then records. A
record is key id (8 bytes: the account), length (4 bytes), then the version and the encrypted bytes
(`store.vault.encryption`).
"""

import hashlib
import struct
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from sqlalchemy.orm import Session

from bill import Reason
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.blobs.blob_store import BlobChanged, BlobMissing, BlobReader, Blobs
from store.feeds.chunk import in_chunks
from store.issuer import TemplateRow
from store.vault.attachment_staging import PAGES, StoredAttachment, read_staging_blob, stored_attachment_of
from store.vault.encryption import Encryptor
from store.vault.shared_parts import NO_SHARED_PARTS, SharedParts, join_parts, read_shared_parts
from words.reason_text import reason_text

_RECORD: Final = struct.Struct(">QI")
#: The largest row id.
_MOST: Final = 2**63 - 1
#: The number of segment heads cached, of some kB each.
_HEADS: Final = 32
Key = TypeVar("Key", bound=Hashable)


class RecordLocation(NamedTuple):
    """Where a bill's record is: blob, offset and length in bytes."""

    sha256: str
    at: int
    length: int


class Prefix(NamedTuple):
    """The bytes that all PDFs of a template begin with, and the sha256 state after them."""

    content: bytes
    begun: Any


class PDFChanged(Exception):  # noqa: N818
    """The PDF read back does not have the sha256 that was archived. The message is the reason in English."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason_text(reason.code, reason.values, "en"))
        self.reason = reason


def write_segment(
    blobs: Blobs, encryptor: Encryptor, records: Sequence[tuple[int, int, bytes, Sequence[bytes]]]
) -> dict[int, RecordLocation]:
    """Write one blob of (bill id, account id, encrypted key, suffix) records; returns the location of each by bill id.
    A suffix is a list of alternating own and shared parts (`store.vault.shared_parts`)."""
    shared_parts = SharedParts(parts for *_, parts in records)
    return _write(
        blobs,
        (
            (bill_id, account_id, encryptor.encrypt(encrypted_key, shared_parts.pack(parts), _name(bill_id)))
            for bill_id, account_id, encrypted_key, parts in records
        ),
        shared_parts.head,
    )


def write_attachments(
    blobs: Blobs, encryptor: Encryptor, bill_id: int, account_id: int, encrypted_key: bytes,
    contents: Mapping[int, bytes],
) -> dict[int, RecordLocation]:  # fmt: skip
    """Write one blob of a bill's attachments, given by number; returns the location of each."""
    packed = ((n, NO_SHARED_PARTS.pack([content])) for n, content in contents.items())
    return _write(
        blobs, ((n, account_id, encryptor.encrypt(encrypted_key, each, _name(bill_id, n))) for n, each in packed)
    )


def encrypt_attachments(
    blobs: Blobs,
    encryptor: Encryptor,
    rows: Iterable[BillRow],
    keys: Mapping[int, bytes],
    attachments: Iterable[StoredAttachment],
    template_id: int,
    shown: Callable[[int, bytes], bytes | None] = lambda _bill_id, pages: pages,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Move the attachments of these bills from staging blobs into segments, some megabytes at a time.

    *keys* are the accounts' encrypted keys. *template_id* is of the empty template, for bills whose PDF is the issuer's
    own. *shown* is asked what is archived of own pages (bill's id, pages); where it says None they stay where they lie.
    Returns column values for the rows of those bills, and the rows for `move_attachments`.
    """
    row_of = {row.item_seq: row for row in rows}
    values: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    lying = (each for each in attachments if each.seq in row_of and not each.is_encrypted)
    for some in in_chunks(lying, lambda each: each.length):
        pages: dict[int, list[bytes]] = {}
        records: list[tuple[tuple[int, int], int, bytes]] = []
        for each in some:
            row, content = row_of[each.seq], read_staging_blob(blobs, each)
            if each.n == PAGES:
                kept = shown(row.id, content)
                if kept is None:
                    continue
                pages[row.id], content = [kept], kept
            encrypted = encryptor.encrypt(keys[row.account_id], NO_SHARED_PARTS.pack([content]), _name(row.id, each.n))
            records.append(((each.seq, each.n), row.account_id, encrypted))
        places = _write(blobs, records)
        own = {row_of[seq].id: place for (seq, n), place in places.items() if n == PAGES}
        values += archived(template_id, b"", pages, own)
        moved += [_moved(some[0].feed_id, *key, place) for key, place in places.items()]
    return values, moved


def _moved(feed_id: int, seq: int, n: int, place: RecordLocation) -> dict[str, Any]:
    lies = {
        "blob_sha256": place.sha256,
        "at": place.at,
        "length": place.length,
        "is_encrypted": True,
        "sha256": None,
        "text": "",
    }
    return {"feed_id": feed_id, "seq": seq, "n": n, **lies}


def _write(blobs: Blobs, records: Iterable[tuple[Key, int, bytes]], head: bytes = b"") -> dict[Key, RecordLocation]:
    parts: list[bytes] = [head]
    places: dict[Key, tuple[int, int]] = {}
    at = len(head)
    for key, account_id, encrypted in records:
        record = _RECORD.pack(account_id, len(encrypted)) + encrypted
        places[key] = (at, len(record))
        parts.append(record)
        at += len(record)
    sha256 = blobs.put(b"".join(parts))
    return {key: RecordLocation(sha256, start, length) for key, (start, length) in places.items()}


def archived(
    template_id: int, prefix: bytes, suffixes: Mapping[int, Sequence[bytes]], places: Mapping[int, RecordLocation]
) -> list[dict[str, Any]]:
    """Column values for rendered bills: the location of each PDF's record, and sha256 and size of the whole file."""
    begun = hashlib.sha256(prefix)
    values: list[dict[str, Any]] = []
    for bill_id, place in places.items():
        digest = begun.copy()
        for part in suffixes[bill_id]:
            digest.update(part)
        values.append(
            {
                "id": bill_id, "state": "rendered", "template_id": template_id, "segment_sha256": place.sha256,
                "segment_at": place.at, "segment_length": place.length, "pdf_sha256": digest.hexdigest(),
                "pdf_size": len(prefix) + sum(map(len, suffixes[bill_id])),
            }
        )  # fmt: skip
    return values


class Archive:
    """Reads archived PDFs back. Caches the prefixes, and the segment heads read last: each is shared by many bills."""

    def __init__(self, session: Session, blobs: BlobReader, encryptor: Encryptor) -> None:
        self._session = session
        self._blobs = blobs
        self._encryptor = encryptor
        self._prefixes: dict[int, Prefix] = {}
        self._read_head = lru_cache(_HEADS)(partial(_read_head, blobs))

    def parts(self, row: BillRow) -> tuple[bytes, bytes]:
        """The template's prefix and the bill's own suffix. Raises PDFChanged, BlobMissing or DecryptionFailed if they
        are not what was archived."""
        if (
            row.template_id is None
            or row.segment_sha256 is None
            or row.segment_at is None
            or row.segment_length is None
        ):
            raise PDFChanged(Reason.of("pdf_not_made", bill=row.number))
        prefix = self._prefix(row.template_id)
        suffix = self._opened(row, PAGES, RecordLocation(row.segment_sha256, row.segment_at, row.segment_length))
        digest = prefix.begun.copy()
        digest.update(suffix)
        if digest.hexdigest() != row.pdf_sha256:
            raise PDFChanged(Reason.of("pdf_changed", bill=row.number))
        return prefix.content, suffix

    def pdf(self, row: BillRow) -> bytes:
        """The whole PDF, byte for byte as archived."""
        return b"".join(self.parts(row))

    def attachment(self, row: BillRow, n: int) -> bytes:
        """The bytes of a bill's attachment, numbered from 1. Raises BlobMissing or DecryptionFailed if they are not as
        received."""
        place = stored_attachment_of(self._session, row.feed_id, row.item_seq, n)
        if place is None or not place.is_encrypted:
            raise BlobMissing(f"attachment {n} of bill {row.number}")
        return self._opened(row, n, RecordLocation(place.blob_sha256, place.at, place.length))

    def _opened(self, row: BillRow, n: int, place: RecordLocation) -> bytes:
        record = self._blobs.read(*place)
        packed = self._encryptor.decrypt(self._key(record), record[_RECORD.size :], _name(row.id, n))
        try:
            return join_parts(packed, partial(self._read_head, place.sha256))
        except (msgspec.MsgspecError, IndexError) as error:
            raise PDFChanged(Reason.of("segment_changed", bill=row.number)) from error

    def _key(self, record: bytes) -> bytes:
        """The encrypted key of a record: its account's, which may have been joined to another since."""
        account_id, _ = _RECORD.unpack_from(record) if len(record) >= _RECORD.size else (0, 0)
        account = self._session.get(CustomerAccount, account_id) if account_id <= _MOST else None
        return account.encrypted_key if account else b""

    def _prefix(self, template_id: int) -> Prefix:
        if template_id not in self._prefixes:
            template = self._session.get_one(TemplateRow, template_id)
            try:
                content = self._blobs.read(template.prefix_sha256)
            except BlobChanged as error:
                raise PDFChanged(Reason.of("template_changed", template=template_id)) from error
            self._prefixes[template_id] = Prefix(content, hashlib.sha256(content))
        return self._prefixes[template_id]


def _read_head(blobs: BlobReader, sha256: str, length: int) -> list[bytes]:
    return read_shared_parts(blobs.read(sha256, 0, length))


def _name(bill_id: int, n: int = PAGES) -> bytes:
    return b"bill %d, attachment %d" % (bill_id, n) if n != PAGES else b"bill %d" % bill_id
