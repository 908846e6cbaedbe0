"""Factur-X and ZUGFeRD: a PDF with its invoice as XML inside."""

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

from ingest.entry import Draft, FeedError
from ingest.pdf.opener import LARGEST_PDF
from ingest.reader import Desk
from ingest.xml.document import read_document


def read_pdf(source: BinaryIO, desk: Desk) -> Iterator[Draft]:
    """The one invoice inside; the item's bytes are the PDF's."""
    document = source.read(LARGEST_PDF + 1)
    if len(document) > LARGEST_PDF:
        raise FeedError("PDF-TOO-LARGE", "this PDF has more than {most} bytes: send one bill a PDF", most=LARGEST_PDF)
    draft = read_document(desk.pdfs.invoice_in(document), desk.profile.acceptance, "attached XML", desk.shapes)
    draft.body_sha = sha256(document).hexdigest()
    if desk.profile.facturx_pages == "theirs":
        look = desk.pdfs.look(document)
        draft.pages, draft.text, draft.lacks = document, look.text, look.lacks
    yield draft
