"""Text, numbers and days in XML. The sender's text is escaped only here.

Strings hold UTF-8 bytes as characters 0-255 (Latin-1). Markup, which is most of a document, is then joined and sent as
it is; only text beyond ASCII is encoded.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

#: Characters that XML 1.0 (2.2) forbids, and those that are markup.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_must_be_escaped: Final = re.compile(f'{_NOT_XML.pattern[:-1]}&<>"]').search
_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def escaped(text: str) -> str:
    """Return the sender's text for XML: forbidden characters dropped, markup as entities, UTF-8 with one character per
    byte."""
    said = _NOT_XML.sub("", text).translate(_MARKUP) if _must_be_escaped(text) else text
    return said if said.isascii() else said.encode().decode("latin-1")


def sent(parts: Iterable[str]) -> bytes:
    """Join the parts of a document into its UTF-8 bytes."""
    return "".join(parts).encode("latin-1")


def figures(value: Decimal | None) -> str:
    """Return a number as xs:decimal, without an exponent."""
    written = str(value)
    return f"{value:f}" if "E" in written else written


def figures_of(day: date) -> str:
    """Return a day as CCYYMMDD (UNTDID 2379, format 102)."""
    return day.isoformat().replace("-", "")
