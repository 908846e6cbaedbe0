"""Opens a document that a person brought in: what kind it is, by its bytes; the bill in it, or what its text says."""

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Final, NamedTuple

from bill import Bill, Reason
from bill.document_reading import DocumentReading
from ingest import FeedItem, open_feed
from ingest.pdf.sandboxed_pdf import PdfInspection, SandboxedPdfReader
from ingest.plain_text import KnownIssuer, read_text
from issuers.profile import Profile
from untrusted.encodings.byte_order_mark import as_utf8
from untrusted.feed_error import FeedError

_PDF: Final = b"%PDF-"
_markup: Final = re.compile(rb"\s*<[?!\w]").match
#: Why a PDF is refused, by the rule of its finding.
_BROKEN: Final = Reason("document_broken")
_WHY: Final = {
    "PDF-ENCRYPTED": Reason("document_encrypted"),
    "PDF-ACTIVE": Reason("document_active"),
    "PDF-TOO-SLOW": Reason("document_slow"),
}


class DocumentRefused(Exception):  # noqa: N818
    """The document cannot be read."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


class OpenedDocument(NamedTuple):
    """A document: its format's name; the bill in it, or what its text says; its pages, where it is a PDF, and what
    these say."""

    format: str
    bill: Bill | None
    reading: DocumentReading
    pages: bytes | None
    text: str


def open_document(content: bytes, name: str, today: date, known: Sequence[KnownIssuer]) -> OpenedDocument:
    """Read a document. PDFs are opened in the sandbox. *known* are the issuers that the person has. Raises
    DocumentRefused."""
    if _PDF in content[:1024]:
        return _pdf(content, name, today, known)
    if _markup(as_utf8(content[:1024])):
        item, form = _only_item(content, name)
        if item.bill is None:
            raise DocumentRefused(_unusable(item))
        return OpenedDocument(form, item.bill, DocumentReading(), None, "")
    raise DocumentRefused(Reason.of("document_kind"))


def _pdf(content: bytes, name: str, today: date, known: Sequence[KnownIssuer]) -> OpenedDocument:
    look = _look(content)
    try:
        item, form = _only_item(content, name)
    except DocumentRefused as refused:
        if refused.reason.code != "document_without_bill":
            raise
        item, form = None, "PDF"
    if item is not None and item.bill is not None:
        return OpenedDocument(form, item.bill, DocumentReading(), content, look.text)
    return OpenedDocument("PDF", None, read_text(look.text, today, known, look.pages), content, look.text)


def _look(content: bytes) -> PdfInspection:
    reader = SandboxedPdfReader()
    try:
        return reader.look(content)
    except FeedError as refused:
        raise DocumentRefused(_WHY.get(refused.finding.rule, _BROKEN)) from refused
    finally:
        reader.close()


def _only_item(content: bytes, name: str) -> tuple[FeedItem, str]:
    """The one item of a document, and its format. Raises DocumentRefused where there are none or several."""
    reading = open_feed(BytesIO(content), name, Profile())
    items = list(reading)
    if not items:
        rules = {each.rule for each in reading.findings}
        if "PDF-TWO-INVOICES" in rules:
            raise DocumentRefused(Reason.of("document_several"))
        raise DocumentRefused(Reason.of("document_without_bill"))
    if len(items) > 1:
        raise DocumentRefused(Reason.of("document_several"))
    return items[0], reading.format


def _unusable(item: FeedItem) -> Reason:
    fatal = next((each for each in item.findings if each.severity == "fatal"), None)
    return Reason.of("document_unusable", rule=fatal.rule if fatal else "")
