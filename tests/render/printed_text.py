"""Every text of a bill, and whether its pages say it: blanks and line ends aside, letters as the fonts have them."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pypdfium2

from bill import Bill
from render.type.printable_text import printable

#: Codes, which stand on a page in words or as a sign, or only tell machines something.
CODES: Final = frozenset({
    "type_code", "currency", "vat_currency", "process", "profile", "language", "tax_point_code", "unit",
    "price_base_unit", "vat_category", "category", "exemption_code", "reason_code", "means_code", "kind", "scheme",
    "subject", "country", "origin_country", "media_type", "sha256", "pages_sha256",
})  # fmt: skip
#: What joins lines to each other.
JOINTS: Final = frozenset({"lines.id", "lines.parent", "parts.id", "parts.parent"})
#: Longer lines have several lines of a page; of a word that is parted, so many letters stand together.
_LONG: Final = 80
_PIECE: Final = 8
_BLANKS: Final = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")
#: PDFium's sign for a hyphen at a line's end.
_HYPHENS: Final = re.compile("[-\x02\ufffe]")


def not_printed(bill: Bill, pdf: bytes) -> list[str]:
    """Return the texts of *bill*, with their places in it, that no page shows."""
    said = _squashed("".join(text_of_pages(pdf)))
    return [
        f"{place}: {text!r}"
        for place, text in texts_of(bill)
        if not all(_is_said(printable(line), said) for line in text.splitlines())
    ]


def _is_said(line: str, said: str) -> bool:
    """Whether a line stands there in one piece, or, if it is long, word by word: a row's cells and a page's foot part
    it."""
    if _squashed(line) in said:
        return True
    at = 0
    for word in map(_squashed, line.split()):
        while word and len(line) > _LONG:
            length = _found(word, said, at)
            if length < min(_PIECE, len(word)):
                return False
            at = said.find(word[:length], at) + length
            word = word[length:]
    return len(line) > _LONG


def _found(word: str, said: str, at: int) -> int:
    """Return how many letters of *word*, from its first, stand in one piece after *at*."""
    return bisect_left(range(1, len(word) + 1), True, key=lambda n: said.find(word[:n], at) < 0)


def text_of_pages(pdf: bytes) -> list[str]:
    """Return the text of each page, in the order of drawing."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def texts_of(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text of a bill and its place: `buyer.address.city`."""
    if isinstance(value, str):
        *_, above, name = ["", *place.split(".")]
        if value.strip() and name not in CODES and f"{above}.{name}" not in JOINTS:
            yield place, value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from texts_of(getattr(value, field), f"{place}.{field}".lstrip("."))
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_of(part, place)


def _squashed(text: str) -> str:
    return _HYPHENS.sub("", _BLANKS.sub("", text))
