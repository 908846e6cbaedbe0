"""A part of a page as a blank: drawn once with gaps, and filled in for every bill that needs the same one.

What stands where depends on little: which facts there are, how many lines a name takes, which cells a row has. A part
is drawn by that alone (`render.fragments.fragment_cache`), with a gap wherever a bill has something of its own to say,
and is kept by that. A bill whose parts another one had too costs no more than its texts.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from render.type.text_style import TextStyle


class FragmentTemplate(NamedTuple):
    """A part of a page, drawn from the left edge and from its own top."""

    words: str  # operators, with a %s for every gap
    marks: str
    outline: str
    tagged: int  # how many marked contents the page has after it
    setters: tuple[Callable[[str], str], ...]  # of each gap: what makes operators of a text; none where texts are set
    x: int  # where its last words stand
    y: int
    manner: TextStyle | None  # theirs
    end: str  # what ends its last marked content

    def filled(self, texts: Sequence[str]) -> str:
        """Its words, with a text in each gap."""
        if self.setters:
            texts = [write(text) for write, text in zip(self.setters, texts, strict=True)]
        return self.words % tuple(texts)
