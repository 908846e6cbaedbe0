"""A fragment with a `%s` placeholder for each text of a bill."""

from collections.abc import Callable
from typing import Final, NamedTuple

from render.canvas.fragment_canvas import FragmentCanvas
from render.canvas.page_fragment import FragmentFrame

#: The placeholder while drawing; no printable text contains it (`render.type.printable_text`).
_GAP: Final = "\0"


class FragmentTemplate(NamedTuple):
    """A fragment without the texts of a bill."""

    words: str  # operators, with a %s for each placeholder
    typesetters: tuple[Callable[[str], str], ...]  # for each placeholder; () when texts are operators
    frame: FragmentFrame


class FragmentRecorder(FragmentCanvas):
    """A canvas that draws a placeholder where a bill has a text."""

    __slots__ = ("_typesetters",)

    def __init__(self, tagged: int) -> None:
        super().__init__(tagged, ())
        self._typesetters: list[Callable[[str], str]] = []

    def next_text(self, typeset: Callable[[str], str] | None = None) -> str:
        """Return a placeholder, and note what typesets its text."""
        if typeset:
            self._typesetters.append(typeset)
        return _GAP

    def template(self) -> FragmentTemplate:
        """Return what was drawn."""
        words, frame = self.fragment()
        return FragmentTemplate(words.replace("%", "%%").replace(_GAP, "%s"), tuple(self._typesetters), frame)
