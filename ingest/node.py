"""An element as a known shape has it: what a step asks of lxml's elements, at the price of a list."""

from collections.abc import Callable, Mapping
from typing import Any


class Node(list["Node"]):
    """An element: its children, its *tag*, its *text*, `get(attribute)`. It does not know its line: who has something
    to say about it reads the document with lxml."""

    __slots__ = ("_plans", "get", "prefix", "tag", "text")

    def __init__(self, tag: str, prefix: str | None, attributes: Mapping[str, str], text: str = "") -> None:
        self.tag = tag
        self.prefix = prefix
        self.text = text
        self.get: Callable[[str], str | None] = attributes.get
        self._plans: dict[int, list[tuple[Node, Any]]] = {}

    def known(self, meanings: dict[str, Any]) -> list[tuple["Node", Any]]:
        """The elements below that the table *meanings* knows, each with its meaning; a wrapper's in its place."""
        plan = self._plans.get(id(meanings))
        if plan is None:
            plan = self._plans[id(meanings)] = []
            for child in self:
                meaning = meanings.get(child.tag)
                if type(meaning) is dict:
                    plan += child.known(meaning)
                elif meaning is not None:
                    plan.append((child, meaning))
        return plan

    def bare(self) -> "Node":
        """The same element without what is below it."""
        twin = Node(self.tag, self.prefix, {}, self.text)
        twin.get = self.get
        return twin

    def copy(self) -> "Node":
        """The same element once more, with all that is below it."""
        twin = self.bare()
        twin.extend(child.copy() for child in self)
        return twin
