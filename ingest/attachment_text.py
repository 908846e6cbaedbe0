"""Reads the text of what is attached to bills, for the search: PDFs in the sandbox, plain texts and CSV files.

A file that cannot be read, whatever is wrong with it, only loses its text.
"""

from hashlib import sha256
from typing import Final

from bill import Attachment, Bill
from ingest.pdf.sandboxed_pdf import LARGEST_PAGES, SandboxedPdfReader
from untrusted.feed_error import FeedError

#: How much of one attachment is read: characters.
MOST_TEXT: Final = 20_000
#: How many texts of one feed are known again, as general terms that come with every bill.
_KNOWN: Final = 64
_HEAD: Final = 1024
_TEXTS: Final = (".txt", ".csv", ".tsv")


class AttachmentTexts:
    """Reads the attachments of one feed. Its sandbox is not the one that bills' own pages are read in: what is lost
    here costs no bill its time."""

    def __init__(self) -> None:
        self._pdfs = SandboxedPdfReader()
        self._known: dict[bytes, str] = {}

    def of(self, bill: Bill) -> dict[int, str]:
        """Return the texts of a bill's attachments by their numbers, from 1; those without any are left out."""
        texts = {n: self._text(each) for n, each in enumerate(bill.attachments, 1) if each.content}
        return {n: text for n, text in texts.items() if text}

    def close(self) -> None:
        self._pdfs.close()

    def _text(self, attachment: Attachment) -> str:
        content = attachment.content or b""
        if b"%PDF-" in content[:_HEAD]:
            return self._text_of_pdf(content)
        is_text = attachment.media_type.lower().startswith(("text/plain", "text/csv"))
        if is_text or attachment.filename.lower().endswith(_TEXTS):
            return _decoded(content)
        return ""

    def _text_of_pdf(self, content: bytes) -> str:
        digest = sha256(content).digest()
        if digest not in self._known:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            try:
                self._known[digest] = self._pdfs.text(content) if len(content) <= LARGEST_PAGES else ""
            except (FeedError, OSError, UnicodeDecodeError):
                self._known[digest] = ""
        return self._known[digest]


def _decoded(content: bytes) -> str:
    """The beginning of a text in UTF-8 or Windows-1252; "" if it has NULs, as no such text has."""
    head = content[: 4 * MOST_TEXT]
    if b"\0" in head:
        return ""
    try:
        said = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        is_cut = error.start > len(head) - 4  # in the midst of its last character
        said = head[: error.start].decode("utf-8-sig") if is_cut else head.decode("cp1252", "ignore")
    return said[:MOST_TEXT]
