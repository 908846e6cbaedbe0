"""The heir table: a consumer who reads the account of somebody who has died, on what document, by whose decision.

The document lies in a blob, encrypted with the key of the account that the heir was recorded on: it goes with that
account's bills. It is shown to staff alone.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, func, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.customer_account import CustomerAccount
from store.base import Base
from store.blobs.blob_store import BlobReader
from store.vault.encryption import DecryptionFailed, Encryptor

#: What proves who the heirs are: a notary's `acte de notoriété` (C. civ., art. 730-1), a town's `certificat
#: d’hérédité`, the heirs' own signed attestation (C. mon. fin., art. L312-1-4), a judgment, anything else.
HEIR_DOCUMENTS: Final = ("notary", "town", "attestation", "judgment", "other")
HeirDocumentKind = Literal["notary", "town", "attestation", "judgment", "other"]
_OPEN: Final = text("ended_at IS NULL")


class Heir(Base):
    """One heir on one account, until ended: by a named person, or by leaving the account. *reference* is the
    document's own (a notary's, a court's)."""

    __tablename__ = "heir"
    __table_args__ = (
        CheckConstraint(f"document_kind IN {HEIR_DOCUMENTS}", name="document_kind"),
        Index("ix_heir_account_id", "account_id"),
        Index("ix_heir_consumer_id", "consumer_id"),
        Index(
            "uq_heir_open", "account_id", "consumer_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    document_kind: Mapped[str] = mapped_column(String(12))
    reference: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(40))
    blob_sha256: Mapped[str] = mapped_column(String(64), default="")  # of the encrypted bytes
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(200), default="")
    end_reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def secret_name(self) -> bytes:
        """What binds the encrypted document to this heir."""
        return b"document of heir %d" % self.id


def read_heir_document(session: Session, blobs: BlobReader, encryptor: Encryptor, heir: Heir) -> bytes:
    """The document as it was handed in. Raises BlobMissing or DecryptionFailed."""
    encrypted, keys = blobs.read(heir.blob_sha256), _keys(session, heir.account_id)
    for key in keys[:-1]:
        with suppress(DecryptionFailed):
            return encryptor.decrypt(key, encrypted, heir.secret_name)
    return encryptor.decrypt(keys[-1], encrypted, heir.secret_name)


def _keys(session: Session, account_id: int) -> list[bytes]:
    """The keys of the account and of those that were joined to it, with which its heirs may have been recorded."""
    mine = or_(CustomerAccount.id == account_id, CustomerAccount.joined_id == account_id)
    query = select(CustomerAccount.encrypted_key).where(mine)
    return list(session.scalars(query.order_by(CustomerAccount.id != account_id, CustomerAccount.id)))


def heirs_of(session: Session, account_id: int) -> list[Heir]:
    """All heirs of an account, those of before too, in the order they came."""
    query = select(Heir).where(Heir.account_id == account_id).order_by(Heir.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def open_heir(session: Session, account_id: int, consumer_id: int) -> Heir | None:
    """This consumer as heir of this account today; None if they are none."""
    mine = (Heir.account_id == account_id, Heir.consumer_id == consumer_id, Heir.ended_at.is_(None))
    return session.scalar(select(Heir).where(*mine).execution_options(populate_existing=True))


def open_heirs_of_accounts(session: Session, account_ids: Collection[int]) -> list[Heir]:
    """The heirs of these accounts today, by account and in the order they came."""
    if not account_ids:
        return []
    query = select(Heir).where(Heir.account_id.in_(account_ids), Heir.ended_at.is_(None))
    return list(session.scalars(query.order_by(Heir.account_id, Heir.id)))


def inherited_since(session: Session, consumer_id: int) -> dict[int, datetime]:
    """Since when a consumer is heir of which accounts, by account id."""
    mine = (Heir.consumer_id == consumer_id, Heir.ended_at.is_(None))
    return dict(
        session.execute(select(Heir.account_id, func.min(Heir.at)).where(*mine).group_by(Heir.account_id)).all()
    )


def move_heir(session: Session, consumer_id: int, account_id: int, to: int) -> None:
    """Let an heir of one account be heir of the account that it is joined to."""
    mine = (Heir.account_id == account_id, Heir.consumer_id == consumer_id, Heir.ended_at.is_(None))
    session.execute(update(Heir).where(*mine).values(account_id=to))


def close_heir(session: Session, consumer_id: int, account_id: int, at: datetime, by: str, reason: str = "") -> bool:
    """Note that a consumer is heir of an account no longer. Returns False if they were none."""
    mine = (Heir.account_id == account_id, Heir.consumer_id == consumer_id, Heir.ended_at.is_(None))
    ended = session.execute(update(Heir).where(*mine).values(ended_at=at, ended_by=by[:200], end_reason=reason))
    return ended.rowcount == 1  # type: ignore[attr-defined,no-any-return]
