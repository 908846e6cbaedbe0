"""A cached page fragment: PDF operators with `%s` placeholders, reused by every bill with the same layout.

The layout of a fragment depends on little: which facts there are, how many lines a name takes, which cells a row has. A
fragment is drawn and cached by that alone (`render.fragments.fragment_cache`). A bill that needs a cached fragment only
fills in its texts.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from render.type.text_style import TextStyle


class FragmentTemplate(NamedTuple):
    """A page fragment, drawn from the left edge of the page and from its own top."""

    words: str  # operators, with a %s for each placeholder
    marks: str
    outline: str
    tagged: int  # number of marked contents on the page after it
    setters: tuple[Callable[[str], str], ...]  # text -> operators, for each placeholder; () when texts are operators
    x: int  # position of its last text
    y: int
    style: TextStyle | None  # style of its last text
    end: str  # what ends its last marked content

    def filled(self, texts: Sequence[str]) -> str:
        """Return the operators with one of *texts* in each placeholder."""
        if self.setters:
            texts = [write(text) for write, text in zip(self.setters, texts, strict=True)]
        return self.words % tuple(texts)
