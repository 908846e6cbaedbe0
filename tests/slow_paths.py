"""The plain way beside each fast path of drawing: what `tests/test_fast_paths.py` compares and `bench/fast_paths.py`
measures (docs/fast-paths.md)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import segno

import render.codes.qr_code
import render.compiled_template
import render.pdf.page_objects
from render.canvas.fragment_canvas import draw_fragment
from render.canvas.page_fragment import PageFragment
from render.codes.module_grid import ModuleGrid
from render.fast_paths.fragments import FragmentCache
from render.pdf.page_frame import build_page_frame
from render.pdf.pdf_objects import Objects


def symbol(data: bytes) -> ModuleGrid:
    """segno's QR symbol."""
    theirs = segno.make_qr(data, error="m", mask=render.codes.qr_code.MASK, mode="byte", boost_error=False)
    return ModuleGrid.of([int("".join(map(str, row)), 2) for row in theirs.matrix])


def drawn_each_time(_: object, lay: Any, tagged: int, texts: Any, *layout: Any) -> PageFragment:
    """A part of a page, drawn for this bill alone."""
    return draw_fragment(lay, tagged, texts, *layout)


class WholeSuffix(Objects):
    """A bill's objects: each stream deflated as a whole, and nothing shared."""

    def parts(self) -> list[bytes]:
        return [self.joined()]


#: Where each fast path is entered, and what takes its place.
PATHS: Final[Mapping[str, tuple[tuple[Any, str, Any], ...]]] = {
    "QR by linear algebra": ((render.codes.qr_code, "encode", symbol),),
    "fragments": ((FragmentCache, "draw", drawn_each_time),),
    "tree by its outline": ((render.pdf.page_objects, "cached_page_frame", build_page_frame),),
    "shared parts": ((render.compiled_template, "SuffixObjects", WholeSuffix),),
}


@contextmanager
def plainly(path: str) -> Iterator[None]:
    """For a while, the plain way in a fast path's place; nothing is put where there is no such path."""
    places = PATHS.get(path, ())
    before = [getattr(where, name) for where, name, _ in places]
    for where, name, plain in places:
        setattr(where, name, plain)
    try:
        yield
    finally:
        for (where, name, _), was in zip(places, before, strict=True):
            setattr(where, name, was)
