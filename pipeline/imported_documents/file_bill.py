"""Files a bill that a person brought in: under their own issuer, with the document's pages as they came or, where it
has none, drawn; encrypted with the key of that issuer's account.

It goes in two transactions with the archive's blobs between them, as for any bill. A worker killed in between leaves a
bill that nobody sees, which the next one finishes.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bill import Attachment, Bill, History, Reason, label_language, pack_history
from consumers.imports.private_issuers import private_issuer_for
from pipeline.compiled_templates import CompiledTemplates
from pipeline.imported_documents.open_document import DocumentRefused
from store import Store
from store.accounts.consumer import Consumer, Enrolment
from store.accounts.customer_account import CustomerAccount
from store.base import insert_new
from store.bills.bill import IMPORTED_CHANNEL, BillRow, new_uid, stands
from store.bills.bill_columns import bill_columns, packed_columns
from store.bills.references_between_bills import keep_references
from store.db.event import record
from store.db.row_locks import lock_rows
from store.feeds.feed import Feed
from store.imports.imported_document import ImportedDocument
from store.issuer import Issuer
from store.search.search_entry import index_bills
from store.vault.attachment_staging import StoredAttachment
from store.vault.pdf_segment import archived, write_attachments, write_segment


class FiledBill(NamedTuple):
    """A bill that has its row, and what it is archived with."""

    row: BillRow
    issuer: Issuer
    encrypted_key: bytes


def claim_number(store: Store, document: ImportedDocument, bill: Bill, now: datetime) -> FiledBill:
    """Create the bill's row and, if they are new, its issuer and account. Raises DocumentRefused if the person has
    another bill of this issuer under its number."""
    with store.writing() as session:
        lock_rows(session, Consumer, Consumer.id == document.consumer_id)
        mine = session.get_one(ImportedDocument, document.id, populate_existing=True)
        if mine.bill_id is not None:  # begun by a worker that was killed
            return _filed(session, session.get_one(BillRow, mine.bill_id))
        private = private_issuer_for(session, store.encryptor.encrypt_key, document.consumer_id, bill, now)
        taken = select(BillRow).where(BillRow.issuer_id == private.issuer_id, BillRow.number == bill.number, stands())
        if session.scalar(taken) is not None:
            raise DocumentRefused(Reason.of("document_number_used", bill=bill.number))
        feed = Feed(
            issuer_id=private.issuer_id, sha256=document.sha256, name=document.name, size=document.size,
            door=document.door, state="private", received_at=document.received_at, entries=1, released_upto=1,
        )  # fmt: skip
        session.add(feed)
        session.flush()
        row = BillRow(
            uid=new_uid(), issuer_id=private.issuer_id, feed_id=feed.id, item_seq=1, account_id=private.account_id,
            state="released", body_sha256=document.sha256, received_at=document.received_at, is_copy=False,
            **bill_columns(bill), **packed_columns(bill),
        )  # fmt: skip
        session.add(row)
        session.flush()
        keep_references(session, private.issuer_id, {row.id: bill})
        mine.bill_id = row.id
        return _filed(session, row)


def archive_bill(
    store: Store, templates: CompiledTemplates, filed: FiledBill, bill: Bill, pages: bytes | None, now: datetime
) -> dict[str, Any]:
    """Write the bill's PDF to the archive: *pages* byte for byte, or, without any, drawn. Returns the row's values."""
    row, key = filed.row, filed.encrypted_key
    if pages is not None:
        template_id, prefix, parts = templates.without_a_byte(filed.issuer, now), b"", [pages]
    else:
        template_id, template = templates.of(filed.issuer, now, label_language(bill))
        prefix, parts = template.prefix, template.parts(bill, History())
    places = write_segment(store.blobs, store.encryptor, [(row.id, row.account_id, key, parts)])
    [values] = archived(template_id, prefix, {row.id: parts}, places)
    return values


def archive_attachments(store: Store, filed: FiledBill, bill: Bill) -> list[dict[str, Any]]:
    """Write the bill's attachments to the archive; returns their rows."""
    row = filed.row
    contents = {n: each.content for n, each in enumerate(bill.attachments, 1) if each.content is not None}
    if not contents:
        return []
    key = filed.encrypted_key
    places = write_attachments(store.blobs, store.encryptor, row.id, row.account_id, key, contents)
    return [
        {
            "feed_id": row.feed_id, "seq": row.item_seq, "n": n, "blob_sha256": place.sha256, "at": place.at,
            "length": place.length, "is_encrypted": True, "sha256": None, "text": "",
        }
        for n, place in places.items()
    ]  # fmt: skip


def show_bill(
    session: Session, document: ImportedDocument, row: BillRow, bill: Bill, values: Mapping[str, Any],
    attachments: list[dict[str, Any]], text: str, now: datetime,
) -> None:  # fmt: skip
    """Make an archived bill visible to the person, who has seen it: it is theirs."""
    lock_rows(session, BillRow, BillRow.id == row.id)
    session.execute(
        update(BillRow).where(BillRow.id == row.id).values(
            **values, channel=IMPORTED_CHANNEL, viewed_at=now, history=pack_history(History())
        )
    )  # fmt: skip
    if attachments:
        session.execute(insert(StoredAttachment), attachments)
    enrolment = {
        "consumer_id": document.consumer_id, "account_id": row.account_id, "enrolled_at": now, "ended_at": None,
        "suspended_at": None,
    }  # fmt: skip
    insert_new(session, Enrolment, [enrolment])
    index_bills(session, [(row.id, row.account_id, bill, {0: text} if text else {})])
    record(session, "bill", row.id, "imported", now, by=f"consumer {document.consumer_id}")


def with_original(bill: Bill, document: ImportedDocument, content: bytes) -> Bill:
    """The bill with its electronic original as an attachment, byte for byte: it has no pages of its own."""
    original = Attachment(
        id=f"original {hashlib.sha256(content).hexdigest()[:8]}", filename=document.name, media_type="application/xml",
        content=content,
    )  # fmt: skip
    return msgspec.structs.replace(bill, attachments=(*bill.attachments, original))


def _filed(session: Session, row: BillRow) -> FiledBill:
    account = session.get_one(CustomerAccount, row.account_id)
    return FiledBill(row, session.get_one(Issuer, row.issuer_id), account.encrypted_key)
