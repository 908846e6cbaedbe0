"""Erases the documents that a person brought in, and the bills that they are: nobody else's, and kept by no law."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consumers.imports.remove_imports import remove_document, remove_issuers
from store.imports.imported_document import ImportedDocument
from store.imports.private_issuer import PrivateIssuer


def erase_imports(session: Session, consumer_id: int, now: datetime) -> int:  # noqa: ARG001
    """Delete this consumer's documents and private issuers, with their accounts, keys and bills. Returns how many
    documents there were."""
    issuers = session.scalars(select(PrivateIssuer.issuer_id).where(PrivateIssuer.consumer_id == consumer_id)).all()
    mine = select(ImportedDocument).where(ImportedDocument.consumer_id == consumer_id)
    number = len(session.scalars(mine).all())
    remove_issuers(session, issuers)
    for document in session.scalars(mine).all():
        remove_document(session, document)
    session.flush()
    return number
