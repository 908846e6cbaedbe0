"""A PDF page while it is drawn: collects content stream operators and tags (ISO 32000-1, 8, 9 and 14.7).

Meaningful content is tagged, everything else is an artifact. `outline` lists what was tagged, in reading order;
`render.pdf.structure_tree` builds the structure tree from it. Coordinates are drawing units, see
`render.canvas.page_geometry`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from render.canvas.page_fragment import PageFragment
from render.canvas.page_geometry import FLIP, Box
from render.type.typesetting import TextStyle


class Figure(NamedTuple):
    """A picture with a meaning: its box and its alternative text."""

    box: Box
    meaning: str


class Link(NamedTuple):
    """Text that links to a URL: its box, its text, the URL."""

    box: Box
    words: str
    address: str


@lru_cache(maxsize=256)
def _row_outline(filled: tuple[bool, ...]) -> str:
    """Return the outline of a table row: the header cell, then a TD for each filled cell and a TD0 for each empty
    one."""
    return f"TR( THr {' '.join('TD' if is_filled else 'TD0' for is_filled in filled)} )"


class PageCanvas:
    """A page under construction. Marks (rules, areas) lie below drawings, drawings lie below text."""

    __slots__ = (
        "_colour", "_end", "_style", "_tagged", "_x", "_y", "drawn", "figures", "links", "marks", "outline",
        "pictures", "words",
    )  # fmt: skip

    def __init__(self, tagged: int = 0) -> None:
        """*tagged* is the number of marked contents that the page already has."""
        self.marks: list[str] = []
        self.drawn: list[str] = []
        self.words: list[str] = []
        self.outline: list[str] = []
        self.figures: list[Figure] = []
        self.pictures: list[Figure] = []
        self.links: list[Link] = []
        self._style: TextStyle | None = None
        self._x = self._y = 0
        self._tagged = tagged
        self._end = self._colour = ""

    @property
    def tagged(self) -> int:
        """The number of marked contents so far."""
        return self._tagged

    # -- what it is ------------------------------------------------------------------------------------------------

    def open(self, kind: str) -> None:
        """Open a structure element of this *kind* (`Table`, `TR`). What is tagged until `close` becomes its content."""
        self.outline.append(f"{kind}(")

    def close(self) -> None:
        """Close the structure element that was opened last."""
        self.outline.append(")")

    def tag(self, kind: str, more: str = "") -> None:
        """Start a structure element of this *kind* (`P`, `TD`) for the text that follows. *more* is a suffix that
        `render.pdf.structure_tree` knows: the scope of a header, or `0` for an empty cell."""
        self.outline.append(kind + more)
        self.words.append(f"{self._end}/{kind}<</MCID {self._tagged}>>BDC")
        self._tagged += 1
        self._end = "EMC"

    def artifact(self) -> None:
        """Mark the text that follows as an artifact: a page number, a repeated table head."""
        self.words.append(f"{self._end}/Artifact BMC")
        self._end = "EMC"

    # -- what is drawn ---------------------------------------------------------------------------------------------

    def text(self, style: TextStyle, x: int, y: int, text: str) -> None:
        """Write *text* left-aligned: its baseline starts at (x, y)."""
        self.show(style, x, y, style.typeset(text)[0])

    def right(self, style: TextStyle, x: int, y: int, text: str) -> None:
        """Write *text* right-aligned: its baseline ends at (x, y)."""
        shown, width = style.typeset(text)
        self.show(style, x - width, y, shown)

    def show(self, style: TextStyle, x: int, y: int, shown: str) -> None:
        """Move to (x, y) and append *shown*, the operators of a text."""
        if style is not self._style:
            self._style = style
            self.words.append(style.operators)
        self.words.append(f"{x - self._x} {self._y - y} Td{shown}")
        self._x, self._y = x, y

    def row(self, style: TextStyle, x: int, y: int, name: str, cells: Sequence[str]) -> None:
        """Draw a table row: a row header and *cells*, each given as operators that start at the row's origin (x, y) and
        return to it. Most of a bill is drawn by this method."""
        words, number = self.words, self._tagged
        if style is not self._style:
            self._style = style
            words.append(style.operators)
        words.append(f"{x - self._x} {self._y - y} Td\n{self._end}/TH<</MCID {number}>>BDC{name}")
        self._x, self._y = x, y
        for cell in cells:
            if cell:
                number += 1
                words.append(f"EMC/TD<</MCID {number}>>BDC {cell}")
        self.outline.append(_row_outline(tuple(map(bool, cells))))
        self._tagged, self._end = number + 1, "EMC"

    def head(self, style: TextStyle, x: int, y: int, cells: Sequence[str]) -> None:
        """Draw the header row of a table. *cells* are operators, as in `row`."""
        self.show(style, x, y, "")
        for number, cell in enumerate(cells, self._tagged):
            self.words.append(f"{self._end}/TH<</MCID {number}>>BDC {cell}")
            self._end = "EMC"
        self.outline.append(f"TR( {'THc ' * len(cells)})")
        self._tagged += len(cells)

    def place_fragment(self, fragment: PageFragment, y: int) -> None:
        """Place a fragment with its top at *y*. It was drawn for a page with as many marked contents as this one."""
        words, frame = fragment
        self.words.append(f"{self._end} {-self._x} {self._y - y} Td\n{words}")
        if frame.marks:
            self.marks.append(f"q 1 0 0 1 0 {y} cm\n{frame.marks}\nQ")
        self.outline.append(frame.outline)
        self._x, self._y, self._style = frame.x, y + frame.y, frame.style
        self._tagged, self._end = frame.tagged, frame.end

    def rule(self, colour: str, x: int, y: int, width: int, thickness: int) -> None:
        """Draw a horizontal rule: a filled rectangle whose upper left corner is (x, y)."""
        if colour is not self._colour:
            self._colour = colour
            self.marks.append(f"{colour} rg")
        self.marks.append(f"{x} {y} {width} {thickness} re f")

    def figure(self, box: Box, meaning: str, operators: str) -> None:
        """Draw a figure of this bill alone. *operators* paint it, *meaning* is its alternative text."""
        self.figures.append(Figure(box, meaning))
        self._draw("Figure", operators)

    def picture(self, box: Box, meaning: str, operators: str) -> None:
        """Draw a figure that many bills share, with the same text and position: a logo, the frame of a QR code."""
        self.pictures.append(Figure(box, meaning))
        self.outline.append("Picture")
        self._paint("Figure", operators)

    def place(self, kind: str, form: str, y: int) -> None:
        """Show the text of a form XObject as an element of this *kind*, with its origin at *y*."""
        self._draw(kind, f"q 1 0 0 1 0 {y} cm/{form} Do Q")

    def _draw(self, kind: str, operators: str) -> None:
        self.outline.append(kind)
        self._paint(kind, operators)

    def _paint(self, kind: str, operators: str) -> None:
        self.drawn.append(f"/{kind}<</MCID {self._tagged}>>BDC\n{operators}\nEMC")
        self._tagged += 1

    def link(self, style: TextStyle, x: int, y: int, text: str, address: str) -> None:
        """Link the text that is tagged as a link and stands at (x, y) to *address*."""
        box = Box(x, y - style.size, x + style.width(text), y + style.size // 4)
        self.links.append(Link(box, text, address))

    # -- what it gives ---------------------------------------------------------------------------------------------

    def content(self) -> bytes:
        """Return the page's content stream. It saves and restores the graphics state."""
        marks = ["/Artifact BMC", *self.marks, "EMC"] if self.marks else []
        return "\n".join(["q", FLIP, *marks, *self.drawn, *self._written(), "Q"]).encode("latin-1")

    def under(self) -> bytes:
        """Return the marks alone, in drawing units: the content of a form XObject."""
        return "\n".join(self.marks).encode("latin-1")

    def over(self) -> bytes:
        """Return the text alone, in drawing units: the content of a form XObject."""
        return "\n".join(self._written()).encode("latin-1")

    def _written(self) -> list[str]:
        return ["BT 1 0 0 -1 0 0 Tm", *self.words, f"{self._end} ET"] if self.words else []
