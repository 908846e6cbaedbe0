"""What of a bill its reader wrote, without that the document says so."""

from sqlalchemy.orm import Session

from consumers.imports.kept_reading import unpack_reading
from portal.consumers.imports.asked_terms import term_names
from store.bills.bill import BillRow
from store.imports.imported_document import document_of_bill


def own_words(session: Session, row: BillRow) -> list[str]:
    """Returns the names of the terms of an imported bill that its reader typed; none for any other bill."""
    document = document_of_bill(session, row.id) if row.is_imported else None
    if document is None:
        return []
    answers = unpack_reading(document.reading).answers
    return term_names([term for term, each in answers.items() if each.origin == "typed" and each.value])
