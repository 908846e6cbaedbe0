"""A person brings in a document: by the page, or by a mail to their personal address. It is read in a background job.

Nothing of it is opened here. The bytes are encrypted at once with a key of that person's.
"""

import hashlib
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Final, Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import Reason
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.base import insert_new
from store.bills.bill import new_uid
from store.db.row_locks import lock_rows
from store.imports.imported_document import (
    READ_DOCUMENT,
    Door,
    ImportedDocument,
    count_since,
    document_with_bytes,
)
from store.imports.private_issuer import PrivateIssuer, add_private_issuer
from store.job import request_job
from store.leaving.space_closing import has_left

#: The largest document, in bytes, and the most of one person in a day by one door: who fills it by mail keeps
#: nobody from the page.
LARGEST: Final = 10_000_000
MOST_A_DAY: Final = 200

#: Why a document is not even taken.
Refusal = Literal["empty", "too_large", "too_many"]


class NotTaken(Exception):  # noqa: N818
    """A document is not taken in, and nothing is kept of it: it is empty, too large, or one too many today."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why: Refusal = why


class PersonHasLeft(Exception):  # noqa: N818
    """The space was closed while the document was on its way: whoever erases its person would not know of it."""


class TakenDocument(NamedTuple):
    """A document, and whether it is new; the same bytes were brought in before otherwise."""

    document: ImportedDocument
    is_new: bool


def import_document(
    store: Store, consumer_id: int, name: str, content: bytes, now: datetime, door: Door = "upload"
) -> TakenDocument:
    """Take a document in and ask the pipeline to read it. The same bytes again are the same document; if they were
    refused, or have not been read yet, they are read again. *name* is its file name. Raises
    NotTaken, PersonHasLeft. What becomes of it, its row says (`state`, `reason`)."""
    if not content:
        raise NotTaken("empty")
    if len(content) > LARGEST:
        raise NotTaken("too_large")
    digest = hashlib.sha256(content).hexdigest()
    with store.writing() as session:
        lock_rows(session, Consumer, Consumer.id == consumer_id)
        if has_left(session, consumer_id):
            raise PersonHasLeft
        known = document_with_bytes(session, consumer_id, digest)
        if known is not None and known.state not in ("waiting", "refused"):
            return TakenDocument(known, is_new=False)
        if known is None and count_since(session, consumer_id, door, now - timedelta(days=1)) >= MOST_A_DAY:
            raise NotTaken("too_many")
        account = _account_for_reading(session, store, consumer_id, now)
        insert_new(session, ImportedDocument, [{
            "uid": new_uid(), "consumer_id": consumer_id, "sha256": digest, "name": _file_name(name),
            "size": len(content), "door": door, "received_at": now, "state": "waiting", "account_id": account.id,
            "blob_sha256": None, "format": "", "reading": None, "bill_id": None,
        }])  # fmt: skip
        document = (
            known
            or session.scalars(
                select(ImportedDocument).where(
                    ImportedDocument.consumer_id == consumer_id, ImportedDocument.sha256 == digest
                )
            ).one()
        )
        encrypted = store.encryptor.encrypt(account.encrypted_key, content, document.secret_name)
        # Named before it is written: a process killed in between leaves no blob that nobody deletes.
        document.state, document.reason = "waiting", Reason()
        replaced, document.blob_sha256 = document.blob_sha256, hashlib.sha256(encrypted).hexdigest()
        request_job(session, READ_DOCUMENT, {"document_id": document.id, "consumer_id": consumer_id}, now)
    store.blobs.put(encrypted)
    if replaced:
        store.blobs.delete(replaced)
    store.wake_up.send()
    return TakenDocument(document, is_new=known is None)


def _account_for_reading(session: Session, store: Store, consumer_id: int, now: datetime) -> CustomerAccount:
    """The account with the key of this person's documents that are still read. Nobody holds it."""
    mine = (PrivateIssuer.consumer_id == consumer_id, PrivateIssuer.name_key == "")
    private = session.scalar(select(PrivateIssuer).where(*mine))
    if private is None:
        private = add_private_issuer(session, consumer_id, "", "", store.encryptor.encrypt_key, now)
    return session.get_one(CustomerAccount, private.account_id)


def _file_name(name: str) -> str:
    """A file name for display: its last part, without control characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable())[:255] or "document"
