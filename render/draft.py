"""Blanks under construction, and the blanks of a look that are made already."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeVarTuple

from render.blank import Blank
from render.sheet import Sheet
from render.style import Style

#: No text on a page has this character (`render.plain`).
_GAP: Final = "\0"
_KEPT: Final = 2048
Outline = TypeVarTuple("Outline")


class Draft(Sheet):
    """A blank under construction."""

    __slots__ = ("_setters",)

    def __init__(self, tagged: int) -> None:
        super().__init__(tagged)
        self._setters: list[Callable[[str], str]] = []

    def gap(self, setter: Callable[[str], str] | None = None) -> str:
        """The place for operators that *setter* makes of a text; without one, the place for operators."""
        if setter:
            self._setters.append(setter)
        return _GAP

    def write(self, manner: Style, x: int, y: int) -> None:
        """A gap for text whose baseline's left end is at (x, y)."""
        self.show(manner, x, y, self.gap(manner.shown))

    def blank(self) -> Blank:
        words = "\n".join(self.words).replace("%", "%%").replace(_GAP, "%s")
        marks = "\n".join(self.marks)
        return Blank(words, marks, " ".join(self.outline), self._tagged, tuple(self._setters), self._x, self._y,
                     self._manner, self._end)  # fmt: skip


class Blanks:
    """The blanks of one look, as far as bills have needed them."""

    def __init__(self) -> None:
        self._kept = lru_cache(_KEPT)(_drawn)

    def of(self, lay: Callable[[Draft, *Outline], None], tagged: int, *outline: *Outline) -> Blank:
        """The blank that *lay* draws for an outline, on a page with so many marked contents before it."""
        return self._kept(lay, tagged, *outline)


def _drawn(lay: Callable[[Draft, *Outline], None], tagged: int, *outline: *Outline) -> Blank:
    draft = Draft(tagged)
    lay(draft, *outline)
    return draft.blank()
