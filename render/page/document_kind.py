"""What a document is called on its pages: invoice, credit note, corrected invoice, … by its type (BT-3)."""

from bill import Bill
from render.style.page_style import PageStyle
from render.type.printable_text import printable
from words.document_types import document_title


def document_kind(bill: Bill, page_style: PageStyle) -> str:
    """Return the kind of document: `Facture rectificative`."""
    return document_title(bill.type_code, page_style.language, is_credit_note=bill.is_credit_note)


def title_of(bill: Bill, page_style: PageStyle) -> str:
    """Return the document's title in printable characters: `Facture 2026-11-000123`."""
    return f"{document_kind(bill, page_style)} {printable(bill.number)}"
