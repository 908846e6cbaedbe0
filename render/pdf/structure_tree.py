"""Builds the structure tree of a tagged PDF, which screen readers read (ISO 32000-1, 14.7 and 14.8; ISO 14289-1).

Drawing leaves an outline: a short text that names every tagged piece in reading order. The tree depends on the outline
alone, so that bills with the same outline have the same tree. It is one object stream (7.5.7). Only figures and links
differ from bill to bill; the bill writes their elements.

An outline is words between spaces. `Table(` opens an element and `)` closes it; `P` is an element with the next marked
content of its page, `TD0` an element without content; `THc` and `THr` are the headers of a column and of a row;
`Picture` is a figure that many bills share; `|` starts the next page.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from render.pdf.pdf_objects import ONCE, ObjectRun, Objects, pack

_NEXT_PAGE: Final = "|"
_PICTURE: Final = "Picture"
#: Elements that differ from bill to bill and are written with the bill.
_LINK: Final = "Link"
OWN: Final = frozenset({"Figure", _LINK})
_SCOPE: Final = {"c": b"/A<</O/Table/Scope/Column>>", "r": b"/A<</O/Table/Scope/Row>>"}


class TreePosition(NamedTuple):
    """The position of a figure or link in the tree: its kind, its parent, its page, its marked content there."""

    kind: str
    parent: int
    page: int
    content: int


class Numbers(NamedTuple):
    """A bill's object numbers, which follow from its outline: the roots of the page tree and of the structure tree; the
    first page (contents follow the pages); the first element that the bill writes; the first annotation; the object
    stream of all other elements (the cross-reference stream follows it); the first object in that stream."""

    pages: int
    tree: int
    page: int
    own: int
    annotation: int
    packed: int
    rest: int


class StructureTree(NamedTuple):
    """A structure tree: the numbers it was built for, its root's body, the object stream of its elements, their number,
    and the positions of figures and links in reading order."""

    numbers: Numbers
    root: bytes
    rest: ObjectRun
    size: int
    places: tuple[TreePosition, ...]


def join_outlines(pages: list[list[str]]) -> str:
    """Join the outlines of a bill's pages into that of the bill."""
    return f" {_NEXT_PAGE} ".join(map(" ".join, pages))


def build_structure_tree(outline: str, pictures: tuple[bytes, ...], first: int) -> StructureTree:
    """Build the structure tree of an outline. *pictures* are the entries of its shared figures, *first* is the number
    of the page tree root. Equal arguments give equal bytes."""
    words = outline.split()
    builder = _TreeBuilder(pictures, _numbers(words, first))
    for word in words:
        builder.take(word)
    return builder.tree()


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


class _TreeBuilder:
    """Builds a tree from an outline, word by word. Its first object is the parent tree; the elements follow in
    order."""

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
        """Read the next word of the outline."""
        if word == _NEXT_PAGE:
            self._parents.append([])
        elif word.endswith("("):
            self._begin(word[:-1], self._open[-1].number)
        elif word == ")":
            self._end()
        else:
            self._leaf(word)

    def tree(self) -> StructureTree:
        """Return the finished tree."""
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
        """Yield the entries of the parent tree (14.7.4.4): the elements of each page's marked contents, then each
        annotation's element."""
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
        """Assign the page's next marked content to *element*. Returns the entries that end the element."""
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
