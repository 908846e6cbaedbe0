"""Reads the bookmarks of a PDF and the pages they lead to (ISO 32000-1, 12.3)."""

from collections.abc import Iterator
from typing import Any


def bookmarks(pdf: Any, places: dict[Any, int]) -> Iterator[tuple[int, str, int | None]]:
    """Yield each bookmark's level (from 0), its title, and its page (from 0; None when it leads to no page).

    *places* gives the page of each page object (its number and generation).
    """
    named = _named_places(pdf)
    for level, bookmark in _entries(pdf.Root.get("/Outlines")):
        yield level, str(bookmark.get("/Title", "")).strip(), _page_of(bookmark, places, named)


def _entries(parent: Any, level: int = 0) -> Iterator[tuple[int, Any]]:
    """Yield the outline's entries with their levels (12.3.3), each once, however they are chained."""
    todo, seen = [(level, parent.get("/First") if parent is not None else None)], set()
    while todo:
        level, each = todo.pop()
        if each is None or each.objgen in seen:
            continue
        seen.add(each.objgen)
        yield level, each
        todo += [(level, each.get("/Next")), (level + 1, each.get("/First"))]


def _named_places(pdf: Any) -> dict[str, Any]:
    """Return the named destinations of both kinds (12.3.2.3)."""
    import pikepdf

    named = {str(name): place for name, place in pdf.Root.get("/Dests", {}).items()}
    tree = pdf.Root.get("/Names", {}).get("/Dests")
    return named if tree is None else {**named, **{str(name): place for name, place in pikepdf.NameTree(tree).items()}}


def _page_of(bookmark: Any, places: dict[Any, int], named: dict[str, Any]) -> int | None:
    """Return the page that a bookmark leads to; None when it leads elsewhere, or nowhere."""
    import pikepdf

    place = bookmark.get("/Dest", bookmark.get("/A", {}).get("/D"))
    if isinstance(place, str | pikepdf.String | pikepdf.Name):
        place = named.get(str(place))
    if isinstance(place, pikepdf.Dictionary):
        place = place.get("/D")
    if not isinstance(place, pikepdf.Array) or not len(place):
        return None
    return places.get(getattr(place[0], "objgen", None))
