"""Extracts pages from PDF files and joins PDFs with pikepdf: letters to print again, several bills in one file."""

import io
from collections.abc import Iterable
from pathlib import Path

import pikepdf


def extract_pages(pages: Iterable[tuple[Path, int, int]], out: Path) -> int:
    """Copy *pages*, each (file, first page from 1, number of pages), into one PDF at *out*. Returns the number of
    pages."""
    with pikepdf.new() as made:
        opened: dict[Path, pikepdf.Pdf] = {}
        try:
            for path, first, count in pages:
                if path not in opened:
                    opened[path] = pikepdf.open(path)
                made.pages.extend(opened[path].pages[first - 1 : first - 1 + count])
            made.save(out, deterministic_id=True)
        finally:
            for source in opened.values():
                source.close()
        return len(made.pages)


def join_pdfs(pdfs: Iterable[bytes]) -> bytes:
    """Return one PDF with the pages of all *pdfs*, in order."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        for pdf in pdfs:
            with pikepdf.open(io.BytesIO(pdf)) as source:
                made.pages.extend(source.pages)
        made.save(out, deterministic_id=True)
    return out.getvalue()
