"""An archive of a person's bills (a ZIP file): asked for by its person, made by a background job, kept some days.

Its bytes are made in order and lie in parts, each in a blob of its own, encrypted with the archive's own key
(`store.vault.archive_part`). The row says how far it is made: whoever takes the job over goes on after the last part
that is recorded. A row whose days are over is deleted with its parts; events tell that it was there.
"""

import os
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from store.accounts.consumer import Consumer, Enrolment, is_in_force
from store.accounts.customer_account import CustomerAccount
from store.base import Base
from store.bills.bill import PRESENTABLE, BillRow
from store.db.constant_in_sql import is_one_of
from store.db.event import record
from store.db.process_identity import this_process
from store.db.row_locks import ROW_LOCK
from store.issuer import Issuer
from store.job import Job, request_job
from store.vault.attachment_staging import abandon_blobs
from store.vault.encryption import Encryptor

#: The kind of the job that makes an archive, and of the mail that says that it is ready.
BILL_ARCHIVE: Final = "bill_archive"
ARCHIVE_READY: Final = "archive_ready"
#: How long an archive is kept once it is ready.
KEPT: Final = timedelta(days=7)
#: An archive's job that has found no worker for so long has failed.
_LONGEST_WAIT: Final = timedelta(days=3)
_SWEPT_AT_ONCE: Final = 20

ArchiveState = Literal["making", "ready", "failed"]


class BillArchive(Base):
    """*year* and *account_id* limit what is in it; None: everything. *account_ids* are the accounts that it has bills
    of, in their order. *last_…* is the bill that the last part ends with. *size*: bytes so far, the whole once
    *ready_at* is set. *left_out*: how many files could not be read and are named in its README."""

    __tablename__ = "bill_archive"
    __table_args__ = (
        Index("ix_bill_archive_consumer_id", "consumer_id"), Index("ix_bill_archive_expires_at", "expires_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("errand.id"))
    year: Mapped[int | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    account_ids: Mapped[list[int]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(5))
    encrypted_key: Mapped[bytes] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    bills_asked: Mapped[int]
    bills_done: Mapped[int] = mapped_column(default=0)
    parts_done: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    last_account_id: Mapped[int | None]
    last_issue_date: Mapped[date | None] = mapped_column(Date)
    last_bill_id: Mapped[int | None]


class BillArchivePart(Base):
    """One part: *length* bytes of the ZIP file from *at*; in its blob they take *content_length* bytes, encrypted, and
    behind them lies what the part has of each bill. Recorded before the blob is written: none is lost."""

    __tablename__ = "bill_archive_part"

    archive_id: Mapped[int] = mapped_column(ForeignKey("bill_archive.id"), primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    blob_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)
    length: Mapped[int]
    content_length: Mapped[int]


class ArchiveScope(NamedTuple):
    """What somebody wants to take away: of one *year*, of one account, or everything."""

    year: int | None = None
    account_id: int | None = None


class ArchiveSize(NamedTuple):
    """The bills of one account and year: how many, and the bytes of their PDFs."""

    account_id: int
    year: int
    bills: int
    size: int


class ArchiveView(NamedTuple):
    """An archive and what became of it."""

    row: BillArchive
    state: ArchiveState


def archive_sizes(session: Session, consumer_id: int) -> list[ArchiveSize]:
    """How many bills this consumer may take away, and how large their PDFs are, by account and year."""
    year = func.extract("year", BillRow.issue_date)
    query = (
        select(BillRow.account_id, year, func.count(), func.coalesce(func.sum(BillRow.pdf_size), 0))
        .join(Enrolment, Enrolment.account_id == BillRow.account_id)
        .where(Enrolment.consumer_id == consumer_id, is_in_force(), is_one_of(BillRow.state, PRESENTABLE))
        .group_by(BillRow.account_id, year)
        .order_by(BillRow.account_id, year)
    )
    return [
        ArchiveSize(account, int(when), bills, int(size or 0)) for account, when, bills, size in session.execute(query)
    ]


def ask_for_archive(
    session: Session, encryptor: Encryptor, consumer_id: int, scope: ArchiveScope, language: str, now: datetime
) -> BillArchive | None:
    """Create an archive and the job that makes it (send the wake-up signal after the commit). A person has one at a
    time: while one is being made nothing is asked for, and one that is ready makes room. Returns None where none was
    asked for: another is being made, or there are no bills."""
    session.get_one(Consumer, consumer_id, with_for_update=ROW_LOCK)
    latest = archive_of(session, consumer_id, now)
    sizes = [each for each in archive_sizes(session, consumer_id) if _is_within(each, scope)]
    if (latest and latest.state == "making") or not sizes:
        return None
    ours = (BillArchive.consumer_id == consumer_id, BillArchive.expires_at > now)
    session.execute(update(BillArchive).where(*ours).values(expires_at=now))
    row = BillArchive(
        consumer_id=consumer_id, job_id=None, year=scope.year, account_id=scope.account_id, language=language,
        account_ids=_in_order(session, {each.account_id for each in sizes}), asked_at=now,
        encrypted_key=encryptor.encrypt_key(os.urandom(32)), expires_at=now + _LONGEST_WAIT, ready_at=None,
        bills_asked=sum(each.bills for each in sizes),
    )  # fmt: skip
    session.add(row)
    session.flush()
    job = request_job(session, BILL_ARCHIVE, {"consumer_id": consumer_id, "archive_id": row.id}, now)
    session.flush()
    row.job_id = job.id
    record(session, "consumer", consumer_id, "archive asked", now, by=f"consumer {consumer_id}")
    return row


def _is_within(size: ArchiveSize, scope: ArchiveScope) -> bool:
    return scope.year in {None, size.year} and scope.account_id in {None, size.account_id}


def _in_order(session: Session, account_ids: Collection[int]) -> list[int]:
    """These accounts by issuer and number."""
    query = select(CustomerAccount.id, Issuer.name, CustomerAccount.value).join(Issuer).where(
        CustomerAccount.id.in_(account_ids)
    )  # fmt: skip
    return [row[0] for row in sorted(session.execute(query), key=lambda row: (row[1].casefold(), row[2], row[0]))]


def archive_of(session: Session, consumer_id: int, now: datetime) -> ArchiveView | None:
    """The archive of this consumer that is being made, is ready, or has failed; None if there is none. One with bills
    of an account that they hold no longer is not there."""
    query = (
        select(BillArchive, Job.state)
        .outerjoin(Job, Job.id == BillArchive.job_id)
        .where(BillArchive.consumer_id == consumer_id, BillArchive.expires_at > now)
        .order_by(BillArchive.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    found = session.execute(query).first()
    if found is None:
        return None
    row, job_state = found
    held = select(Enrolment.account_id).where(Enrolment.consumer_id == consumer_id, is_in_force())
    if not set(row.account_ids) <= set(session.scalars(held)):
        return None
    state: ArchiveState = "ready" if row.ready_at else "making" if job_state == "todo" else "failed"
    return ArchiveView(row, state)


def next_bills(session: Session, archive: BillArchive, account_id: int, limit: int) -> list[BillRow]:
    """Whole bills of one of the archive's accounts, newest first, after the last that is in it. What came after the
    archive was asked for is not in it."""
    query = select(BillRow).where(
        BillRow.account_id == account_id, is_one_of(BillRow.state, PRESENTABLE), BillRow.received_at <= archive.asked_at
    )  # fmt: skip
    if archive.year is not None:
        query = query.where(BillRow.issue_date.between(date(archive.year, 1, 1), date(archive.year, 12, 31)))
    if archive.last_account_id == account_id:
        last = (archive.last_issue_date, archive.last_bill_id)
        query = query.where(tuple_(BillRow.issue_date, BillRow.id) < last)
    newest_first = query.order_by(BillRow.issue_date.desc(), BillRow.id.desc())
    return list(session.scalars(newest_first.limit(limit).options(undefer(BillRow.content))))


def parts_of(session: Session, archive: BillArchive) -> list[BillArchivePart]:
    """The parts that are written, in their order."""
    query = select(BillArchivePart).where(
        BillArchivePart.archive_id == archive.id, BillArchivePart.n < archive.parts_done
    )
    return list(session.scalars(query.order_by(BillArchivePart.n)))


def unfinished_parts(session: Session, archive: BillArchive) -> list[BillArchivePart]:
    """The parts after those that are written: of a worker that was killed."""
    query = select(BillArchivePart).where(
        BillArchivePart.archive_id == archive.id, BillArchivePart.n >= archive.parts_done
    )
    return list(session.scalars(query.order_by(BillArchivePart.n)))


def name_part(session: Session, job: Job, part: dict[str, Any]) -> bool:
    """Record a part whose blob will be written for this job, while we hold it. Returns False if another process
    does."""
    ours = (BillArchive.id == part["archive_id"], BillArchive.job_id == job.id, _is_ours(job))
    held = session.execute(update(BillArchive).where(*ours).values(job_id=job.id))  # locks the row
    if held.rowcount != 1:  # type: ignore[attr-defined]
        return False
    session.execute(insert(BillArchivePart).values(**part))
    return True


def record_progress(session: Session, job: Job, archive_id: int, now: datetime, values: dict[str, Any]) -> bool:
    """Record how far the archive is made. Returns False if another process holds its job, or nobody wants it any
    more."""
    wanted = (BillArchive.id == archive_id, BillArchive.job_id == job.id, BillArchive.expires_at > now)
    done = session.execute(update(BillArchive).where(*wanted, _is_ours(job)).values(**values))
    return done.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def delete_parts(session: Session, parts: Sequence[BillArchivePart]) -> None:
    """Delete the rows of these parts, whose blobs are deleted."""
    for part in parts:
        key = (BillArchivePart.archive_id == part.archive_id, BillArchivePart.n == part.n)
        session.execute(delete(BillArchivePart).where(*key, BillArchivePart.blob_sha256 == part.blob_sha256))


def expire_archives(session: Session, consumer_id: int, now: datetime) -> bool:
    """Let a person's archives be deleted now. Returns whether there was one."""
    ours = (BillArchive.consumer_id == consumer_id, BillArchive.expires_at > now)
    ended = session.execute(update(BillArchive).where(*ours).values(expires_at=now))
    return ended.rowcount > 0  # type: ignore[attr-defined,no-any-return]


def expired_archives(session: Session, now: datetime) -> list[BillArchive]:
    """Some of the archives that are kept no longer, and that no worker is making."""
    is_made = exists().where(Job.id == BillArchive.job_id, Job.state == "todo", Job.lease_owner.is_not(None))
    query = select(BillArchive).where(BillArchive.expires_at <= now, or_(BillArchive.ready_at.is_not(None), ~is_made))
    return list(session.scalars(query.order_by(BillArchive.expires_at).limit(_SWEPT_AT_ONCE)))


def all_parts(session: Session, archive_id: int) -> list[BillArchivePart]:
    """Every part of an archive, written or not."""
    return list(session.scalars(select(BillArchivePart).where(BillArchivePart.archive_id == archive_id)))


def delete_archive(session: Session, archive_id: int) -> None:
    """Delete an archive's row, whose parts are deleted."""
    session.execute(delete(BillArchivePart).where(BillArchivePart.archive_id == archive_id))
    session.execute(delete(BillArchive).where(BillArchive.id == archive_id))


def erase_archives(session: Session, consumer_id: int, now: datetime) -> int:  # noqa: ARG001
    """Delete the rows of a person's archives, with their keys, and let the blobs be swept, which nobody opens any more.
    Returns how many there were; as a rule none, since archives that have ended are swept."""
    ids = session.scalars(select(BillArchive.id).where(BillArchive.consumer_id == consumer_id)).all()
    for archive_id in ids:
        abandon_blobs(session, [each.blob_sha256 for each in all_parts(session, archive_id)])
        delete_archive(session, archive_id)
    return len(ids)


def _is_ours(job: Job) -> Any:
    return exists().where(Job.id == job.id, Job.state == "todo", Job.lease_owner == this_process())
