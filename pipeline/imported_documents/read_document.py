"""The job "read document": reads what a person brought in, and files it as a bill; or asks the person for what the
document does not say for sure. Asked and answered, the job is done again."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bill import Bill, Reason
from bill.document_reading import TERMS
from consumers.imports.answered_terms import AnsweredTerm, bill_of_terms
from consumers.imports.kept_reading import DocumentPictures, KeptReading, pack_reading, unpack_reading
from consumers.imports.private_issuers import identities_of
from ingest.plain_text import KnownIssuer
from pipeline.compiled_templates import CompiledTemplates
from pipeline.imported_documents.file_bill import (
    archive_attachments,
    archive_bill,
    claim_number,
    show_bill,
    with_original,
)
from pipeline.imported_documents.known_bill import known_bill
from pipeline.imported_documents.open_document import DocumentRefused, OpenedDocument, open_document
from render.page_pictures import DrawnPage, PageNotDrawn, drawn_pages
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.imports.imported_document import ImportedDocument
from store.issuer import Issuer
from store.job import Job, finish_job
from store.vault.picture_segment import pack_pictures

log = logging.getLogger(__name__)


class _Document(NamedTuple):
    """A document that waits, its bytes, the key of its blobs, and the issuers that its person has."""

    row: ImportedDocument
    content: bytes
    encrypted_key: bytes
    kept: KeptReading
    known: Sequence[KnownIssuer]


def reading_document(store: Store, job: Job) -> Iterator[None]:
    """Do a job that asks for a document to be read, in steps. Raises what is an outage; whatever is wrong with the
    document is said in its row."""
    document = _document(store, job)
    if document is None:  # removed, or read by another worker
        with store.writing() as session:
            finish_job(session, job.id)
        return
    row, now = document.row, job.asked_at
    try:
        opened = open_document(document.content, row.name, row.received_at.date(), document.known)
        yield
        bill, answers = _bill(opened, document)
        if bill is None:
            yield from _ask(store, job, document, opened)
            return
        if row.bill_id is None and _tell_known(store, job, document, bill):
            return
        if opened.pages is None:
            bill = with_original(bill, row, document.content)
        filed = claim_number(store, row, bill, now)
        yield
        values = archive_bill(store, CompiledTemplates(store), filed, bill, opened.pages, now)
        attachments = archive_attachments(store, filed, bill)
    except DocumentRefused as refused:
        log.info("document %s is refused: %s", row.id, refused.reason.code)
        _end(store, job, document, "refused", refused.reason)
        return
    with store.writing() as session:
        show_bill(session, row, filed.row, bill, values, attachments, opened.text, now)
        mine = session.get_one(ImportedDocument, row.id)
        mine.state, mine.format, mine.blob_sha256 = "bill", opened.format, None
        mine.reading = pack_reading(KeptReading(answers=answers))
        finish_job(session, job.id)
    _forget_blobs(store, document)


def _document(store: Store, job: Job) -> _Document | None:
    """Raises BlobMissing where its bytes have not arrived yet."""
    with store.reading() as session:
        row = session.get(ImportedDocument, job.particulars["document_id"])
        if row is None or row.state != "waiting" or row.blob_sha256 is None:
            return None
        key = session.get_one(CustomerAccount, row.account_id).encrypted_key
        content = store.encryptor.decrypt(key, store.blobs.read(row.blob_sha256), row.secret_name)
        mine = identities_of(session, row.consumer_id)
        known = [KnownIssuer(*each, name_on_bills=private.name_key) for private, each in mine]
        return _Document(row, content, key, unpack_reading(row.reading), known)


def _bill(opened: OpenedDocument, document: _Document) -> tuple[Bill | None, dict[str, AnsweredTerm]]:
    """The bill of a document, and where its terms come from; None while something of it is to be asked."""
    if opened.bill is not None:
        if not opened.bill.seller.name:
            raise DocumentRefused(Reason.of("document_without_issuer"))
        return opened.bill, {}
    answers = dict(document.kept.answers)
    for term in TERMS:
        if (value := opened.reading.term(term).sure) is not None:
            answers.setdefault(term, AnsweredTerm(value, "read"))
    if any(term not in answers for term in opened.reading.asked):
        return None, {}
    return bill_of_terms(answers, document.row.sha256), answers


def _tell_known(store: Store, job: Job, document: _Document, bill: Bill) -> bool:
    """End the job if the person has this bill already: it is told, and not doubled."""
    with store.reading() as session:
        known = known_bill(session, document.row.consumer_id, bill)
        is_ours = known is not None and session.get_one(Issuer, known.issuer_id).private_to is None
    if known is None:
        return False
    why = Reason("document_delivered") if is_ours else Reason("document_twice")
    _end(store, job, document, "known", why, known.id)
    return True


def _ask(store: Store, job: Job, document: _Document, opened: OpenedDocument) -> Iterator[None]:
    """Draw the pages, and ask the person for what is missing or unsure."""
    drawn: list[DrawnPage] = []
    try:
        for page in drawn_pages(document.content):
            drawn.append(page)
            yield
    except PageNotDrawn as error:
        log.warning("the pages of document %s are not drawn: %s", document.row.id, error)
    pictures, content = _packed(store, document, drawn)
    kept = KeptReading(opened.reading, document.kept.answers, pictures)
    with store.writing() as session:  # named before it is written
        row = session.get_one(ImportedDocument, document.row.id)
        row.reading = pack_reading(kept)
    if content:
        store.blobs.put(content)
    with store.writing() as session:
        row = session.get_one(ImportedDocument, document.row.id)
        row.state, row.format = "asked", opened.format
        finish_job(session, job.id)


def _packed(
    store: Store, document: _Document, drawn: Sequence[DrawnPage]
) -> tuple[DocumentPictures | None, bytes]:  # fmt: skip
    """The pictures of a document's pages, bound to the document: bills count up from 0, documents down."""
    if not drawn:
        return None, b""
    pictures = [each for page in drawn for each in page.pictures]
    content, places = pack_pictures(store.encryptor, document.encrypted_key, -document.row.id, pictures)
    rows = [[each.width, each.height, each.at, each.length] for each in places]
    return DocumentPictures(hashlib.sha256(content).hexdigest(), rows, drawn[0].pages), content


def _end(
    store: Store, job: Job, document: _Document, state: str, why: Reason, bill_id: int | None = None
) -> None:  # fmt: skip
    with store.writing() as session:
        row = session.get_one(ImportedDocument, document.row.id)
        row.state, row.reason, row.bill_id, row.blob_sha256, row.reading = state, why, bill_id, None, None
        finish_job(session, job.id)
    _forget_blobs(store, document)


def _forget_blobs(store: Store, document: _Document) -> None:
    """Delete the encrypted bytes of a document that is read, and its pictures."""
    assert document.row.blob_sha256 is not None
    store.blobs.delete(document.row.blob_sha256)
    if document.kept.pictures is not None:
        store.blobs.delete(document.kept.pictures.blob_sha256)
