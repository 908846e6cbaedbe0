"""The pages of a bill as PDF objects, with what the structure tree asks of them (ISO 32000-1, 7.7.3, 12.5 and 14.7)."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from render.objects import EVERY_TIME, Objects, Packed, literal, text_string
from render.page import HEIGHT, MEDIA_BOX, Box
from render.sheet import Figure, Link, Sheet
from render.tree import Numbers, Place, join_outlines, plant


def write_pages(sheets: list[Sheet], resources: int, objects: Objects) -> Packed:
    """The pages' root, the tree's root, pages, contents, the tree's own elements, annotations; gives the tree's rest.

    Numbers are known before they are needed, and follow from the outline alone: so one tree does for many bills."""
    root, count = objects.next_number, len(sheets)
    links = [link for sheet in sheets for link in sheet.links]
    page = root + 2
    own = page + 2 * count
    annotation = own + len(links) + sum(len(sheet.figures) for sheet in sheets)
    after = annotation + len(links)
    # The stream that holds the tree is an object too.
    pictures = tuple([_said(picture) for sheet in sheets for picture in sheet.pictures])
    tree = plant(join_outlines([sheet.outline for sheet in sheets]), pictures, Numbers(root + 1, page, own, after + 1))
    kids = b" ".join([b"%d 0 R" % number for number in range(page, page + count)])
    objects.add(b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids))
    objects.add(tree.root)
    first = annotation
    for key, sheet in enumerate(sheets):
        seen = _seen(range(first, first := first + len(sheet.links)))
        objects.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox%b/Resources %d 0 R/Contents %d 0 R/StructParents %d/Tabs/S%b>>"
            % (root, MEDIA_BOX, resources, page + count + key, key, seen)
        )
    for sheet in sheets:
        objects.add_stream(b"", sheet.content(), EVERY_TIME)
    _write_own(sheets, tree.places, page, annotation, objects)
    for key, link in enumerate(links, count):
        objects.add(_annotation(link, key))
    return tree.rest


def _seen(annotations: range) -> bytes:
    return b"/Annots[%b]" % b" ".join(b"%d 0 R" % each for each in annotations) if annotations else b""


def _write_own(sheets: list[Sheet], places: tuple[Place, ...], page: int, annotation: int, objects: Objects) -> None:
    """The elements of figures, with what they say, and those of links, with their annotations."""
    figures = chain.from_iterable(sheet.figures for sheet in sheets)
    annotations = iter(range(annotation, annotation + len(places)))
    for place in places:
        head = b"<</S/%b/P %d 0 R/Pg %d 0 R" % (place.kind.encode(), place.parent, page + place.page)
        if place.kind == "Link":
            objects.add(b"%b/K[%d<</Type/OBJR/Obj %d 0 R>>]>>" % (head, place.content, next(annotations)))
        else:
            objects.add(b"%b/K %d%b>>" % (head, place.content, _said(next(figures))))


@lru_cache(maxsize=256)
def _said(figure: Figure) -> bytes:
    """ISO 14289-1, 7.3: a picture has words in its place, and a box."""
    return b"/Alt%b/A<</O/Layout/Placement/Block/BBox[%b]>>" % (text_string(figure.meaning), _rectangle(figure.box))


def _annotation(link: Link, key: int) -> bytes:
    """ISO 19005-3, 6.3: it is printed and never hidden; ISO 14289-1, 7.18: it has words."""
    address = literal(link.address.encode("ascii"))
    return b"<</Type/Annot/Subtype/Link/Rect[%b]/Border[0 0 0]/F 4/StructParent %d/Contents%b/A<</S/URI/URI(%b)>>>>" % (
        _rectangle(link.box),
        key,
        text_string(link.words),
        address,
    )


def _rectangle(box: Box) -> bytes:
    """In points, from the lower left corner to the upper right one."""
    return b" ".join(_points(box))


def _points(box: Box) -> Iterator[bytes]:
    for length in (box.left, HEIGHT - box.bottom, box.right, HEIGHT - box.top):
        yield b"%.2f" % (length * 72 / 2540)
