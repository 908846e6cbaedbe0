"""What an heir hands in: a PDF or a picture, told by its first bytes. Nothing of it is read."""

from typing import Final

from store.heirs.heir import HeirDocumentKind
from words.spoken_error import SpokenError

#: The largest document, in bytes.
LARGEST_DOCUMENT: Final = 10 * 1024 * 1024
LONGEST_REFERENCE: Final = 200
_BEGINS: Final = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
#: How a file of each type ends.
ENDINGS: Final = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


class NotADocument(SpokenError):  # noqa: N818
    """This cannot be kept as an heir's document; the message says why."""


class HeirDocument:
    """A document: its kind, its own reference, its bytes and their media type. Raises NotADocument."""

    def __init__(self, kind: HeirDocumentKind, reference: str, content: bytes) -> None:
        if not content:
            raise NotADocument("choose the document: a PDF, a JPEG or a PNG")
        if len(content) > LARGEST_DOCUMENT:
            raise NotADocument("the document is larger than {most} MB", most=LARGEST_DOCUMENT // 1024 // 1024)
        found = next((media_type for begin, media_type in _BEGINS if content.startswith(begin)), None)
        if found is None:
            raise NotADocument("the document is neither a PDF nor a JPEG nor a PNG")
        if not reference.strip():
            raise NotADocument("give the document's own reference: a number, a date, who signed it")
        self.kind, self.reference, self.content = kind, reference.strip()[:LONGEST_REFERENCE], content
        self.media_type = found
