"""An element as a known shape has it: what a step asks of lxml's elements, at the price of a list."""

from collections.abc import Callable, Mapping
from typing import Any


class ElementStandIn(list["ElementStandIn"]):
    """An element: its children, its *tag*, its *text*, `get(attribute)`. It does not know its line: who has something
    to say about it reads the document with lxml.

    It outlives the document, and other texts are written into it for the next one. So it remembers, by the `id` of a
    table, what the walk made of it: its *plans*, and, while its texts stay the same, what was *found*.
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
        """The same element without what is below it."""
        twin = ElementStandIn(self.tag, self.prefix, {}, self.text)
        twin.get = self.get
        return twin

    def copy(self) -> "ElementStandIn":
        """The same element once more, with all that is below it."""
        twin = self.bare()
        twin.extend(child.copy() for child in self)
        return twin


class DocumentStandIn(ElementStandIn):
    """A large element, put together anew for each document from children that are of known shapes."""

    __slots__ = ()
