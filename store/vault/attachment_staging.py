"""Attachments of bills, and issuers' own PDF pages: staged in blobs, then encrypted into segments.

While items are staged, their attachments lie in staging blobs, some dozens of items a blob. When a bill gets its PDF
they are encrypted into a segment with the account's key. Staging blobs that nothing refers to are deleted.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ForeignKey, Index, String, Text, delete, exists, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import Bill
from store.base import Base, insert_new
from store.blobs.blob_store import BlobChanged, Blobs

#: The number of the issuer's own pages of a bill in these tables; its attachments are 1, 2, …
PAGES: Final = 0
#: Random bytes that make staging blobs of the same content different, so that one can be deleted alone.
_SALT: Final = 16


class StoredAttachment(Base):
    """Where one attachment is stored: in a staging blob, as received, or encrypted in a segment."""

    __tablename__ = "enclosure"
    __table_args__ = (Index("ix_enclosure_blob_sha256", "blob_sha256"),)

    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    blob_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[int]
    length: Mapped[int]
    is_encrypted: Mapped[bool] = mapped_column(default=False)
    sha256: Mapped[str | None] = mapped_column(String(64))  # of the bytes as received; None once encrypted
    text: Mapped[str] = mapped_column(Text, default="")  # until it is in the search index


class StagingBlob(Base):
    """A blob of attachments as received. Deleted when no attachment is in it any more."""

    __tablename__ = "parcel"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)


class StagedAttachment(NamedTuple):
    """One attachment of one item of a feed; *text* is what it or the issuer's own pages say."""

    seq: int
    n: int
    content: bytes
    text: str = ""


def attachments_of(seq: int, bill: Bill, texts: Mapping[int, str] = MappingProxyType({})) -> list[StagedAttachment]:
    """The attachments of this item's bill; *texts* are what they say, by number."""
    return [
        StagedAttachment(seq, n, attachment.content, texts.get(n, "").replace("\0", " "))
        for n, attachment in enumerate(bill.attachments, 1)
        if attachment.content is not None
    ]


def without_attachments(bill: Bill) -> Bill:
    """The bill as stored in its row: attached bytes are replaced by their digest and size, so that other bytes make
    another bill."""
    if not any(attachment.content is not None for attachment in bill.attachments):
        return bill
    kept = (
        msgspec.structs.replace(each, content=None, sha256=sha256(each.content).hexdigest(), size=len(each.content))
        if each.content is not None
        else each
        for each in bill.attachments
    )
    return msgspec.structs.replace(bill, attachments=tuple(kept))


def put_staging_blob(blobs: Blobs, feed_id: int, staged: Sequence[StagedAttachment]) -> list[dict[str, Any]]:
    """Store these attachments in one blob; returns the rows for `keep_staging_blob`. Call before a transaction, never
    inside."""
    if not staged:
        return []
    blob_sha256 = blobs.put(os.urandom(_SALT) + b"".join(each.content for each in staged))
    rows: list[dict[str, Any]] = []
    at = _SALT
    for each in staged:
        place = {"blob_sha256": blob_sha256, "at": at, "length": len(each.content)}
        what = {"text": each.text, "sha256": sha256(each.content).hexdigest()}
        rows.append({"feed_id": feed_id, "seq": each.seq, "n": each.n, **what, **place})
        at += len(each.content)
    return rows


def read_staging_blob(blobs: Blobs, attachment: StoredAttachment) -> bytes:
    """The bytes of an attachment that is not encrypted yet, as received. Raises BlobMissing, or BlobChanged if they
    differ. Rows without a digest (staged by an older version) check the whole blob."""
    at, length = attachment.at, attachment.length
    if attachment.sha256 is None:
        return blobs.read(attachment.blob_sha256)[at : at + length]
    content = blobs.read(attachment.blob_sha256, at, length)
    if sha256(content).hexdigest() != attachment.sha256:
        raise BlobChanged(f"what came with item {attachment.seq} of feed {attachment.feed_id} has other bytes by now")
    return content


def keep_staging_blob(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows of a staging blob's attachments, with their items."""
    if rows:
        session.execute(insert(StagingBlob).values(sha256=rows[0]["blob_sha256"]))
        session.execute(insert(StoredAttachment), rows)


def clear_attachments(session: Session, feed_id: int, seqs: Iterable[int] | None = None) -> None:
    """Delete the attachments of these items of a feed, or of all: they became no bills."""
    forget = delete(StoredAttachment).where(
        StoredAttachment.feed_id == feed_id, StoredAttachment.is_encrypted.is_(False)
    )
    if seqs is not None:
        forget = forget.where(StoredAttachment.seq.in_(list(seqs)))
    session.execute(forget)


def attachments_between(session: Session, feed_id: int, first: int, last: int) -> list[StoredAttachment]:
    """The attachments of a feed's items from *first* to *last*, both included."""
    query = select(StoredAttachment).where(
        StoredAttachment.feed_id == feed_id, StoredAttachment.seq.between(first, last)
    )
    return list(session.scalars(query.order_by(StoredAttachment.seq, StoredAttachment.n)))


def stored_attachment_of(session: Session, feed_id: int, seq: int, n: int) -> StoredAttachment | None:
    """The n-th attachment of an item of a feed, or None."""
    return session.get(StoredAttachment, (feed_id, seq, n))


def move_attachments(session: Session, encrypted: Sequence[Mapping[str, Any]]) -> None:
    """Record that attachments of one feed are in a segment now. The issuer's own pages become the PDF of a bill, whose
    row says where it is: their rows are deleted."""
    pages = [each["seq"] for each in encrypted if each["n"] == PAGES]
    if pages:
        of_feed = StoredAttachment.feed_id == encrypted[0]["feed_id"]
        session.execute(
            delete(StoredAttachment).where(of_feed, StoredAttachment.n == PAGES, StoredAttachment.seq.in_(pages))
        )
    moved = [each for each in encrypted if each["n"] != PAGES]
    if moved:
        session.execute(update(StoredAttachment), moved)


def abandon_blobs(session: Session, blobs: Iterable[str]) -> None:
    """Let these blobs, to which nothing refers any more, be deleted with the staging blobs that are unused."""
    insert_new(session, StagingBlob, [{"sha256": each} for each in set(blobs)])


def unused_staging_blobs(session: Session) -> list[str]:
    """Names of the staging blobs that no attachment refers to."""
    lies_there = exists().where(StoredAttachment.blob_sha256 == StagingBlob.sha256)
    return list(session.scalars(select(StagingBlob.sha256).where(~lies_there)))


def delete_staging_blobs(session: Session, gone: Sequence[str]) -> None:
    """Delete the rows of these staging blobs."""
    session.execute(delete(StagingBlob).where(StagingBlob.sha256.in_(gone)))
