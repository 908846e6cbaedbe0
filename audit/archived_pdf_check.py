"""Check archived PDFs and attachments: each can be read, decrypted, and has the sha256 it was archived with.

A daily run checks a share of the archive: the whole archive within `DAYS` days, and at least `LEAST` bills a day. The
next run continues where the last one stopped. Known faults are stored and checked again until they are repaired.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from audit.blob_cache import RecentBlobs
from audit.invariant_violations import Question, Violations, violations
from bill import Reason
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.archive_check_progress import (
    ArchiveFault,
    FaultFound,
    faulty_bills,
    note_faults,
    note_share,
    share_begins_after,
)
from store.bills.bill import PRESENTABLE, BillRow
from store.blobs.blob_store import BlobChanged, BlobMissing
from store.vault.attachment_staging import PAGES, StoredAttachment
from store.vault.encryption import DecryptionFailed, RootKeyMissing
from store.vault.pdf_segment import Archive, PDFChanged

DAYS: Final = 30
LEAST: Final = 10_000
_PAGE: Final = 500
_BROKEN: Final = (PDFChanged, DecryptionFailed, BlobMissing, BlobChanged)


class ArchiveCheckResult(NamedTuple):
    """The result of a check: bills checked, bills archived, and all known faults of PDFs and attachments."""

    bills: int
    of: int
    pdfs: Violations
    attachments: Violations


class ArchiveCheck:
    """One run of the archive check at a moment; *tell* is called with the number of bills checked so far."""

    def __init__(self, store: Store, now: datetime, tell: Callable[[int], None]) -> None:
        self._store = store
        self._now = now
        self._tell = tell
        self._blobs = RecentBlobs(store.blobs)

    def everything(self) -> ArchiveCheckResult:
        """Check all archived bills."""
        return self._look(0, self._archived(), None)

    def share(self) -> ArchiveCheckResult:
        """Check today's share."""
        archived, day = self._archived(), self._now.date()
        with self._store.reading() as session:
            began = share_begins_after(session, day)
        return self._look(began, archived, max(LEAST, -(-archived // DAYS)))

    def _archived(self) -> int:
        with self._store.reading() as session:
            return session.scalar(select(func.count()).select_from(BillRow).where(_is_archived())) or 0

    def _look(self, began: int, archived: int, most: int | None) -> ArchiveCheckResult:
        looked, upto = 0, began
        for page in self._pages(began, archived if most is None else most):
            self._look_at(page)
            looked, upto = looked + len(page), page[-1]
            self._tell(len(page))
        if most is not None:
            with self._store.writing() as session:
                note_share(session, self._now.date(), began, upto)
        with self._store.reading() as session:
            again = faulty_bills(session, self._now, archived if most is None else most)
        for start in range(0, len(again), _PAGE):
            self._look_at(again[start : start + _PAGE])
        with self._store.reading() as session:
            pdfs, attachments = (violations(session, _known_faults(is_pdf=is_pdf)) for is_pdf in (True, False))
        return ArchiveCheckResult(looked, archived, pdfs, attachments)

    def _pages(self, began: int, most: int) -> Iterator[Sequence[int]]:
        """Ids of the archived bills to check, a page at a time: from the one after *began* on, and round to it again,
        *most* in all."""
        left = most
        for after, last in ((began, None), (0, began)):
            at = after
            while left > 0 and (page := self._page(at, last, min(left, _PAGE))):
                yield page
                left -= len(page)
                at = page[-1]

    def _page(self, after: int, last: int | None, limit: int) -> Sequence[int]:
        query = select(BillRow.id).where(BillRow.id > after, _is_archived()).order_by(BillRow.id).limit(limit)
        if last is not None:
            query = query.where(BillRow.id <= last)
        with self._store.reading() as session:
            return session.scalars(query).all()

    def _look_at(self, bill_ids: Collection[int]) -> None:
        """Check these bills and store their faults."""
        with self._store.reading() as session:
            faults = list(self._faults(session, bill_ids))
            is_known = session.scalar(select(exists().where(ArchiveFault.bill_id.in_(bill_ids))))
        if faults or is_known:
            with self._store.writing() as session:
                note_faults(session, bill_ids, faults, self._now)

    def _faults(self, session: Session, bill_ids: Collection[int]) -> Iterator[FaultFound]:
        archive = Archive(session, self._blobs, self._store.encryptor)
        archived = select(BillRow).where(BillRow.id.in_(bill_ids), _is_archived()).order_by(BillRow.id)
        accounts = select(CustomerAccount).join(BillRow).where(BillRow.id.in_(bill_ids))
        keys = session.scalars(accounts).all()  # all in one query; the archive would load them one by one
        rows, attached = session.scalars(archived).all(), _attachments(session, bill_ids)
        for row in rows:
            for n in (PAGES, *attached.get(row.id, ())):
                try:
                    archive.parts(row) if n == PAGES else archive.attachment(row, n)
                except _BROKEN as error:
                    yield FaultFound(row.id, n, _fault(error, row.number, n))
        del keys


def _fault(error: Exception, bill: str, n: int) -> Reason:
    match error:
        case PDFChanged():
            return error.reason
        case RootKeyMissing():
            return Reason.of("root_not_configured", root=error.root_id)
        case BlobChanged():
            return Reason.of("blob_changed", blob=error.sha256)
        case BlobMissing() if n != PAGES:
            return Reason.of("attachment_missing", bill=bill, attachment=n)
        case BlobMissing():
            return Reason.of("blob_missing", blob=str(error))
    return Reason("not_decrypted")


def _is_archived() -> ColumnElement[bool]:
    return BillRow.state.in_(PRESENTABLE)


def _attachments(session: Session, bill_ids: Collection[int]) -> dict[int, list[int]]:
    """The attachment numbers of each of these bills that has some, by bill id."""
    query = (
        select(BillRow.id, StoredAttachment.n)
        .join(
            StoredAttachment, (BillRow.feed_id == StoredAttachment.feed_id) & (BillRow.item_seq == StoredAttachment.seq)
        )
        .where(BillRow.id.in_(bill_ids), StoredAttachment.is_encrypted)
        .order_by(StoredAttachment.n)
    )
    found: dict[int, list[int]] = {}
    for bill_id, n in session.execute(query):
        found.setdefault(bill_id, []).append(n)
    return found


def _known_faults(*, is_pdf: bool) -> Question:
    """Select the known faults of PDFs or of attachments: bill id, number, (attachment,) reason."""
    what = [] if is_pdf else [ArchiveFault.n]
    query = select(BillRow.id, BillRow.number, *what, ArchiveFault.reason).join(ArchiveFault)
    return query.where((ArchiveFault.n == PAGES) == is_pdf).order_by(BillRow.id, ArchiveFault.n)
