"""Opens PDFs through the sandbox worker: the XML invoice inside, page count, text and archival defects, pages cut from
a print stream."""

import tempfile
import time
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from sandbox import Client, Died, TooSlow
from untrusted.feed_error import FeedError

LARGEST_PDF: Final = 100_000_000
#: The largest PDF of one bill, in bytes.
LARGEST_PAGES: Final = 20_000_000
#: The seconds that one PDF may take, and that one feed may lose to PDFs that take longer.
_PATIENCE: Final = 5.0
_WORKER: Final = Path(__file__).parents[2] / "sandbox" / "pdf_intake_worker.py"
_REFUSALS: Final = {
    b"n": ("PDF-NO-INVOICE", "no invoice is attached to this PDF (factur-x.xml): send Factur-X, or the XML alone"),
    b"e": ("PDF-ENCRYPTED", "this PDF is encrypted: send it without a password"),
    b"a": ("PDF-ACTIVE", "this PDF has a script, an action or a file in it that no bill needs: send plain pages"),
    b"b": ("PDF-BROKEN", "this PDF is broken and cannot be opened: make it again"),
}
_SLOW: Final = ("PDF-TOO-SLOW", "this PDF takes too long or too much memory to open: it may be built to do so")


class EmbeddedXml(NamedTuple):
    """An XML file inside a PDF: its name for display, its bytes, and whether the name is one that Factur-X, ZUGFeRD or
    XRechnung give to an invoice."""

    name: str
    content: bytes
    is_named_invoice: bool


class PdfInspection(msgspec.Struct):
    """What was found in a bill's own PDF: number of pages, text, and archival defects
    (`ingest.pdf.feed_archival_defects`)."""

    pages: int
    text: str
    lacks: tuple[str, ...]


class ExtractedPages(msgspec.Struct):
    """The text and archival defects of pages cut from a print stream."""

    text: str
    lacks: tuple[str, ...]


class PrintStreamOutline(msgspec.Struct):
    """The number of pages of a print stream, and the bill numbers in its bookmarks with their pages (from 0), in page
    order."""

    pages: int
    bookmarks: list[tuple[str, int]]


class PrintStreamPage(msgspec.Struct):
    """The text of one page of a print stream, and the bill number on it; both are empty when the page cannot be
    read."""

    text: str
    number: str | None
    is_read: bool


class SandboxedPdfReader:
    """Opens the PDFs of one feed with one sandbox worker, started at the first PDF and again after it died.

    All methods raise FeedError when the PDF cannot be opened within the limits, or is not allowed as a bill.
    """

    def __init__(self) -> None:
        self._worker = Client(_WORKER, b"x" + b"".join(_REFUSALS))
        self._lost = 0.0

    def invoices_in(self, document: bytes) -> list[EmbeddedXml]:
        """Return the XML invoices attached to this PDF, different in their bytes, the best name first; raises FeedError
        when there is none."""
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(document)
            file.flush()
            answer = self._answer("invoices", file.name)
        at = 4 + int.from_bytes(answer[:4], "big")
        found = []
        for name, length, is_named_invoice in msgspec.json.decode(answer[4:at], type=list[tuple[str, int, bool]]):
            found.append(
                EmbeddedXml(
                    "".join(c for c in name if c.isprintable())[:200], answer[at : at + length], is_named_invoice
                )
            )
            at += length
        return found

    def look(self, document: bytes) -> PdfInspection:
        """Check that a bill's own PDF may be shown as it is; return its page count, text and defects."""
        if len(document) > LARGEST_PAGES:
            raise too_large()
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(document)
            file.flush()
            return msgspec.json.decode(self._answer("look", file.name), type=PdfInspection)

    def text(self, document: bytes) -> str:
        """Return the text of a PDF that comes beside a bill, as far as it can be read, with form feeds between its
        pages."""
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(document)
            file.flush()
            return self._answer("text", file.name).decode()

    def outline(self, path: str, mark: str = "") -> PrintStreamOutline:
        """Return the page count and bookmarks of a print stream. *mark* is a regular expression that finds the bill
        number in a title; without it, the whole titles of the first level are the numbers."""
        return msgspec.json.decode(self._answer("outline", path, mark), type=PrintStreamOutline)

    def page(self, path: str, n: int, mark: str = "") -> PrintStreamPage:
        """Return one page of a print stream, counted from 0; *mark* is the regular expression that finds the bill
        number."""
        return msgspec.json.decode(self._answer("page", path, n, mark), type=PrintStreamPage)

    def cut(self, path: str, first: int, last: int, *, is_read: bool = True) -> tuple[bytes, ExtractedPages]:
        """Return pages *first* to *last* of a print stream, both included, as a PDF whose page content is unchanged,
        with their defects, and their text if *is_read*."""
        answer = self._answer("cut", path, first, last, is_read)
        begin = 4 + int.from_bytes(answer[:4], "big")
        if len(answer) - begin > LARGEST_PAGES:
            raise too_large()
        return answer[begin:], msgspec.json.decode(answer[4:begin], type=ExtractedPages)

    def close(self) -> None:
        """Kill the worker, whatever it is doing."""
        self._worker.close()

    def _answer(self, *question: Any) -> bytes:
        if self._lost >= _PATIENCE:
            raise FeedError(*_SLOW)
        began = time.monotonic()
        try:
            kind, content = self._worker.ask(question, _PATIENCE)
        except Died as error:
            self._lost += time.monotonic() - began
            raise FeedError(*(_SLOW if isinstance(error, TooSlow) else _REFUSALS[b"b"])) from error
        if kind != b"x":
            raise FeedError(*_REFUSALS[kind])
        return content


def too_large() -> FeedError:
    """Return the error for a PDF over the size limit of one bill."""
    sentence = "the pages of one bill have more than {most} bytes: put smaller images on them"
    return FeedError("PAGES-TOO-LARGE", sentence, most=LARGEST_PAGES)
