"""One page being drawn: marks, drawings and words, gathered as content stream operators (ISO 32000-1, 8, 9 and 14.7).

What a reader is told stands in tagged content, and everything else is decoration. `outline` names what was tagged, in
reading order; `render.pdf.structure_tree` makes the structure tree of it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from render.canvas.page_geometry import FLIP, Box
from render.fragments.fragment import FragmentTemplate
from render.type.text_style import TextStyle


class Figure(NamedTuple):
    """A picture that means something, and what it says in words."""

    box: Box
    meaning: str


class Link(NamedTuple):
    """Words that lead to an address."""

    box: Box
    words: str
    address: str


@lru_cache(maxsize=256)
def _row_outline(filled: tuple[bool, ...]) -> str:
    """Every row of a table has all its cells, and some are empty."""
    return f"TR( THr {' '.join('TD' if is_filled else 'TD0' for is_filled in filled)} )"


class PageCanvas:
    """A page under construction. Marks (rules, areas) lie under drawings, and drawings under the words."""

    __slots__ = (
        "_colour", "_end", "_manner", "_tagged", "_x", "_y", "drawn", "figures", "links", "marks", "outline",
        "pictures", "words",
    )  # fmt: skip

    def __init__(self, tagged: int = 0) -> None:
        """*tagged* is how many marked contents its page has already."""
        self.marks: list[str] = []
        self.drawn: list[str] = []
        self.words: list[str] = []
        self.outline: list[str] = []
        self.figures: list[Figure] = []
        self.pictures: list[Figure] = []
        self.links: list[Link] = []
        self._manner: TextStyle | None = None
        self._x = self._y = 0
        self._tagged = tagged
        self._end = self._colour = ""

    @property
    def tagged(self) -> int:
        """How many marked contents it has."""
        return self._tagged

    # -- what it is ------------------------------------------------------------------------------------------------

    def open(self, kind: str) -> None:
        """What is tagged from here belongs to one element of this *kind* (`Table`, `TR`), until it is closed."""
        self.outline.append(f"{kind}(")

    def close(self) -> None:
        self.outline.append(")")

    def tag(self, kind: str, more: str = "") -> None:
        """The words from here are an element of this *kind* (`P`, `TD`); *more* says which one
        (`render.pdf.structure_tree`)."""
        self.outline.append(kind + more)
        self.words.append(f"{self._end}/{kind}<</MCID {self._tagged}>>BDC")
        self._tagged += 1
        self._end = "EMC"

    def artifact(self) -> None:
        """The words from here are furniture of the page: its number, a repeated head."""
        self.words.append(f"{self._end}/Artifact BMC")
        self._end = "EMC"

    # -- what is drawn ---------------------------------------------------------------------------------------------

    def text(self, manner: TextStyle, x: int, y: int, text: str) -> None:
        """Write *text* with its baseline's left end at (x, y)."""
        self.show(manner, x, y, manner.typeset(text)[0])

    def right(self, manner: TextStyle, x: int, y: int, text: str) -> None:
        """Write *text* with its baseline's right end at (x, y)."""
        shown, width = manner.typeset(text)
        self.show(manner, x - width, y, shown)

    def show(self, manner: TextStyle, x: int, y: int, shown: str) -> None:
        """Draw a text's operators from (x, y)."""
        if manner is not self._manner:
            self._manner = manner
            self.words.append(manner.operators)
        self.words.append(f"{x - self._x} {self._y - y} Td{shown}")
        self._x, self._y = x, y

    def row(self, manner: TextStyle, x: int, y: int, name: str, cells: Sequence[str]) -> None:
        """A row of a table, most of what a bill is: operators that draw a name and cells from (x, y) and back."""
        words, number = self.words, self._tagged
        if manner is not self._manner:
            self._manner = manner
            words.append(manner.operators)
        words.append(f"{x - self._x} {self._y - y} Td\n{self._end}/TH<</MCID {number}>>BDC{name}")
        self._x, self._y = x, y
        for cell in cells:
            if cell:
                number += 1
                words.append(f"EMC/TD<</MCID {number}>>BDC {cell}")
        self.outline.append(_row_outline(tuple(map(bool, cells))))
        self._tagged, self._end = number + 1, "EMC"

    def head(self, manner: TextStyle, x: int, y: int, cells: Sequence[str]) -> None:
        """The row of a table's column heads, drawn as `row` draws its cells."""
        self.show(manner, x, y, "")
        for number, cell in enumerate(cells, self._tagged):
            self.words.append(f"{self._end}/TH<</MCID {number}>>BDC {cell}")
            self._end = "EMC"
        self.outline.append(f"TR( {'THc ' * len(cells)})")
        self._tagged += len(cells)

    def fill(self, blank: FragmentTemplate, y: int, texts: Sequence[str]) -> None:
        """Draw a blank with its top at *y*, and a text in each of its gaps."""
        self.words.append(f"{self._end} {-self._x} {self._y - y} Td\n{blank.filled(texts)}")
        if blank.marks:
            self.marks.append(f"q 1 0 0 1 0 {y} cm\n{blank.marks}\nQ")
        self.outline.append(blank.outline)
        self._x, self._y, self._manner = blank.x, y + blank.y, blank.manner
        self._tagged, self._end = blank.tagged, blank.end

    def rule(self, colour: str, x: int, y: int, width: int, thickness: int) -> None:
        """A horizontal line, as an area whose upper left corner is (x, y)."""
        if colour is not self._colour:
            self._colour = colour
            self.marks.append(f"{colour} rg")
        self.marks.append(f"{x} {y} {width} {thickness} re f")

    def figure(self, box: Box, meaning: str, operators: str) -> None:
        """A picture of this bill that *operators* paint, and what it says to who cannot see it."""
        self.figures.append(Figure(box, meaning))
        self._draw("Figure", operators)

    def picture(self, box: Box, meaning: str, operators: str) -> None:
        """A figure that says the same, in the same place, on many bills: a mark, the frame of a code."""
        self.pictures.append(Figure(box, meaning))
        self.outline.append("Picture")
        self._paint("Figure", operators)

    def place(self, kind: str, form: str, y: int) -> None:
        """Show a form's words, an element of this *kind*, with its origin at *y*."""
        self._draw(kind, f"q 1 0 0 1 0 {y} cm/{form} Do Q")

    def _draw(self, kind: str, operators: str) -> None:
        self.outline.append(kind)
        self._paint(kind, operators)

    def _paint(self, kind: str, operators: str) -> None:
        self.drawn.append(f"/{kind}<</MCID {self._tagged}>>BDC\n{operators}\nEMC")
        self._tagged += 1

    def lead(self, manner: TextStyle, x: int, y: int, text: str, address: str) -> None:
        """The words that are tagged as a link, and stand at (x, y), lead to *address*."""
        box = Box(x, y - manner.size, x + manner.width(text), y + manner.size // 4)
        self.links.append(Link(box, text, address))

    # -- what it gives ---------------------------------------------------------------------------------------------

    def content(self) -> bytes:
        """The content stream of a page; it leaves the graphics state as it found it."""
        marks = ["/Artifact BMC", *self.marks, "EMC"] if self.marks else []
        return "\n".join(["q", FLIP, *marks, *self.drawn, *self._written(), "Q"]).encode("latin-1")

    def under(self) -> bytes:
        """A form's marks alone, in drawing units."""
        return "\n".join(self.marks).encode("latin-1")

    def over(self) -> bytes:
        """A form's words alone, in drawing units."""
        return "\n".join(self._written()).encode("latin-1")

    def _written(self) -> list[str]:
        return ["BT 1 0 0 -1 0 0 Tm", *self.words, f"{self._end} ET"] if self.words else []
