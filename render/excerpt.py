"""Some letters of a print stream once more, as they were: pages, marks and all."""

from collections.abc import Iterable
from pathlib import Path

import pikepdf


def take_out(pages: Iterable[tuple[Path, int, int]], out: Path) -> int:
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
