"""Recognises a payment file by its first elements, never by its name."""

import re
import struct
import zlib
from contextlib import suppress
from typing import Final

from lxml import etree

from payments.files.iso20022.elements import Element, local_name_of
from untrusted.archives.gzip import GZIP
from untrusted.archives.zip import ZIP
from untrusted.encodings.byte_order_mark import as_utf8
from untrusted.xml import safe_parser
from untrusted.xml.recoded_xml import from_first_tag

#: The element that holds each message -> the message's name (ISO 20022).
MESSAGES: Final = {
    "BkToCstmrAcctRpt": "camt.052", "BkToCstmrAcctRptV01": "camt.052", "BkToCstmrStmt": "camt.053",
    "BkToCstmrStmtV01": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054", "BkToCstmrDbtCdtNtfctnV01": "camt.054",
    "CstmrPmtStsRpt": "pain.002", "CstmrDrctDbtInitn": "pain.008",
}  # fmt: skip
#: As many bytes as tell what a file is.
HEAD: Final = 1 << 14
#: Of a ZIP's file: its method, and the lengths of its name and extra field (APPNOTE 4.3.7).
_LOCAL_HEADER: Final = struct.Struct("<8xH16xHH")


def detect_payment_format(head: bytes) -> str | None:
    """The message's name, with its version where the namespace tells it (`camt.054.001.08`, else `camt.054`); None when
    this is no payment file. *head* is the beginning of the file, some kilobytes; it may be packed by gzip or be a ZIP,
    whose first file counts."""
    element = _message_element(from_first_tag(as_utf8(_unpacked_head(head))))
    if element is None:
        return None
    name = MESSAGES[local_name_of(element)]
    version = re.search(rf"{re.escape(name)}\.\d{{3}}\.\d{{2}}", str(element.tag).rpartition("}")[0])
    return version[0] if version else name


def _message_element(head: bytes) -> Element | None:
    """The first element that holds a message, in whatever wrappers."""
    # Names are ASCII: any one-byte encoding reads them, and none fails.
    parser = etree.XMLPullParser(
        events=("start",), tag=[f"{{*}}{name}" for name in MESSAGES], encoding="iso-8859-1", **safe_parser.OPTIONS
    )
    with suppress(etree.XMLSyntaxError, ValueError, LookupError):
        parser.feed(head)
    with suppress(etree.XMLSyntaxError):
        return next((element for _, element in parser.read_events() if isinstance(element, etree._Element)), None)
    return None


def _unpacked_head(head: bytes) -> bytes:
    """The beginning of what a file holds, as far as *head* tells it."""
    try:
        if head.startswith(GZIP):
            return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, HEAD)
        if head.startswith(ZIP[0]) and len(head) > _LOCAL_HEADER.size:
            method, name, extra = _LOCAL_HEADER.unpack_from(head)
            content = head[_LOCAL_HEADER.size + name + extra :]
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, HEAD) if method else content
    except zlib.error:
        return b""
    return head
