"""Pages taken out of PDF files of ours with pikepdf: mail pieces of a lot that a machine has spoiled."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import pikepdf


def extract_pages(pages: Iterable[tuple[Path, int, int]], out: Path | BinaryIO) -> int:
    """Copy *pages*, each (file, first page from 1, number of pages), into one PDF at *out*. Returns the number of
    pages. Raises FileNotFoundError where a file is gone."""
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
