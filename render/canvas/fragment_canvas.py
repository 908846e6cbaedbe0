"""Draws a page fragment: a row of facts, neighbouring lines of one kind, the totals.

A fragment is drawn from its own top, and apart from its texts it follows from its **layout** alone: which facts there
are, how many lines a name takes, which cells a row has.
"""

from collections.abc import Callable, Sequence
from typing import TypeVarTuple

from render.canvas.page_canvas import PageCanvas
from render.canvas.page_fragment import FragmentFrame, PageFragment
from render.type.typesetting import TextStyle

Layout = TypeVarTuple("Layout")


class FragmentCanvas(PageCanvas):
    """A canvas on which a fragment is drawn. A bill's texts are drawn by `next_text` and `write`, in their order."""

    __slots__ = ("_texts",)

    def __init__(self, tagged: int, texts: Sequence[str]) -> None:
        """*tagged* is the number of marked contents that the page already has, *texts* are all texts of the bill that
        the fragment shows."""
        super().__init__(tagged)
        self._texts = iter(texts)

    def next_text(self, typeset: Callable[[str], str] | None = None) -> str:
        """Return the next of the texts as operators, which *typeset* makes of it; without *typeset*, it is operators
        already."""
        text = next(self._texts)
        return typeset(text) if typeset else text

    def write(self, style: TextStyle, x: int, y: int) -> None:
        """Write the next of the texts left-aligned: its baseline starts at (x, y)."""
        self.show(style, x, y, self.next_text(style.shown))

    def fragment(self) -> PageFragment:
        """Return what was drawn."""
        marks, outline = "\n".join(self.marks), " ".join(self.outline)
        frame = FragmentFrame(marks, outline, self._tagged, self._x, self._y, self._style, self._end)
        return "\n".join(self.words), frame


def draw_fragment(
    lay: Callable[[FragmentCanvas, *Layout], None], tagged: int, texts: Sequence[str], *layout: *Layout
) -> PageFragment:
    """Return the fragment that *lay* draws of these *texts* in this *layout*, on a page that has *tagged* marked
    contents before it."""
    canvas = FragmentCanvas(tagged, texts)
    lay(canvas, *layout)
    return canvas.fragment()
