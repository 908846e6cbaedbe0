"""A person answers what is asked about a document of theirs: it is read again, with the answers."""

from datetime import datetime

from sqlalchemy.orm import Session

from consumers.imports.kept_reading import KeptReading, pack_reading
from store.db.state_change import change_state
from store.imports.imported_document import READ_DOCUMENT, ImportedDocument
from store.job import request_job


def answer_document(session: Session, document_id: int, answers: KeptReading, now: datetime) -> bool:
    """Keep the answers, and ask the pipeline to file the bill (send the wake-up signal after the commit). Returns False
    if the document does not wait for them any more."""
    packed = pack_reading(answers)
    if not change_state(session, ImportedDocument, document_id, "asked", "waiting", now, by="consumer", reading=packed):
        return False
    consumer_id = session.get_one(ImportedDocument, document_id).consumer_id
    request_job(session, READ_DOCUMENT, {"document_id": document_id, "consumer_id": consumer_id}, now)
    return True
