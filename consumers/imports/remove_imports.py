"""A person removes what they brought in: a document, a bill, or an issuer of theirs with all its bills. The blobs are
deleted by the sweep of those that nothing refers to."""

from collections.abc import Collection

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from consumers.imports.kept_reading import unpack_reading
from store.base import Base
from store.bills.bill import BillRow
from store.bills.page_pictures import PagePictures
from store.db.cascading_delete import delete_with_referring_rows
from store.db.event import Event
from store.feeds.feed import Feed
from store.imports.imported_document import ImportedDocument
from store.imports.private_issuer import PrivateIssuer
from store.issuer import Issuer
from store.vault.attachment_staging import StoredAttachment, abandon_blobs


def remove_document(session: Session, document: ImportedDocument) -> None:
    """Delete a document that is no bill."""
    pictures = unpack_reading(document.reading).pictures
    gone = [document.blob_sha256, pictures.blob_sha256 if pictures else None]
    session.delete(document)
    abandon_blobs(session, [each for each in gone if each])


def remove_bill(session: Session, consumer_id: int, row: BillRow) -> None:
    """Delete a bill that this person brought in, with its document. Raises PermissionError for any other bill."""
    issuer = session.get_one(Issuer, row.issuer_id)
    if issuer.private_to != consumer_id:
        raise PermissionError("a bill of an issuer on board is nobody's to delete")
    _remove_bills(session, [row])


def remove_private_issuer(session: Session, consumer_id: int, private: PrivateIssuer) -> None:
    """Delete an issuer of this person's, those that were joined to it, and all its bills. Raises PermissionError for an
    issuer that is not theirs."""
    if private.consumer_id != consumer_id:
        raise PermissionError("somebody else's issuer")
    joined = session.scalars(select(PrivateIssuer.issuer_id).where(PrivateIssuer.stands_for_id == private.issuer_id))
    remove_issuers(session, [private.issuer_id, *joined])


def remove_issuers(session: Session, issuer_ids: Collection[int]) -> None:
    """Delete these private issuers with their bills and accounts."""
    private = session.scalars(
        select(Issuer.id).where(Issuer.id.in_(issuer_ids), Issuer.private_to.is_not(None))
    ).all()  # fmt: skip
    rows = session.scalars(select(BillRow).where(BillRow.issuer_id.in_(private))).all()
    _remove_bills(session, rows)
    delete_with_referring_rows(session, _table(Issuer), private)
    session.expire_all()


def _remove_bills(session: Session, rows: Collection[BillRow]) -> None:
    """Each bill has its own segment and its own feed."""
    for document in session.scalars(select(ImportedDocument).where(ImportedDocument.bill_id.in_([r.id for r in rows]))):
        remove_document(session, document)
    ids, feeds = [row.id for row in rows], [row.feed_id for row in rows]
    attached = select(StoredAttachment.blob_sha256).where(StoredAttachment.feed_id.in_(feeds))
    drawn = select(PagePictures.blob_sha256).where(PagePictures.bill_id.in_(ids))
    blobs = {row.segment_sha256 for row in rows} | {*session.scalars(attached), *session.scalars(drawn)}
    for event in session.scalars(select(Event).where(Event.subject == "bill", Event.subject_id.in_(ids))):
        session.delete(event)
    session.flush()
    delete_with_referring_rows(session, _table(BillRow), ids)
    delete_with_referring_rows(session, _table(Feed), feeds)
    abandon_blobs(session, [each for each in blobs if each])


def _table(row: type[Base]) -> Table:
    table = row.__table__
    assert isinstance(table, Table)
    return table
