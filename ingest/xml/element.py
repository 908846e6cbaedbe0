"""What the readers of XML use of an element: its name, text, attributes and children, and its place for findings."""

from collections.abc import Iterator
from typing import Any, Protocol

from untrusted.value_parsing import code

#: The namespace prefixes in force at an element, with their namespaces.
NamespaceContext = frozenset[tuple[str | None, str]]


class Element(Protocol):
    """An XML element; lxml's is one. Its children are also had by `element[:]`."""

    @property
    def tag(self) -> str: ...  # "{namespace}name"
    @property
    def prefix(self) -> str | None: ...
    @property
    def text(self) -> str | None: ...
    @property
    def sourceline(self) -> Any: ...  # None where it is unknown
    def get(self, key: str, /) -> str | None: ...  # an attribute's text
    def __iter__(self) -> Iterator["Element"]: ...
    def __len__(self) -> int: ...


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def line_of(element: Element) -> int:
    """Return an element's line in its document; 0 when it is unknown."""
    return element.sourceline if isinstance(element.sourceline, int) else 0


def where(element: Element, unseen: int = 0) -> str:
    """Return an element's place for findings, its line and its name as written; *unseen* lines before the document are
    added."""
    name = local_name(element)
    return f"line {line_of(element) + unseen}, {f'{element.prefix}:{name}' if element.prefix else name}"


def attribute_of(element: Element, name: str) -> str:
    """Return the text of an attribute (unit, scheme, currency, name); "" when it is absent."""
    said = element.get(name)
    return (code(said) or "") if said else ""
