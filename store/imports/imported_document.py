"""Documents that people bring in: what came, what became of it, and what is still asked about it.

While a document is read, or a person is asked about it, its bytes lie in a blob, encrypted with a key of that person's.
A bill has its own copy in the archive; the blob is deleted then, and when a document is refused.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import Reason
from store.base import Base, Blanks
from store.reason_columns import CODE_LENGTH

#: `waiting`: to be read. `asked`: the person is asked for what is missing or unsure. `bill`: it is a bill of theirs.
#: `known`: a bill that they have already. `refused`: it cannot be read; the reason says why.
DocumentState = Literal["waiting", "asked", "bill", "known", "refused"]
DOCUMENT_STATES: Final = ("waiting", "asked", "bill", "known", "refused")
#: The kind of the job that reads a document.
READ_DOCUMENT: Final = "read_document"
Door = Literal["upload", "mail"]


class ImportedDocument(Base):
    """A document that a person brought in; the same bytes again are the same document. *uid* is its name in links,
    *name* its file name: data, never a path. *account_id* is the account whose key encrypts its blob. *reading* is what
    was read of it (`consumers.imports.kept_reading`); *bill_id* the bill that it is, or that was known."""

    __tablename__ = "imported_document"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("consumer_id", "sha256"),
        CheckConstraint(f"state IN {DOCUMENT_STATES}", name="state"),
        Index("ix_imported_document_consumer_id_id", "consumer_id", "id"),
        Index("ix_imported_document_bill_id", "bill_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(24))
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    door: Mapped[str] = mapped_column(String(10))  # upload | mail
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    blob_sha256: Mapped[str | None] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(20), default="")
    reading: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    bill_id: Mapped[int | None] = mapped_column(ForeignKey("bill.id"))
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")  # why it is refused, or known

    @property
    def secret_name(self) -> bytes:
        """What binds the encrypted bytes to this document."""
        return b"imported document %s of consumer %d" % (self.sha256.encode(), self.consumer_id)


def document_of(session: Session, consumer_id: int, uid: str) -> ImportedDocument | None:
    """This person's document; None if it is not theirs or not there."""
    mine = (ImportedDocument.consumer_id == consumer_id, ImportedDocument.uid == uid)
    return session.scalar(select(ImportedDocument).where(*mine))


def document_with_bytes(session: Session, consumer_id: int, sha256: str) -> ImportedDocument | None:
    """This person's document of these bytes; None if they did not bring it in."""
    mine = (ImportedDocument.consumer_id == consumer_id, ImportedDocument.sha256 == sha256)
    return session.scalar(select(ImportedDocument).where(*mine))


def documents_of(
    session: Session, consumer_id: int, states: Collection[DocumentState] = DOCUMENT_STATES, limit: int = 50
) -> list[ImportedDocument]:
    """This person's documents in these states, newest first."""
    query = select(ImportedDocument).where(
        ImportedDocument.consumer_id == consumer_id, ImportedDocument.state.in_(states)
    )
    return list(session.scalars(query.order_by(ImportedDocument.id.desc()).limit(limit)))


def count_since(session: Session, consumer_id: int, door: Door, since: datetime) -> int:
    """How many documents came to this person by this door since this moment."""
    query = select(func.count()).select_from(ImportedDocument).where(ImportedDocument.door == door)
    mine = (ImportedDocument.consumer_id == consumer_id, ImportedDocument.received_at >= since)
    return session.scalar(query.where(*mine)) or 0


def document_of_bill(session: Session, bill_id: int) -> ImportedDocument | None:
    """The document that this bill was filed from; None for a bill that was not brought in."""
    mine = (ImportedDocument.bill_id == bill_id, ImportedDocument.state == "bill")
    return session.scalar(select(ImportedDocument).where(*mine))
