"""Writes the pages of a bill as PDF objects, with annotations and structure tree (ISO 32000-1, 7.7.3, 12.5 and
14.7)."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, count

from render.canvas.page_canvas import Figure, Link, PageCanvas
from render.canvas.page_geometry import HEIGHT, Box
from render.fast_paths.page_frame_cache import cached_page_frame
from render.pdf.pdf_objects import DRAWING, Objects, literal, text_string
from render.pdf.structure_tree import StructureTree, join_outlines


def write_pages(pages: list[PageCanvas], resources: int, objects: Objects) -> int:
    """Write page tree root, structure tree root, pages, contents, figure and link elements, annotations, and the object
    stream with the rest of the structure tree. Returns the number of objects in that stream.

    All numbers follow from the outline alone (`render.pdf.page_frame`).
    """
    outline = join_outlines([canvas.outline for canvas in pages])
    pictures = tuple([_said(picture) for canvas in pages for picture in canvas.pictures])
    frame = cached_page_frame(outline, pictures, len(pages), resources, objects.next_number)
    objects.add_run(frame.first)
    for canvas in pages:
        objects.add_stream(b"", canvas.content(), DRAWING)
    _write_own(pages, frame.tree, objects)
    links = chain.from_iterable(canvas.links for canvas in pages)
    for key, link in enumerate(links, len(pages)):
        objects.add(_annotation(link, key))
    objects.add_run(frame.tree.rest)
    return frame.tree.size


def _write_own(pages: list[PageCanvas], tree: StructureTree, objects: Objects) -> None:
    """Write the structure elements of figures, with their alternative texts, and of links, with their annotations."""
    figures = chain.from_iterable(canvas.figures for canvas in pages)
    annotations = count(tree.numbers.annotation)
    for place in tree.places:
        head = b"<</S/%b/P %d 0 R/Pg %d 0 R" % (place.kind.encode(), place.parent, tree.numbers.page + place.page)
        if place.kind == "Link":
            objects.add(b"%b/K[%d<</Type/OBJR/Obj %d 0 R>>]>>" % (head, place.content, next(annotations)))
        else:
            objects.add(b"%b/K %d%b>>" % (head, place.content, _said(next(figures))))


@lru_cache(maxsize=256)
def _said(figure: Figure) -> bytes:
    """Return a figure's alternative text and bounding box (ISO 14289-1, 7.3)."""
    return b"/Alt%b/A<</O/Layout/Placement/Block/BBox[%b]>>" % (text_string(figure.meaning), _rectangle(figure.box))


def _annotation(link: Link, key: int) -> bytes:
    """Return a link annotation: printed and never hidden (ISO 19005-3, 6.3), with a text (ISO 14289-1, 7.18)."""
    address = literal(link.address.encode("ascii"))
    return b"<</Type/Annot/Subtype/Link/Rect[%b]/Border[0 0 0]/F 4/StructParent %d/Contents%b/A<</S/URI/URI(%b)>>>>" % (
        _rectangle(link.box),
        key,
        text_string(link.words),
        address,
    )


def _rectangle(box: Box) -> bytes:
    """Return a box in points: lower left corner, upper right corner."""
    return b" ".join(_points(box))


def _points(box: Box) -> Iterator[bytes]:
    for length in (box.left, HEIGHT - box.bottom, box.right, HEIGHT - box.top):
        yield b"%.2f" % (length * 72 / 2540)
