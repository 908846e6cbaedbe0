"""Detects the format of a feed file from its first bytes and the issuer's profile, never from its name."""

import re
from collections.abc import Callable
from typing import BinaryIO, Final, NamedTuple

from ingest.containers.archive_reader import read_gzip, read_tar, read_zip
from ingest.containers.tar import is_tar
from ingest.custom_formats.delimited_reader import read_delimited
from ingest.custom_formats.header_detail_reader import read_records
from ingest.custom_formats.json_reader import read_json
from ingest.custom_formats.xml_reader import read_xml_records
from ingest.edifact import read_edifact
from ingest.pdf.facturx_reader import read_pdf
from ingest.pdf.indexed_archive import pages_missing, read_index
from ingest.reader_interface import Reader
from ingest.xml import document_reader
from ingest.xml.batch_reader import read_batch, read_invoice
from issuers.profile import Profile
from untrusted.archives.gzip import GZIP
from untrusted.archives.zip import ZIP
from untrusted.encodings.byte_order_mark import as_utf8
from untrusted.feed_error import FeedError

_HEAD: Final = 1 << 14
UNKNOWN: Final = "unknown"

_xml = re.compile(rb"\s*<").match
_edifact = re.compile(rb"\s*(?:UNA.{6}\s*UN|UN[BH]\+)", re.DOTALL).match
_json = re.compile(rb"\s*[\[{]").match
_invoice = re.compile(
    rb"(?>\s*(?><\?.*?\?>|<!--.*?-->))*+\s*<(?:[\w.-]+:)?(?P<name>"
    + "|".join(document_reader.NAMES).encode()
    + rb")[\s>/]",
    re.DOTALL,
).match
#: Formats that are recognised and not supported, with the sentence for the sender.
_SIGHT: Final = (
    (b"7z\xbc\xaf", "7z"), (b"Rar!", "RAR"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"),
    (b"\xd0\xcf\x11\xe0", "Office 97"),
)  # fmt: skip


class Format(NamedTuple):
    """A format: its name, a test of a file's first bytes (text as UTF-8) for an issuer's profile, and its reader."""

    name: str
    begins: Callable[[bytes, Profile], object]
    reader: Reader


#: The first match wins. Containers come before the formats inside them, text formats of the profile last.
_FORMATS: Final = (
    Format(
        "index + PDF",
        lambda head, profile: profile.pages and (head.startswith((*ZIP, GZIP)) or is_tar(head)),
        read_index,
    ),
    Format("ZIP", lambda head, _: head.startswith(ZIP), read_zip),
    Format("gzip", lambda head, _: head.startswith(GZIP), read_gzip),
    Format("tar", lambda head, _: is_tar(head), read_tar),
    Format("Factur-X", lambda head, _: b"%PDF-" in head[:1024], read_pdf),
    Format("EDIFACT", lambda head, _: _edifact(head), read_edifact),
    Format("UBL", lambda head, _: _root(head) in (b"Invoice", b"CreditNote"), read_invoice),
    Format("CII", lambda head, _: _root(head) == b"CrossIndustryInvoice", read_invoice),
    Format("ZUGFeRD 1.0", lambda head, _: _root(head) == b"CrossIndustryDocument", read_invoice),
    Format("XML records", lambda head, profile: profile.xml and _markup(head), read_xml_records),
    Format("XML batch", lambda head, _: _markup(head), read_batch),
    Format("JSON", lambda head, _: _json(head), read_json),
    Format("delimited", lambda head, profile: profile.delimited and not _is_other(head), read_delimited),
    Format("records", lambda head, profile: profile.records and not _is_other(head), read_records),
)


def detect_format(source: BinaryIO, profile: Profile) -> tuple[str, Reader]:
    """Return the format's name and its reader; raises FeedError when no format fits. *source* is left at its
    beginning."""
    head = source.read(_HEAD)
    source.seek(0)
    if not head:
        raise FeedError("FILE-EMPTY", "the file is empty: send it again")
    text = as_utf8(head)
    known = next((one for one in _FORMATS if one.begins(text, profile)), None)
    if profile.pages is not None and (known is None or known.reader is not read_index):
        raise pages_missing()
    if known is None:
        raise _unknown(text)
    return known.name, known.reader


def _root(head: bytes) -> bytes:
    """Return the local name of the invoice element that an XML document starts with; b"" when it is no invoice."""
    match = _invoice(_markup(head))
    return match["name"] if match else b""


def _is_other(head: bytes) -> bool:
    return head.startswith(tuple(sign for sign, _ in _SIGHT))


def _markup(head: bytes) -> bytes:
    """Return the beginning of an XML document; b"" when it is no XML."""
    return head if _xml(head) else b""


def _unknown(head: bytes) -> FeedError:
    kind = next((kind for sign, kind in _SIGHT if head.startswith(sign)), "")
    if kind:
        sentence = (
            "this looks like {kind}; we read UBL, CII, Factur-X PDF, XML batches, EDIFACT INVOIC, JSON, text files "
            "with a profile, and ZIP, gzip or tar of these"
        )
        return FeedError("FORMAT-UNKNOWN", sentence, "byte 1", kind=kind)
    if b"\x00" not in head:
        sentence = "this looks like text, and the profile has no [delimited] table that says how to read it"
        return FeedError("FORMAT-UNKNOWN", sentence, "byte 1")
    sentence = (
        "this begins with the bytes {begin}; we read UBL, CII, Factur-X PDF, XML batches, EDIFACT INVOIC, JSON, text "
        "files with a profile, and ZIP, gzip or tar of these"
    )
    return FeedError("FORMAT-UNKNOWN", sentence, "byte 1", begin=head[:8].hex(" "))
