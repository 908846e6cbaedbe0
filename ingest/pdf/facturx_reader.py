"""Reads a Factur-X or ZUGFeRD feed: one PDF with its invoice as XML inside."""

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

from ingest.items import BillDraft, FeedError
from ingest.pdf.sandboxed_pdf import LARGEST_PDF
from ingest.reader_interface import ReadContext
from ingest.xml.document_reader import read_document


def read_pdf(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the one bill inside; the item's own bytes are the PDF."""
    document = source.read(LARGEST_PDF + 1)
    if len(document) > LARGEST_PDF:
        raise FeedError("PDF-TOO-LARGE", "this PDF has more than {most} bytes: send one bill a PDF", most=LARGEST_PDF)
    draft = read_document(
        read_context.pdfs.invoice_in(document), read_context.profile.acceptance, "attached XML", read_context.shapes
    )
    draft.body_sha = sha256(document).hexdigest()
    if read_context.profile.facturx_pages == "theirs":
        look = read_context.pdfs.look(document)
        draft.pages, draft.text, draft.lacks = document, look.text, look.lacks
    yield draft
