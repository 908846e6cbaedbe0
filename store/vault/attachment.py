"""Attachments of bills, and issuers' own PDF pages: staged in blobs, then encrypted into segments.

While items are staged, their attachments lie in staging blobs, some dozens of items a blob. When a bill gets its PDF
they are encrypted into a segment with the account's key. Staging blobs that nothing refers to are deleted.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ForeignKey, Index, String, Text, delete, exists, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import Bill
from store.base import Base
from store.blobs.blob_store import BlobChanged, Blobs

#: The number of the issuer's own pages among a bill's enclosures; its attachments are 1, 2, …
PAGES: Final = 0
#: Two staging blobs with the same bytes in them are two blobs: one may be swept away alone.
_SALT: Final = 16


class StoredAttachment(Base):
    """Where one lies: in a staging blob, as it came; or sealed in a segment."""

    __tablename__ = "enclosure"
    __table_args__ = (Index("ix_enclosure_blob_sha256", "blob_sha256"),)

    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    blob_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[int]
    length: Mapped[int]
    is_sealed: Mapped[bool] = mapped_column(default=False)
    sha256: Mapped[str | None] = mapped_column(String(64))  # of its bytes, until it is sealed
    text: Mapped[str] = mapped_column(Text, default="")  # what the pages say, until their bill can be found by it


class StagingBlob(Base):
    """A blob of enclosures as they came. It goes when no enclosure lies in it any more."""

    __tablename__ = "parcel"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)


class StagedAttachment(NamedTuple):
    """One enclosure of one item of a feed."""

    seq: int
    n: int
    content: bytes
    text: str = ""


def attachments_of(seq: int, bill: Bill) -> list[StagedAttachment]:
    """What is attached to this item's bill."""
    return [
        StagedAttachment(seq, n, attachment.content)
        for n, attachment in enumerate(bill.attachments, 1)
        if attachment.content is not None
    ]


def without_attachments(bill: Bill) -> Bill:
    """The bill as its row keeps it: of attached bytes their digest and size, which make it another bill when they
    are others."""
    if not any(attachment.content is not None for attachment in bill.attachments):
        return bill
    kept = (
        msgspec.structs.replace(each, content=None, sha256=sha256(each.content).hexdigest(), size=len(each.content))
        if each.content is not None
        else each
        for each in bill.attachments
    )
    return msgspec.structs.replace(bill, attachments=tuple(kept))


def put_staging_blob(blobs: Blobs, feed_id: int, enclosed: Sequence[StagedAttachment]) -> list[dict[str, Any]]:
    """Keep these in one blob; what the rows of `keep_parcel` say. Before a transaction, never in it."""
    if not enclosed:
        return []
    blob_sha256 = blobs.put(os.urandom(_SALT) + b"".join(each.content for each in enclosed))
    rows: list[dict[str, Any]] = []
    at = _SALT
    for each in enclosed:
        place = {"blob_sha256": blob_sha256, "at": at, "length": len(each.content)}
        what = {"text": each.text, "sha256": sha256(each.content).hexdigest()}
        rows.append({"feed_id": feed_id, "seq": each.seq, "n": each.n, **what, **place})
        at += len(each.content)
    return rows


def read_staging_blob(blobs: Blobs, enclosure: StoredAttachment) -> bytes:
    """The bytes of an enclosure that is not sealed yet, as they came; BlobMissing, or BlobChanged when they are others.
    Of one that was staged before digests were kept, the whole staging blob is checked."""
    at, length = enclosure.at, enclosure.length
    if enclosure.sha256 is None:
        return blobs.read(enclosure.blob_sha256)[at : at + length]
    content = blobs.read(enclosure.blob_sha256, at, length)
    if sha256(content).hexdigest() != enclosure.sha256:
        raise BlobChanged(f"what came with item {enclosure.seq} of feed {enclosure.feed_id} has other bytes by now")
    return content


def keep_staging_blob(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put the enclosures of a staging blob on the stage, with their items."""
    if rows:
        session.execute(insert(StagingBlob).values(sha256=rows[0]["blob_sha256"]))
        session.execute(insert(StoredAttachment), rows)


def clear_attachments(session: Session, feed_id: int, seqs: Iterable[int] | None = None) -> None:
    """Forget what came with these items of a feed, or with all of them: they are no bills."""
    forget = delete(StoredAttachment).where(StoredAttachment.feed_id == feed_id, StoredAttachment.is_sealed.is_(False))
    if seqs is not None:
        forget = forget.where(StoredAttachment.seq.in_(list(seqs)))
    session.execute(forget)


def attachments_between(session: Session, feed_id: int, first: int, last: int) -> list[StoredAttachment]:
    """What came with these items of a feed, both ends included."""
    query = select(StoredAttachment).where(
        StoredAttachment.feed_id == feed_id, StoredAttachment.seq.between(first, last)
    )
    return list(session.scalars(query.order_by(StoredAttachment.seq, StoredAttachment.n)))


def stored_attachment_of(session: Session, feed_id: int, seq: int, n: int) -> StoredAttachment | None:
    return session.get(StoredAttachment, (feed_id, seq, n))


def move_attachments(session: Session, sealed: Sequence[Mapping[str, Any]]) -> None:
    """Of one feed: attachments lie in a segment now; the pages are the PDF of a bill, whose row says where it is."""
    pages = [each["seq"] for each in sealed if each["n"] == PAGES]
    if pages:
        of_feed = StoredAttachment.feed_id == sealed[0]["feed_id"]
        session.execute(
            delete(StoredAttachment).where(of_feed, StoredAttachment.n == PAGES, StoredAttachment.seq.in_(pages))
        )
    moved = [each for each in sealed if each["n"] != PAGES]
    if moved:
        session.execute(update(StoredAttachment), moved)


def unused_staging_blobs(session: Session) -> list[str]:
    """The blobs in which nothing lies that somebody may still need."""
    lies_there = exists().where(StoredAttachment.blob_sha256 == StagingBlob.sha256)
    return list(session.scalars(select(StagingBlob.sha256).where(~lies_there)))


def delete_staging_blobs(session: Session, gone: Sequence[str]) -> None:
    """These blobs are deleted."""
    session.execute(delete(StagingBlob).where(StagingBlob.sha256.in_(gone)))
