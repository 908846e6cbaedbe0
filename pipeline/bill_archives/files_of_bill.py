"""The files of one bill in an archive: its archived PDF, the same as XML (CII; UBL if it is whole), its attachments."""

from collections.abc import Callable
from typing import Final, NamedTuple

from bill import Attachment
from export.cii import facturx_profile_of, write_cii
from export.saved_files.attachment_file import attachment_file
from export.ubl import is_whole, write_ubl
from store.bills.bill import BillRow
from store.blobs.blob_store import BlobChanged, BlobMissing
from store.vault.encryption import DecryptionFailed, RootKeyMissing
from store.vault.pdf_segment import Archive, PDFChanged

PDF: Final = ".pdf"
CII: Final = " CII.xml"
UBL: Final = " UBL.xml"
#: Attachments that are text are compressed; all others are as a rule already.
_TEXTS: Final = ("text/", "application/xml", "application/json")


class BillFile(NamedTuple):
    """A file: its ending, or its name if it is an attachment; None in place of bytes that cannot be read."""

    name: str
    content: bytes | None
    is_text: bool


class FilesOfBill(NamedTuple):
    """What a bill consists of."""

    documents: list[BillFile]
    attachments: list[BillFile]


def files_of_bill(archive: Archive, row: BillRow) -> FilesOfBill:
    """Read and write a bill's files. What is lost or changed has no bytes; raises what is an outage."""
    bill = row.bill
    documents = [BillFile(PDF, _read(lambda: archive.pdf(row)), is_text=False)]
    documents.append(BillFile(CII, write_cii(bill, facturx_profile_of(bill)), is_text=True))
    if is_whole(bill):
        documents.append(BillFile(UBL, write_ubl(bill), is_text=True))
    kept = [(n, each) for n, each in enumerate(bill.attachments, 1) if each.is_kept]
    return FilesOfBill(documents, [_attachment(archive, row, n, each) for n, each in kept])


def _attachment(archive: Archive, row: BillRow, n: int, given: Attachment) -> BillFile:
    content = _read(lambda: archive.attachment(row, n))
    return BillFile(attachment_file(given, n).name, content, given.media_type.startswith(_TEXTS))


def _read(read: Callable[[], bytes]) -> bytes | None:
    try:
        return read()
    except RootKeyMissing:
        raise
    except (PDFChanged, BlobMissing, BlobChanged, DecryptionFailed):
        return None
