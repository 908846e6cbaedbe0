"""Mails that came to a person's address for bills: one row a mail, and what was taken of it. The mail is not kept."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new

#: What became of a file of a mail: taken in; brought in before; no PDF and no XML; or why `import_document` refused it.
TAKEN: Final = "taken"
KNOWN: Final = "known"
NO_BILL: Final = "no_bill"


class MailWithBills(Base):
    """A mail, by the digest of its Message-ID and files. *sender* is its envelope's. *authentication* is what our own
    mail server found (`spf=pass dkim=pass`), *files* its files as `{"name": …, "outcome": …}`."""

    __tablename__ = "received_mail"
    __table_args__ = (
        UniqueConstraint("consumer_id", "message_digest"),
        Index("ix_received_mail_consumer_id_id", "consumer_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    message_digest: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    sender: Mapped[str] = mapped_column(String(254))
    authentication: Mapped[str] = mapped_column(String(60), default="")
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    @property
    def taken(self) -> int:
        """How many files were taken in, or had been before."""
        return sum(each["outcome"] in {TAKEN, KNOWN} for each in self.files)


class AllowedSender(Base):
    """A sender that a person takes mails with bills from: an address, or a domain (`@example.org`). Without any, all
    are taken."""

    __tablename__ = "allowed_sender"

    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    sender: Mapped[str] = mapped_column(String(254), primary_key=True)


def message_digest(message_id: str, files: Sequence[bytes], content: bytes) -> str:
    """What a mail is known by: its Message-ID and its files, or all of it where it has none. By the Message-ID alone,
    which anybody may write, a bill could be kept from arriving."""
    digest = hashlib.sha256(message_id.encode("utf-8", "surrogateescape") or content)
    for each in files:
        digest.update(hashlib.sha256(each).digest())
    return digest.hexdigest()


def is_received(session: Session, consumer_id: int, digest: str) -> bool:
    """Whether this mail came to this person before."""
    mine = (MailWithBills.consumer_id == consumer_id, MailWithBills.message_digest == digest)
    return session.scalar(select(MailWithBills.id).where(*mine)) is not None


def keep_mail(session: Session, row: dict[str, Any]) -> MailWithBills | None:
    """Keep a mail; None if it was kept before."""
    if not insert_new(session, MailWithBills, [row]):
        return None
    mine = (MailWithBills.consumer_id == row["consumer_id"], MailWithBills.message_digest == row["message_digest"])
    return session.scalars(select(MailWithBills).where(*mine)).one()


def latest_mails(session: Session, consumer_id: int, limit: int) -> list[MailWithBills]:
    """The person's latest mails, newest first."""
    mine = select(MailWithBills).where(MailWithBills.consumer_id == consumer_id)
    return list(session.scalars(mine.order_by(MailWithBills.id.desc()).limit(limit)))


def mails_of_a_day(session: Session, consumer_id: int, now: datetime) -> int:
    """How many mails came to this person within a day."""
    mine = select(func.count()).select_from(MailWithBills).where(MailWithBills.consumer_id == consumer_id)
    return session.scalars(mine.where(MailWithBills.received_at > now - timedelta(days=1))).one()


def allowed_senders(session: Session, consumer_id: int) -> list[str]:
    """Whom this person takes mails from, in order; empty: from anybody."""
    mine = select(AllowedSender.sender).where(AllowedSender.consumer_id == consumer_id)
    return list(session.scalars(mine.order_by(AllowedSender.sender)))


def set_allowed_senders(session: Session, consumer_id: int, senders: list[str]) -> None:
    """Take mails from these senders alone; an empty list: from anybody."""
    session.execute(delete(AllowedSender).where(AllowedSender.consumer_id == consumer_id))
    insert_new(session, AllowedSender, [{"consumer_id": consumer_id, "sender": each} for each in sorted(set(senders))])


def is_allowed(senders: list[str], sender: str) -> bool:
    """Whether a mail from this envelope sender is taken by a person with this list."""
    sender = sender.strip().lower()
    return not senders or sender in senders or f"@{sender.rpartition('@')[2]}" in senders
