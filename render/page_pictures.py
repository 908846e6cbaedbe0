"""Turns the pages of an archived PDF into pictures for the screen, whoever drew it: PDFium reads it in the sandbox
(`sandbox/page_picture_worker.py`), within limits. Nothing that is archived or printed is made from these pictures.
"""

import json
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import sandbox

#: Widths in pixels: a phone's and a thumbnail's, and one that stays sharp at twice a desktop's size.
WIDTHS: Final = (720, 1800)
#: The most pages that are drawn of one PDF; its text is on the bill's page, and the others are in the PDF.
MOST_PAGES: Final = 40
#: The most bytes of a PDF that is drawn, and of all its pictures.
MOST_PDF_BYTES: Final = 45_000_000
MOST_PICTURE_BYTES: Final = 30_000_000
#: Seconds that one page may take, and all together; what is drawn by then is shown.
_PAGE_SECONDS: Final = 8.0
_ALL_SECONDS: Final = 60.0


class PageNotDrawn(ValueError):  # noqa: N818
    """The PDF's pages cannot be drawn; the text is the reason."""


class Picture(NamedTuple):
    """One picture of a page, as WebP; width and height in pixels."""

    width: int
    height: int
    content: bytes


class DrawnPage(NamedTuple):
    """A page's pictures, one for each of WIDTHS, and how many pages its PDF has."""

    pictures: tuple[Picture, ...]
    pages: int


def drawn_pages(pdf: bytes) -> Iterator[DrawnPage]:
    """Yield the pages in order, at most MOST_PAGES, fewer when they take too long or too many bytes. Raises
    PageNotDrawn; sandbox.Killed where the machine had no memory."""
    if len(pdf) > MOST_PDF_BYTES:
        raise PageNotDrawn(f"it has more than {MOST_PDF_BYTES} bytes")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        number, spent, size = 0, 0.0, 0
        while number < MOST_PAGES and spent < _ALL_SECONDS:
            begun = time.monotonic()
            page = _drawn(file.name, number)
            spent += time.monotonic() - begun
            size += sum(len(each.content) for each in page.pictures)
            if size > MOST_PICTURE_BYTES:
                break
            yield page
            number += 1
            if number == page.pages:
                break


def _drawn(path: str, number: int) -> DrawnPage:
    try:
        kind, answer = _worker().ask((path, number, WIDTHS), _PAGE_SECONDS)
    except sandbox.Died as error:
        raise PageNotDrawn(str(error)) from error
    if kind != b"p":
        raise PageNotDrawn(answer.decode(errors="replace"))
    begin = 8 + int.from_bytes(answer[:8], "big")
    head, pictures = json.loads(answer[8:begin]), []
    for width, height, length in head["pictures"]:
        pictures.append(Picture(width, height, answer[begin : begin + length]))
        begin += length
    return DrawnPage(tuple(pictures), head["pages"])


@cache
def _worker() -> sandbox.Client:
    """Return this process's sandbox client. Each page is drawn by a fresh copy: nothing is kept between two PDFs."""
    return sandbox.Client(Path(sandbox.__file__).with_name("page_picture_worker.py"), b"pb")
