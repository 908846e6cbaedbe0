"""A page fragment: a part of a page that was drawn by itself, ready to be placed on a page."""

from typing import NamedTuple

from render.type.typesetting import TextStyle


class FragmentFrame(NamedTuple):
    """What a fragment has besides texts, seen from the left edge of the page and from the fragment's top."""

    marks: str
    outline: str
    tagged: int  # number of marked contents on the page after it
    x: int  # position of its last text
    y: int
    style: TextStyle | None  # style of its last text
    end: str  # what ends its last marked content


#: A page fragment: the operators of its texts, and the rest. A plain pair, because a page has many.
PageFragment = tuple[str, FragmentFrame]
