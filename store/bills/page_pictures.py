"""Pictures of a bill's pages: made by a background job when somebody wants to see them, deleted after some days.

A row a bill says that they were asked for, by which job, and where they are. The pictures lie in one blob, each
encrypted with the account's key (`store.vault.picture_segment`), so that they are gone with that key.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, delete, exists, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new
from store.bills.bill import BillRow
from store.db.process_identity import this_process
from store.job import Job, request_job
from store.vault.picture_segment import PicturePlace

#: The kind of the job that draws the pages.
PAGE_PICTURES: Final = "page_pictures"
#: How long pictures are kept.
KEPT: Final = timedelta(days=7)
#: How many are deleted in one transaction.
_DELETED_AT_ONCE: Final = 200

PicturesState = Literal["drawing", "drawn", "none"]


class PagePictures(Base):
    """The pictures of one bill's pages. *account_id* is the account whose key encrypts them; *places* are where each is
    in the blob, page by page, in the order of their widths."""

    __tablename__ = "page_pictures"
    __table_args__ = (Index("ix_page_pictures_asked_at", "asked_at"),)

    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("errand.id"))
    asked_at: Mapped[datetime]
    blob_sha256: Mapped[str | None] = mapped_column(String(64))  # named before the blob is written: none is lost
    places: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    pages: Mapped[int] = mapped_column(Integer, default=0)  # of the PDF, of which the first are drawn


class PicturesView(NamedTuple):
    """What became of a bill's pictures: `drawing`, `drawn`, or `none` where its pages cannot be drawn."""

    row: PagePictures
    state: PicturesState

    def place(self, page: int, size: int) -> PicturePlace | None:
        """Where the picture of a page (from 1) in a size (from 0, the smallest first) is, and None where it is not."""
        at = (page - 1) * SIZES + size
        if self.state != "drawn" or page < 1 or not 0 <= size < SIZES or at >= len(self.row.places):
            return None
        return PicturePlace(at, *self.row.places[at])

    @property
    def drawn(self) -> int:
        """How many pages have pictures."""
        return len(self.row.places) // SIZES if self.state == "drawn" else 0


#: How many pictures a page has.
SIZES: Final = 2


def ask_for_pictures(session: Session, row: BillRow, now: datetime) -> bool:
    """Create the job that draws a bill's pages (send the wake-up signal after the commit). Returns False if they were
    asked for before: whoever asks at the same moment, there is one job."""
    asked: dict[str, Any] = {
        "bill_id": row.id, "account_id": row.account_id, "job_id": None, "asked_at": now, "blob_sha256": None,
        "places": [], "pages": 0,
    }  # fmt: skip
    if insert_new(session, PagePictures, [asked]) != 1:
        return False
    job = request_job(session, PAGE_PICTURES, {"issuer_id": row.issuer_id, "bill_id": row.id}, now)
    session.flush()
    session.execute(update(PagePictures).where(PagePictures.bill_id == row.id).values(job_id=job.id))
    return True


def pictures_of(session: Session, bill_id: int) -> PicturesView | None:
    """The pictures of a bill's pages; None if nobody has asked for them."""
    query = select(PagePictures, Job.state).outerjoin(Job, Job.id == PagePictures.job_id)
    found = session.execute(query.where(PagePictures.bill_id == bill_id)).first()
    if found is None:
        return None
    row, job_state = found
    state: PicturesState = "drawing" if job_state == "todo" else "drawn" if row.places else "none"
    return PicturesView(row, state)


def name_blob(session: Session, job: Job, blob_sha256: str) -> bool:
    """Record the blob that will be written for this job, while we hold it. Returns False if another process does."""
    ours = exists().where(Job.id == job.id, Job.state == "todo", Job.lease_owner == this_process())
    named = session.execute(
        update(PagePictures).where(PagePictures.job_id == job.id, ours).values(blob_sha256=blob_sha256)
    )
    return named.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def record_pictures(
    session: Session, job: Job, blob_sha256: str, places: Sequence[PicturePlace], pages: int
) -> None:  # fmt: skip
    """Record where the pictures are; does nothing where the blob is another's by now."""
    values: dict[str, Any] = {"places": [list(each[1:]) for each in places], "pages": pages}
    ours = (PagePictures.job_id == job.id, PagePictures.blob_sha256 == blob_sha256)
    session.execute(update(PagePictures).where(*ours).values(**values))


def old_pictures(session: Session, now: datetime) -> list[PagePictures]:
    """Some of the pictures that are kept no longer, the oldest first."""
    query = select(PagePictures).where(PagePictures.asked_at <= now - KEPT).order_by(PagePictures.asked_at)
    return list(session.scalars(query.limit(_DELETED_AT_ONCE)))


def delete_pictures(session: Session, gone: Sequence[PagePictures]) -> None:
    """Delete these rows, whose blobs are deleted; not one whose blob has changed meanwhile."""
    for each in gone:
        same = PagePictures.blob_sha256.is_not_distinct_from(each.blob_sha256)
        session.execute(delete(PagePictures).where(PagePictures.bill_id == each.bill_id, same))
