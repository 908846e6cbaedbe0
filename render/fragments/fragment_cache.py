"""Draws page fragments and caches them by layout: `FragmentBuilder` draws one, `FragmentCache` keeps those of a
brand."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeVarTuple

from render.canvas.page_canvas import PageCanvas
from render.fragments.fragment import FragmentTemplate
from render.type.text_style import TextStyle

#: The placeholder while drawing; no printable text contains it (`render.type.printable_text`).
_GAP: Final = "\0"
_KEPT: Final = 2048
Outline = TypeVarTuple("Outline")


class FragmentBuilder(PageCanvas):
    """A canvas on which a fragment is drawn: text of a bill is a gap in it."""

    __slots__ = ("_setters",)

    def __init__(self, tagged: int) -> None:
        super().__init__(tagged)
        self._setters: list[Callable[[str], str]] = []

    def gap(self, setter: Callable[[str], str] | None = None) -> str:
        """Return a placeholder. It is filled in with the operators that *setter* makes of a text; without a *setter*,
        with operators given as they are."""
        if setter:
            self._setters.append(setter)
        return _GAP

    def write(self, style: TextStyle, x: int, y: int) -> None:
        """Add a placeholder for left-aligned text whose baseline starts at (x, y)."""
        self.show(style, x, y, self.gap(style.shown))

    def fragment(self) -> FragmentTemplate:
        """Return the fragment that was drawn."""
        words = "\n".join(self.words).replace("%", "%%").replace(_GAP, "%s")
        marks = "\n".join(self.marks)
        return FragmentTemplate(
            words,
            marks,
            " ".join(self.outline),
            self._tagged,
            tuple(self._setters),
            self._x,
            self._y,
            self._style,
            self._end,
        )


class FragmentCache:
    """The fragments of one brand, least recently used ones dropped."""

    def __init__(self) -> None:
        self._kept = lru_cache(_KEPT)(_drawn)

    def of(self, lay: Callable[[FragmentBuilder, *Outline], None], tagged: int, *outline: *Outline) -> FragmentTemplate:
        """Return the fragment that *lay* draws for this *outline*, on a page that has *tagged* marked contents before
        it."""
        return self._kept(lay, tagged, *outline)


def _drawn(lay: Callable[[FragmentBuilder, *Outline], None], tagged: int, *outline: *Outline) -> FragmentTemplate:
    builder = FragmentBuilder(tagged)
    lay(builder, *outline)
    return builder.fragment()
