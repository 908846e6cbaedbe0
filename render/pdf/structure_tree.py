"""The structure tree: what stands on the pages, for who hears them read (ISO 32000-1, 14.7 and 14.8; ISO 14289-1).

Drawing leaves an outline, a short text that names every tagged piece in reading order. The tree depends on nothing
else, and bills of one issuer are much alike: a tree is made once for all bills of the same outline, and costs the next
one nothing. It stands in one object stream (7.5.7). Only figures and links say something of their own; their elements
are left to the bill.

An outline is words between spaces. `Table(` opens an element and `)` closes it; `P` is an element with the next marked
content of its page, `TD0` one without content; `THc` and `THr` head a column or a row; `Picture` is a figure that many
bills have; `|` turns the page.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from render.pdf.pdf_objects import ONCE, Objects, Run, pack

_NEXT_PAGE: Final = "|"
_PICTURE: Final = "Picture"
#: Elements that say something of their own, and are written with the bill.
_LINK: Final = "Link"
OWN: Final = frozenset({"Figure", _LINK})
_SCOPE: Final = {"c": b"/A<</O/Table/Scope/Column>>", "r": b"/A<</O/Table/Scope/Row>>"}


class TreePosition(NamedTuple):
    """Where an element of a bill's own hangs in the tree: its parent, its page, its marked content there."""

    kind: str
    parent: int
    page: int
    content: int


class Numbers(NamedTuple):
    """Where a bill's objects stand, which follows from its outline: the roots of its pages and its tree, the first
    page (contents come after the pages), the first element that the bill writes itself, the first annotation, the
    object stream of all other elements (the cross-reference stream comes after it), and the first object in it."""

    pages: int
    tree: int
    page: int
    own: int
    annotation: int
    packed: int
    rest: int


class StructureTree(NamedTuple):
    """The numbers it was made for, its root's body, the object stream of its elements and how many they are, and the
    places that the bill fills itself, in reading order."""

    numbers: Numbers
    root: bytes
    rest: Run
    size: int
    places: tuple[TreePosition, ...]


def join_outlines(pages: list[list[str]]) -> str:
    """The outline of a bill, of those of its pages."""
    return f" {_NEXT_PAGE} ".join(map(" ".join, pages))


def plant(outline: str, pictures: tuple[bytes, ...], first: int) -> StructureTree:
    """The tree of an outline and of what its pictures say; the pages' root is object *first*. Equal arguments give
    equal bytes."""
    words = outline.split()
    grower = _Grower(pictures, _numbers(words, first))
    for word in words:
        grower.take(word)
    return grower.tree()


def _numbers(words: list[str], first: int) -> Numbers:
    page = first + 2
    own = page + 2 * (words.count(_NEXT_PAGE) + 1)
    annotation = own + sum(map(words.count, OWN))
    packed = annotation + words.count(_LINK)
    return Numbers(first, first + 1, page, own, annotation, packed, packed + 2)


class _Element:
    """A structure element under construction."""

    __slots__ = ("children", "kind", "number", "parent")

    def __init__(self, kind: str, number: int, parent: int) -> None:
        self.kind, self.number, self.parent = kind, number, parent
        self.children: list[bytes] = []


class _Grower:
    """Reads an outline word by word. The first object is the parent tree; then come the elements in order."""

    def __init__(self, pictures: tuple[bytes, ...], numbers: Numbers) -> None:
        self._numbers = numbers
        self._pictures = iter(pictures)
        self._bodies: list[bytes] = [b""]
        self._places: list[TreePosition] = []
        self._parents: list[list[int]] = [[]]
        self._links: list[int] = []
        self._open: list[_Element] = []
        self._begin("Document", numbers.tree)

    def take(self, word: str) -> None:
        if word == _NEXT_PAGE:
            self._parents.append([])
        elif word.endswith("("):
            self._begin(word[:-1], self._open[-1].number)
        elif word == ")":
            self._end()
        else:
            self._leaf(word)

    def tree(self) -> StructureTree:
        document = self._open[0].number
        self._end()
        root = b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>" % (
            document, self._numbers.rest, len(self._parents) + len(self._links),
        )  # fmt: skip
        self._bodies[0] = b"<</Nums[%b]>>" % b"".join(self._nums())
        packed = Objects(self._numbers.packed, 0)
        packed.add(pack(self._numbers.rest, self._bodies, ONCE))
        return StructureTree(self._numbers, root, packed.run(), len(self._bodies), tuple(self._places))

    def _nums(self) -> Iterator[bytes]:
        """14.7.4.4: a page's marked contents with their elements, then each annotation with its one."""
        for key, elements in enumerate(self._parents):
            yield b"%d[%b]" % (key, b" ".join(b"%d 0 R" % element for element in elements))
        for key, element in enumerate(self._links, len(self._parents)):
            yield b"%d %d 0 R" % (key, element)

    def _begin(self, kind: str, parent: int) -> None:
        self._bodies.append(b"")
        self._open.append(_Element(kind, self._numbers.rest + len(self._bodies) - 1, parent))

    def _end(self) -> None:
        element = self._open.pop()
        self._bodies[element.number - self._numbers.rest] = b"<</S/%b/P %d 0 R/K[%b]>>" % (
            element.kind.encode(), element.parent, b" ".join(element.children),
        )  # fmt: skip
        if self._open:
            self._open[-1].children.append(b"%d 0 R" % element.number)

    def _leaf(self, word: str) -> None:
        parent = self._open[-1]
        kind, more = (word[:-1], word[-1]) if word[-1] in "0cr" else (word, "")
        if kind in OWN:
            number = self._own(kind, parent.number)
        else:
            number = self._numbers.rest + len(self._bodies)
            said = _SCOPE.get(more, b"")
            if kind == _PICTURE:
                kind, said = "Figure", next(self._pictures)
            body = b"<</S/%b/P %d 0 R%b" % (kind.encode(), parent.number, said)
            self._bodies.append(body + (b">>" if more == "0" else self._content(number)))
        parent.children.append(b"%d 0 R" % number)

    def _content(self, element: int) -> bytes:
        """The next marked content of the page becomes the element's."""
        contents = self._parents[-1]
        contents.append(element)
        return b"/K %d/Pg %d 0 R>>" % (len(contents) - 1, self._page)

    @property
    def _page(self) -> int:
        return self._numbers.page + len(self._parents) - 1

    def _own(self, kind: str, parent: int) -> int:
        number = self._numbers.own + len(self._places)
        self._places.append(TreePosition(kind, parent, len(self._parents) - 1, len(self._parents[-1])))
        self._parents[-1].append(number)
        if kind == _LINK:
            self._links.append(number)
        return number
