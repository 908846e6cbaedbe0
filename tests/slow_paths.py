"""The plain way beside each fast path of drawing: what `tests/test_fast_paths.py` compares and `bench/fast_paths.py`
measures (docs/fast-paths.md)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import segno

import render.codes.qr_code
import render.compiled_template
import render.pdf.page_objects
import render.pdf.xmp_metadata
from render.canvas.fragment_canvas import draw_fragment
from render.canvas.page_fragment import PageFragment
from render.codes.module_grid import ModuleGrid
from render.fast_paths.fragment_cache import FragmentCache
from render.pdf.pdf_objects import TEXT, deflate


def symbol(data: bytes) -> ModuleGrid:
    """segno's QR symbol."""
    theirs = segno.make_qr(data, error="m", mask=render.codes.qr_code.MASK, mode="byte", boost_error=False)
    return ModuleGrid.of([int("".join(map(str, row)), 2) for row in theirs.matrix])


def drawn_each_time(_: object, lay: Any, tagged: int, texts: Any, *layout: Any) -> PageFragment:
    """A part of a page, drawn for this bill alone."""
    return draw_fragment(lay, tagged, texts, *layout)


def deflated(beginning: Any, *pairs: tuple[bytes, Any]) -> list[bytes]:
    """A stream deflated as a whole."""
    return [deflate(beginning.text + b"".join(own + following.text for own, following in pairs), TEXT)]


def compressed_after(beginning: Any, rest: bytes, effort: int) -> list[bytes]:
    return [deflate(beginning.text + rest, effort)]


#: Where each fast path is entered, and what takes its place.
PATHS: Final[Mapping[str, tuple[tuple[Any, str, Any], ...]]] = {
    "QR by linear algebra": ((render.codes.qr_code, "encode", symbol),),
    "fragments": ((FragmentCache, "draw", drawn_each_time),),
    "tree by its outline": ((render.pdf.page_objects, "_frame", render.pdf.page_objects._frame.__wrapped__),),
    "deflate in pieces": (
        (render.compiled_template, "interleave", deflated),
        (render.compiled_template, "compress_after", compressed_after),
        (render.pdf.xmp_metadata, "interleave", deflated),
    ),
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
