"""The title of a document by its type (UNTDID 1001, BT-3). The words are in `words/lists/document-types.txt`."""

from typing import Final

from words.printed_languages import words_for

INVOICE: Final = "380"
CREDIT_NOTE: Final = "381"


def document_title(type_code: str, language: str, *, is_credit_note: bool) -> str:
    """Return the title: `Facture rectificative` for 384; that of a plain invoice or credit note for an unknown type."""
    plain = CREDIT_NOTE if is_credit_note else INVOICE
    return (
        words_for("document-types", type_code.strip(), language) or words_for("document-types", plain, language) or ""
    )
