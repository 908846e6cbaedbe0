"""Tells a customer file from any other by its first bytes: JSON with an array `customers`, or the headings of the
profile's `[customers]` table."""

import re
from typing import Final
from unicodedata import normalize

from issuers.customer_layout import CustomerLayout
from untrusted.encodings.byte_order_mark import as_utf8

_beyond_ascii: Final = re.compile(r"[^\x00-\x7f]+")
_json: Final = re.compile(rb'\s*\{\s*"customers"\s*:\s*\[').match


def is_customer_file(head: bytes, layout: CustomerLayout) -> bool:
    """Whether a file with these first bytes is a customer file. Bills in columns have other headings; where a layout
    has none, only the file's name can tell. Letters beyond ASCII are passed over: which encoding they are in, and that
    it is another than the profile's, its reader says."""
    text = as_utf8(head)
    if _json(text):
        return True
    headings = [column for column in layout.columns.values() if isinstance(column, str)]
    if len(headings) < 2:
        return False
    first = re.split(rb"[\r\n]", text, maxsplit=1)[0]
    lines = {first.decode(encoding, "replace") for encoding in ("utf-8", layout.encoding)}
    delimiter, quote = layout.delimiter, layout.quote
    return any(
        {_plain(heading) for heading in headings}
        <= {_plain(cell.strip().strip(quote or None)) for cell in line.split(delimiter)}
        for line in lines
    )


def _plain(text: str) -> str:
    return _beyond_ascii.sub("\N{REPLACEMENT CHARACTER}", " ".join(normalize("NFC", text).split()))
