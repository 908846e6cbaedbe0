"""An attachment of a bill as a file to save: a name and a media type that no sender's words make a program of."""

import mimetypes
from pathlib import PurePath
from typing import Final, NamedTuple

from bill import Attachment

#: What a browser may be handed as what it is: the types of EN 16931 (BT-125), what people call each, and the endings
#: that such a file may have. Anything else is bytes to save.
_KNOWN: Final = {
    "application/pdf": ("PDF", (".pdf",)),
    "image/png": ("PNG", (".png",)),
    "image/jpeg": ("JPEG", (".jpg", ".jpeg")),
    "text/csv": ("CSV", (".csv",)),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("XLSX", (".xlsx",)),
    "application/vnd.oasis.opendocument.spreadsheet": ("ODS", (".ods",)),
}


class AttachmentFile(NamedTuple):
    """Its name, its media type in a response, and what its kind is called; "" for one that nobody knows."""

    name: str
    media_type: str
    kind: str


def attachment_file(given: Attachment, n: int) -> AttachmentFile:
    """Returns the file of the *n*th attachment. One of a known type ends as such files do, whatever its sender called
    it: `facture.pdf.exe` is saved as `facture.pdf.exe.pdf`."""
    media_type = given.media_type.partition(";")[0].strip().lower()
    name = given.filename or str(given.id or n)
    if media_type not in _KNOWN:
        ending = "" if given.filename else mimetypes.guess_extension(media_type) or ""
        return AttachmentFile(name + ending, "application/octet-stream", "")
    kind, endings = _KNOWN[media_type]
    is_so = PurePath(name.rstrip(". ")).suffix.lower() in endings
    return AttachmentFile(name if is_so else name + endings[0], media_type, kind)
