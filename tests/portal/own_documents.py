"""Documents that somebody has brought in, one in each state, and their bill: what the crawls over all pages meet."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from bill import Party, Reason
from bill.document_reading import DocumentReading
from consumers.imports.answered_terms import AnsweredTerm
from consumers.imports.import_document import import_document
from consumers.imports.kept_reading import DocumentPictures, KeptReading, pack_reading
from ingest.plain_text import read_text
from pipeline.compiled_templates import CompiledTemplates
from pipeline.imported_documents.file_bill import archive_bill, claim_number, show_bill
from store import Store
from store.bills.bill import BillRow
from store.imports.imported_document import ImportedDocument
from tests.portal.sample_town import a_bill
from tests.sample_documents import PLUMBER

OWN_ISSUER = "Plomberie Quenneville"


def own_bill(
    store: Store, consumer_id: int, now: datetime, number: str = "PQ-117", seller: str = OWN_ISSUER
) -> BillRow:
    """File a bill of an issuer that is not on board, as this person's."""
    pages = f"%PDF {seller} {number} {consumer_id}".encode()
    bill = msgspec.structs.replace(a_bill(number, "", date(2026, 2, 20), seller=seller), seller=Party(name=seller))
    document = import_document(store, consumer_id, f"{number}.pdf", pages, now).document
    claimed = claim_number(store, document, bill, now)
    values = archive_bill(store, CompiledTemplates(store), claimed, bill, pages, now)
    answers = {"amount": AnsweredTerm("84.00", "typed"), "issuer": AnsweredTerm(seller, "chosen")}
    with store.writing() as session:
        show_bill(session, document, claimed.row, bill, values, [], f"{seller} {number}", now)
        row = session.get_one(ImportedDocument, document.id)
        row.state, row.blob_sha256, row.reading = "bill", None, pack_reading(KeptReading(answers=answers))
    return claimed.row


def own_documents(store: Store, consumer_id: int, now: datetime) -> Iterator[str]:
    """Bring in documents of each state; yields the pages about them."""
    row = own_bill(store, consumer_id, now)
    own_bill(store, consumer_id, now, "QP-1", "Quenneville frères")
    yield from (f"/factures/{row.uid}", f"/factures/{row.uid}/retirer")
    text = "\n".join(PLUMBER).replace("Net à payer", "Total").replace("Facture n°", "Facture")
    readings = {
        "asked": read_text(text, now.date(), pages=2), "asked without a word": DocumentReading(), "waiting": None,
        "refused": None, "known": None,
    }  # fmt: skip
    for name, reading in readings.items():
        document = import_document(store, consumer_id, f"{name}.pdf", name.encode(), now).document
        with store.writing() as session:
            mine = session.get_one(ImportedDocument, document.id)
            mine.state = name.split()[0]
            if reading is not None:
                pictures = (
                    DocumentPictures("0" * 64, [[720, 1018, 0, 9], [1800, 2545, 9, 9]], 2) if reading.text else None
                )
                mine.reading = pack_reading(KeptReading(reading, {}, pictures))
            if name == "refused":
                mine.reason = Reason("document_encrypted")
            if name == "known":
                mine.reason, mine.bill_id = Reason("document_twice"), row.id
        yield f"/factures/ajouter/{document.uid}"
    yield from ("/factures/ajouter", "/emetteurs-ajoutes")
