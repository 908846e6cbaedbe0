"""Reads a print stream (one PDF with the pages of many bills): its outline, one page, or pages cut out."""

import io
import json
import re
from typing import Any, Final

from sandbox.intake.bookmarks import bookmarks
from sandbox.intake.page_text import page_text
from sandbox.intake.pdfa_pdfua_defects import archival_defects
from sandbox.intake.refusal import Refused

#: The keys that a page cut from a print stream keeps: its content, and nothing that leads to other people's pages.
PAGE_KEYS: Final = frozenset({
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit",
    "/Resources", "/Contents", "/Group",
})  # fmt: skip
ROOT_KEYS: Final = ("/Lang", "/OutputIntents", "/OCProperties")

_opened: dict[str, Any] = {}


def outline(path: str, mark: str) -> bytes:
    """Return JSON with the page count and `bookmarks`: [bill number, page from 0], in page order.

    The regular expression *mark* finds the number in a title; without it, whole titles of the first level are numbers.
    """
    pdf = _stream(path)
    places = {each.objgen: n for n, each in enumerate(pdf.pages)}
    found: list[tuple[str, int]] = []
    for level, title, n in bookmarks(pdf, places):
        number = _number(mark, title) if mark else (title if level == 0 else None)
        if number and n is not None:
            found.append((number, n))
    return json.dumps({"pages": len(places), "bookmarks": sorted(found, key=lambda each: each[1])}).encode()


def page(path: str, n: int, mark: str) -> bytes:
    """Return JSON with the text of page *n* (from 0) and the bill number that *mark* finds in it."""
    text, is_read = page_text(io.BytesIO(_extracted(path, n, n)))
    return json.dumps({"text": text, "number": _number(mark, text) if mark else None, "is_read": is_read}).encode()


def cut(path: str, first: int, last: int, is_read: bool) -> bytes:
    """Return the length of a JSON part in four bytes, the JSON (`text`, `lacks`), and the pages as a PDF.

    The text is read only if *is_read*.
    """
    import pikepdf

    pages = _extracted(path, first, last)
    with pikepdf.open(io.BytesIO(pages)) as pdf:
        lacks = archival_defects(pdf)
    said = json.dumps({"text": page_text(io.BytesIO(pages))[0] if is_read else "", "lacks": lacks}).encode()
    return len(said).to_bytes(4, "big") + said + pages


def _stream(path: str) -> Any:
    """Return the open print stream at *path*; it stays open until another one is asked for."""
    import pikepdf

    if path not in _opened:
        _opened.clear()
        pdf = pikepdf.open(path, access_mode=pikepdf.AccessMode.stream)
        if pdf.is_encrypted:
            raise Refused("e")
        _opened[path] = pdf
    return _opened[path]


def _number(mark: str, text: str) -> str | None:
    found = re.search(mark, text)
    return None if found is None else str(found[1] if found.re.groups else found[0]).strip() or None


def _extracted(path: str, first: int, last: int) -> bytes:
    """Return pages *first* to *last* (from 0) as a PDF; their content streams are copied byte for byte."""
    import pikepdf

    source = _stream(path)
    with pikepdf.new() as pdf:
        pdf.pages.extend(source.pages[first : last + 1])
        for each in pdf.pages:
            for key in set(each.obj.keys()) - PAGE_KEYS:
                del each.obj[key]
        pdf.remove_unreferenced_resources()
        for key in ROOT_KEYS:
            if key in source.Root:
                pdf.Root[key] = pdf.copy_foreign(source.make_indirect(source.Root[key]))
        out = io.BytesIO()
        pdf.save(
            out, deterministic_id=True, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )  # fmt: skip
        return out.getvalue()
