"""Stand-ins for lxml elements on the fast path: lightweight objects with the same children, tag, text and
attributes."""

from collections.abc import Callable, Mapping
from typing import Any


class ElementStandIn(list["ElementStandIn"]):
    """An element with its children, *tag*, *text* and `get(attribute)`. It has no line number, so findings need a full
    parse by lxml.

    It is reused: the texts of the next document are written into it. Therefore it caches, by the `id` of a mapping
    table, the mapper's *plans*, and, while its texts stay equal, what was *found*.
    """

    __slots__ = ("found", "get", "plans", "prefix", "same", "tag", "text")

    def __init__(self, tag: str, prefix: str | None, attributes: Mapping[str, str], text: str = "") -> None:
        self.tag = tag
        self.prefix = prefix
        self.text = text
        self.get: Callable[[str], str | None] = attributes.get
        self.plans: dict[int, list[tuple[ElementStandIn, str, Any]]] = {}
        self.same = False  # says letter by letter what it said in the document before
        self.found: dict[int, dict[str, Any]] = {}

    def bare(self) -> "ElementStandIn":
        """Return the element without its children."""
        copied = ElementStandIn(self.tag, self.prefix, {}, self.text)
        copied.get = self.get
        return copied

    def copy(self) -> "ElementStandIn":
        """Return a copy of the element with all its descendants."""
        copied = self.bare()
        copied.extend(child.copy() for child in self)
        return copied


class DocumentStandIn(ElementStandIn):
    """A large element, put together for each document from children of known shapes."""

    __slots__ = ()
