"""Pages out of several PDFs in one: letters of a print stream once more, bills one after another."""

import io
from collections.abc import Iterable
from pathlib import Path

import pikepdf


def extract_pages(pages: Iterable[tuple[Path, int, int]], out: Path) -> int:
    """Write these pages (a file, its first page counted from 1, how many) into one PDF; how many there are."""
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
    """The pages of these PDFs, one after another."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        for pdf in pdfs:
            with pikepdf.open(io.BytesIO(pdf)) as source:
                made.pages.extend(source.pages)
        made.save(out, deterministic_id=True)
    return out.getvalue()
