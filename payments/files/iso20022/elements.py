"""Finds XML elements by their local names, whatever their namespace, and reads their text."""

from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from untrusted.value_parsing import words

Element: TypeAlias = etree._Element


def local_name_of(element: Element) -> str:
    """The element's name without its namespace, or a prefix that is not declared."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The children of this name."""
    return iter(()) if element is None else element.iterchildren("{*}" + name)


def child(element: Element | None, *path: str) -> Element | None:
    """The element at the end of a path of names, the first of each; None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next(element.iterchildren("{*}" + name), None)
    return element


def text(element: Element | None, *path: str) -> str:
    """The text at the end of a path, on one line; "" where there is none. Raises NotAValueError for more than 5,000
    characters."""
    found = child(element, *path)
    return (words(found.text) or "") if found is not None and found.text else ""


def first_text(element: Element | None, *paths: tuple[str, ...]) -> str:
    """The text of the first of these paths that has one."""
    return next((said for path in paths if (said := text(element, *path))), "")


def code_or_proprietary(element: Element | None) -> str:
    """The code of a choice (`Cd` or `Prtry`, as text or in `Id`)."""
    return first_text(element, ("Cd",), ("Prtry",), ("Prtry", "Id"), ("Prtry", "Cd"))


def line_of_element(element: Element) -> int:
    """The element's line in its file, from 1."""
    return element.sourceline if isinstance(element.sourceline, int) else 0
