"""Segments: the PDFs of a chunk's bills in one blob. Only what is a bill's own is kept, sealed with its account's
key; the bytes that all PDFs of a template begin with are one blob, kept once.

A record is key id (8 bytes: the account), length (4 bytes), then nonce and sealed bytes.
"""

import hashlib
import struct
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.account import CustomerAccount
from store.bill import BillRow
from store.blobs import Blobs
from store.issuer import Template
from store.seal import Sealer

_HEAD: Final = struct.Struct(">QI")


class Place(NamedTuple):
    """Where a bill's record lies."""

    sha256: str
    at: int
    length: int


class PDFChanged(Exception):  # noqa: N818
    """The PDF that comes out is not the one that was archived."""


def write_segment(blobs: Blobs, sealer: Sealer, records: Iterable[tuple[int, int, bytes, bytes]]) -> dict[int, Place]:
    """Write one blob of (bill id, account id, sealed key, suffix) records; where each bill lies in it."""
    parts: list[bytes] = []
    places: dict[int, tuple[int, int]] = {}
    at = 0
    for bill_id, account_id, sealed_key, suffix in records:
        sealed = sealer.seal(sealed_key, suffix, _name(bill_id))
        record = _HEAD.pack(account_id, len(sealed)) + sealed
        places[bill_id] = (at, len(record))
        parts.append(record)
        at += len(record)
    sha256 = blobs.put(b"".join(parts))
    return {bill_id: Place(sha256, start, length) for bill_id, (start, length) in places.items()}


def archived(
    template_id: int, prefix: bytes, suffixes: Mapping[int, bytes], places: Mapping[int, Place]
) -> list[dict[str, object]]:
    """What the rows of rendered bills say of their PDFs: where each lies, and the sha256 and size of the whole file."""
    begun = hashlib.sha256(prefix)
    values: list[dict[str, object]] = []
    for bill_id, place in places.items():
        digest = begun.copy()
        digest.update(suffixes[bill_id])
        values.append(
            {
                "id": bill_id, "state": "rendered", "template_id": template_id, "segment_sha256": place.sha256,
                "segment_at": place.at, "segment_length": place.length, "pdf_sha256": digest.hexdigest(),
                "pdf_size": len(prefix) + len(suffixes[bill_id]),
            }
        )  # fmt: skip
    return values


class Archive:
    """Reads archived PDFs back. Keeps the prefixes it has met: there are few, and each is shared by many bills."""

    def __init__(self, session: Session, blobs: Blobs, sealer: Sealer) -> None:
        self._session = session
        self._blobs = blobs
        self._sealer = sealer
        self._prefixes: dict[int, bytes] = {}

    def parts(self, row: BillRow) -> tuple[bytes, bytes]:
        """The template's prefix and the bill's own suffix; PDFChanged, BlobMissing or SealBroken if they are not
        what was archived."""
        if row.template_id is None or row.segment_sha256 is None or row.segment_at is None:
            raise PDFChanged(f"bill {row.number} has no PDF yet")
        prefix = self._prefix(row.template_id)
        record = self._blobs.read(row.segment_sha256, row.segment_at, row.segment_length)
        key = self._session.scalar(select(CustomerAccount.sealed_key).where(CustomerAccount.id == row.account_id))
        suffix = self._sealer.open(key or b"", record[_HEAD.size :], _name(row.id))
        digest = hashlib.sha256(prefix)
        digest.update(suffix)
        if digest.hexdigest() != row.pdf_sha256:
            raise PDFChanged(f"the PDF of bill {row.number} is not the one that was archived")
        return prefix, suffix

    def pdf(self, row: BillRow) -> bytes:
        """The whole PDF, bit for bit as archived."""
        return b"".join(self.parts(row))

    def _prefix(self, template_id: int) -> bytes:
        if template_id not in self._prefixes:
            template = self._session.get_one(Template, template_id)
            self._prefixes[template_id] = self._blobs.read(template.prefix_sha256)
        return self._prefixes[template_id]


def _name(bill_id: int) -> bytes:
    return b"bill %d" % bill_id
