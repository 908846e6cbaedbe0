"""Stand-ins for lxml elements on the fast path: lightweight objects with the same children, tag, text and
attributes."""

from collections.abc import Callable, Iterator
from typing import Any, Never


class NeedsFullParseError(Exception):
    """There is a finding about an element whose line is unknown: the document must be parsed with lxml."""


class ElementStandIn(list["ElementStandIn"]):
    """An element with its children, *tag*, *text* and `get(attribute)`.

    It is reused: the texts of the next document are written into it. Therefore it caches, by the `id` of a mapping
    table, the mapper's *plans*, and, while its texts stay equal, what was *found*.
    """

    __slots__ = ("found", "get", "plans", "same", "tag", "text")

    def __init__(self, tag: str, get: Callable[[str], str | None], text: str = "") -> None:
        self.tag = tag
        self.get = get
        self.text = text
        self.plans: dict[int, list[tuple[ElementStandIn, str, Any]]] = {}
        self.same = False  # says letter by letter what it said in the document before
        self.found: dict[int, dict[str, Any]] = {}

    @property
    def sourceline(self) -> Never:
        """Only findings ask for a line, and it has none."""
        raise NeedsFullParseError

    @property
    def prefix(self) -> Never:
        """Only findings ask for a prefix."""
        raise NeedsFullParseError

    def copy(self) -> "ElementStandIn":
        """Return a copy of the element with all its descendants."""
        copied = ElementStandIn(self.tag, self.get, self.text)
        copied.extend(child.copy() for child in self)
        return copied

    def leaves(self) -> Iterator["ElementStandIn"]:
        """Yield the elements without children, in document order."""
        if not len(self):
            yield self
        for child in self:
            yield from child.leaves()


class FrameStandIn(ElementStandIn):
    """A large element, put together for each document from children of known shapes."""

    __slots__ = ()
