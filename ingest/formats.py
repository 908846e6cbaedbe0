"""What a file is, by its first bytes: never by its name."""

import re
from typing import BinaryIO, Final

from ingest import document
from ingest.archive import read_archive
from ingest.delimited import read_delimited
from ingest.edifact import read_edifact
from ingest.entry import FeedError
from ingest.facturx import read_pdf
from ingest.index import read_index
from ingest.json_feed import read_json
from ingest.reader import Reader
from ingest.records import read_records
from ingest.xml_feed import read_batch, read_invoice
from issuers.profile import Profile

_HEAD: Final = 1 << 14
UNKNOWN: Final = "unknown"

_xml = re.compile(rb"(?:\xef\xbb\xbf)?\s*<").match
_edifact = re.compile(rb"\s*(?:UNA.{6}\s*UN|UN[BH]\+)", re.DOTALL).match
_json = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]").match
_invoice = re.compile(
    rb"(?>\s*(?><\?.*?\?>|<!--.*?-->))*+\s*<(?:[\w.-]+:)?(?P<name>" + "|".join(document.NAMES).encode() + rb")[\s>/]",
    re.DOTALL,
).match
#: Formats we know by sight and do not read yet, with what to do instead.
_SIGHT: Final = (
    (b"\x1f\x8b", "gzip"), (b"7z\xbc\xaf", "7z"), (b"Rar!", "RAR"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"), (b"BZh", "bzip2"),
)  # fmt: skip


def known_format(source: BinaryIO, profile: Profile) -> tuple[str, Reader]:
    """The name of the format and its reader; FeedError when it is none of ours. *source* is left at its beginning."""
    head = source.read(_HEAD)
    source.seek(0)
    if not head:
        raise FeedError("FILE-EMPTY", "the file is empty: send it again")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ("ZIP", read_archive) if profile.pages is None else ("index + PDF", read_index)
    if profile.pages is not None:
        raise FeedError("INDEX-ALONE", "the profile says that bills come with their pages: send both in one ZIP")
    if b"%PDF-" in head[:1024]:
        return "Factur-X", read_pdf
    if _edifact(head):
        return "EDIFACT", read_edifact
    if markup := _markup(head):
        match = _invoice(markup)
        return (_syntax(match["name"]), read_invoice) if match else ("XML batch", read_batch)
    if _json(head):
        return "JSON", read_json
    if profile.delimited is not None and not head.startswith(tuple(sign for sign, _ in _SIGHT)):
        return "delimited", read_delimited
    if profile.records is not None and not head.startswith(tuple(sign for sign, _ in _SIGHT)):
        return "records", read_records
    raise _unknown(head)


def _markup(head: bytes) -> bytes:
    """The beginning of an XML document as ASCII-compatible bytes, or b"" when it is no XML."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        encoding = "utf-16" if head[:1] in b"\xff\xfe" else ("utf-16-le" if head[:1] == b"<" else "utf-16-be")
        head = head.decode(encoding, "ignore").encode()
    return head.removeprefix(b"\xef\xbb\xbf") if _xml(head) else b""


def _syntax(name: bytes) -> str:
    return {b"CrossIndustryInvoice": "CII", b"CrossIndustryDocument": "ZUGFeRD 1.0"}.get(name, "UBL")


def _unknown(head: bytes) -> FeedError:
    seen = next((f"this looks like {what}" for sign, what in _SIGHT if head.startswith(sign)), "")
    if not seen and b"\x00" not in head:
        seen = "this looks like text, and the profile has no [delimited] table that says how to read it"
    seen = seen or f"this begins with the bytes {head[:8].hex(' ')}"
    ours = "UBL, CII, Factur-X PDF, XML batches, delimited files with a profile, and ZIPs of these"
    return FeedError("FORMAT-UNKNOWN", f"{seen}; we read {ours}", "byte 1")
