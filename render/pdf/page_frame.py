"""Builds the frame of a bill's pages: page tree root, structure tree root, page dictionaries, and the structure tree
(ISO 32000-1, 7.7.3 and 14.7). It follows from the pages' outline alone."""

from typing import NamedTuple

from render.canvas.page_geometry import MEDIA_BOX
from render.pdf.pdf_objects import ObjectRun, Objects
from render.pdf.structure_tree import StructureTree, build_structure_tree


class PageFrame(NamedTuple):
    """The first objects of the pages, and the structure tree, which follows their contents."""

    first: ObjectRun
    tree: StructureTree


def build_page_frame(outline: str, pictures: tuple[bytes, ...], pages: int, resources: int, root: int) -> PageFrame:
    """Return the frame of an outline (`render.pdf.structure_tree`), the entries of its shared figures, and its number
    of *pages*. *resources* and *root* are the object numbers of the pages' resources and of the page tree root. Equal
    arguments give equal bytes."""
    tree = build_structure_tree(outline, pictures, root)
    page, first = tree.numbers.page, tree.numbers.annotation
    links = [place.page for place in tree.places if place.kind == "Link"]
    objects = Objects(root, 0)
    kids = b" ".join([b"%d 0 R" % number for number in range(page, page + pages)])
    objects.add(b"<</Type/Pages/Count %d/Kids[%b]>>" % (pages, kids))
    objects.add(tree.root)
    for key in range(pages):
        seen = _seen(range(first, first := first + links.count(key)))
        objects.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox%b/Resources %d 0 R/Contents %d 0 R/StructParents %d/Tabs/S%b>>"
            % (root, MEDIA_BOX, resources, page + pages + key, key, seen)
        )
    return PageFrame(objects.run(), tree)


def _seen(annotations: range) -> bytes:
    return b"/Annots[%b]" % b" ".join(b"%d 0 R" % each for each in annotations) if annotations else b""
