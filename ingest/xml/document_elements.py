"""The elements of one XML document by their tags, for rules that ask about the whole of it."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final, TypeVar

from lxml import etree

Elements = list[etree._Element]
_Answer = TypeVar("_Answer")


class DocumentElements:
    """The elements of one document by their tag and their parent's."""

    def __init__(self, root: etree._Element) -> None:
        self.root: Final = root
        self.by_tags: Final[dict[tuple[Any, Any], Elements]] = {(root.tag, None): [root]}
        self._answers: Final[dict[Any, Any]] = {}
        by_tags = self.by_tags
        for element in root.iterdescendants():
            tags = element.tag, element.getparent().tag  # type: ignore[union-attr]  # what is below has a parent
            if tags in by_tags:
                by_tags[tags].append(element)
            else:
                by_tags[tags] = [element]

    @cached_property
    def _by_tag(self) -> dict[str, Elements]:
        found: dict[str, Elements] = {}
        for (tag, _), elements in self.by_tags.items():
            found[tag] = [*found[tag], *elements] if tag in found else elements
        return found

    def below(self, parent: str, tag: str) -> Elements:
        """Return the elements of a tag whose parent has the tag *parent*, in document order."""
        return self.by_tags.get((tag, parent), [])

    def once(self, find: Callable[["DocumentElements"], _Answer]) -> _Answer:
        """Return what *find* returns for this document, found once."""
        if find not in self._answers:
            self._answers[find] = find(self)
        answer: _Answer = self._answers[find]
        return answer

    def tagged(self, tag: str) -> Elements:
        """Return the elements of a tag, those of one parent in document order."""
        return self._by_tag.get(tag, [])


def tag_of(name: str, namespaces: Mapping[str, str]) -> str:
    """Return lxml's tag of a name with prefix."""
    prefix, _, local = name.partition(":")
    return f"{{{namespaces[prefix]}}}{local}"
