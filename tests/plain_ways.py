"""The plain way beside each fast path of drawing: what `tests/test_fast_paths.py` compares and `bench/fast_paths.py`
measures (docs/fast-paths.md)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import segno

import codes.qr
import render.draft
import render.pages
import render.template
import render.xmp
from codes.symbol import Symbol
from render.objects import TEXT, deflate


def symbol(data: bytes) -> Symbol:
    """segno's QR symbol."""
    theirs = segno.make_qr(data, error="m", mask=codes.qr.MASK, mode="byte", boost_error=False)
    return Symbol.of([int("".join(map(str, row)), 2) for row in theirs.matrix])


def drawn_each_time(_: object, lay: Any, tagged: int, *outline: Any) -> Any:
    """A part of a page, drawn for this bill alone."""
    return render.draft._drawn(lay, tagged, *outline)


def deflated(beginning: Any, *pairs: tuple[bytes, Any]) -> list[bytes]:
    """A stream deflated as a whole."""
    return [deflate(beginning.text + b"".join(own + following.text for own, following in pairs), TEXT)]


def begun(beginning: Any, rest: bytes, effort: int) -> list[bytes]:
    return [deflate(beginning.text + rest, effort)]


#: Where each fast path is entered, and what takes its place.
PATHS: Final[Mapping[str, tuple[tuple[Any, str, Any], ...]]] = {
    "QR by linear algebra": ((codes.qr, "encode", symbol),),
    "fragments": ((render.draft.Blanks, "of", drawn_each_time),),
    "tree by its outline": ((render.pages, "_frame", render.pages._frame.__wrapped__),),
    "deflate in pieces": (
        (render.template, "woven", deflated), (render.template, "begun", begun), (render.xmp, "woven", deflated),
    ),
}  # fmt: skip


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
