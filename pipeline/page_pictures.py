"""The job "page pictures": draws the pages of a bill's archived PDF as pictures, for whoever reads it in the portal.

The portal asks for the job (`store.bills.page_pictures`) and shows its result. An issuer's own PDF is foreign: it is
opened in the sandbox, and one that cannot be drawn only loses its pictures.
"""

import hashlib
import logging
from collections.abc import Iterator
from typing import Final, NamedTuple

from bill import Reason
from render.page_pictures import DrawnPage, PageNotDrawn, drawn_pages
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.page_pictures import PagePictures, name_blob, record_pictures
from store.blobs.blob_store import BlobMissing
from store.job import Job, finish_job
from store.vault.encryption import DecryptionFailed, RootKeyMissing
from store.vault.pdf_segment import PDFChanged
from store.vault.picture_segment import pack_pictures

log = logging.getLogger(__name__)
_NONE: Final = Reason()


class _AskedFor(NamedTuple):
    """What is to be drawn: the bill, the key that encrypts its pictures, its PDF, and the blob of a try before."""

    bill_id: int
    encrypted_key: bytes
    pdf: bytes
    earlier_blob: str | None


def drawing_pages(store: Store, job: Job) -> Iterator[None]:
    """Do a job that asks for the pictures of a bill's pages, page by page: yields between them. Raises what is an
    outage; whatever is wrong with the PDF ends the job with its reason."""
    drawn: list[DrawnPage] = []
    try:
        asked = _asked_for(store, job)
        yield
        for page in drawn_pages(asked.pdf):
            drawn.append(page)
            yield
    except RootKeyMissing:
        raise
    except (PageNotDrawn, PDFChanged, BlobMissing, DecryptionFailed) as error:
        log.warning("the pages of bill %s are not drawn: %s", job.particulars["bill_id"], error)
        with store.writing() as session:
            finish_job(session, job.id, why=Reason.of("pages_not_drawn", error=str(error)))
        return
    _keep(store, job, asked, drawn)


def _asked_for(store: Store, job: Job) -> _AskedFor:
    with store.reading() as session:
        row = session.get_one(BillRow, job.particulars["bill_id"])
        pictures = session.get(PagePictures, row.id)
        if pictures is None or pictures.job_id != job.id:
            raise PageNotDrawn("nobody asks for them any more")
        key = session.get_one(CustomerAccount, pictures.account_id).encrypted_key
        return _AskedFor(row.id, key, store.archive(session).pdf(row), pictures.blob_sha256)


def _keep(store: Store, job: Job, asked: _AskedFor, drawn: list[DrawnPage]) -> None:
    """Encrypt and store the pictures. The blob's name is recorded before the blob is written, so that a worker killed
    in between leaves none that nobody deletes."""
    if asked.earlier_blob:
        store.blobs.delete(asked.earlier_blob)
    content, places = pack_pictures(
        store.encryptor, asked.encrypted_key, asked.bill_id, [each for page in drawn for each in page.pictures]
    )
    blob_sha256 = hashlib.sha256(content).hexdigest()
    with store.writing() as session:
        if not name_blob(session, job, blob_sha256):
            return  # another worker has taken it over
    store.blobs.put(content)
    with store.writing() as session:
        record_pictures(session, job, blob_sha256, places, drawn[0].pages)
        finish_job(session, job.id)
