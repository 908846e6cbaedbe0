"""A shape: the markup of an element as one regular expression, which reads the texts of the next element with the same
markup."""

import re
from typing import Final, NamedTuple

from ingest.xml.shapes.element_stand_in import ElementStandIn, FrameStandIn
from ingest.xml.shapes.tag_positions import next_tag

_entity = re.compile("&([a-z]+);").sub
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class DocumentText(NamedTuple):
    """A document's text, whether it has entities, and its number in the feed."""

    text: str
    escaped: bool
    number: int


#: A stand-in element and the index of its end in the text; None when it has another shape.
Taken = tuple[ElementStandIn, int] | None


class ElementShape:
    """The markup of an element and its descendants as one regular expression."""

    def __init__(self, root: ElementStandIn, markup: str) -> None:
        self._match = re.compile(markup).match
        self._trees = [(root, list(root.leaves()))]
        self._document = self._used = 0
        self._said = ""  # what the first of the trees was read from
        self.follower: ElementShape | None = None

    def take(self, document: DocumentText, at: int) -> Taken:
        """Return the element at *at* and the index of its end; None when it has another shape."""
        is_first = self._document != document.number
        if is_first and self._said and document.text.startswith(self._said, at):
            self._document, self._used = document.number, 1
            root = self._trees[0][0]
            root.same = True
            return root, at + len(self._said)
        found = self._match(document.text, at)
        if found is None:
            return None
        if is_first:
            self._document, self._used, self._said = document.number, 0, found[0]
        elif self._used == len(self._trees):
            copy = self._trees[0][0].copy()  # a line's elements are not the next line's
            self._trees.append((copy, list(copy.leaves())))
        root, leaves = self._trees[self._used]
        self._used += 1
        texts = found.groups()
        if document.escaped:
            texts = tuple(map(_unescape, texts))
        for leaf, text in zip(leaves, texts, strict=True):
            leaf.text = text
        root.same = False
        if root.found:
            root.found = {}
        return root, found.end()


class FrameShape:
    """The tags of a large element, and the shapes seen between them."""

    def __init__(self, element: ElementStandIn, closing: str) -> None:
        self._element, self._closing = element, closing
        self.inside: dict[str, list[ElementShape | FrameShape]] = {}

    def take(self, document: DocumentText, at: int) -> Taken:
        """Return the element at *at* and the index of its end; None when it has another shape."""
        start = next_tag(document.text, at)
        return self.fill(document, start.end()) if start else None

    def fill(self, document: DocumentText, at: int) -> Taken:
        """Return the element whose children begin at *at*, and the index of its end; None when a child's shape is
        unknown."""
        element = FrameStandIn(self._element.tag, self._element.get, self._element.text)
        before: ElementShape | None = None
        while True:
            taken = before.follower.take(document, at) if before and before.follower else None
            if taken:
                assert before
                before = before.follower
            else:
                tag = next_tag(document.text, at)
                if tag is None:
                    return None
                for shape in self.inside.get(tag[1], ()):
                    if taken := shape.take(document, at):
                        if isinstance(shape, ElementShape):
                            if before:
                                before.follower = shape
                            before = shape
                        break
                else:
                    return (element, tag.end()) if tag[1] == self._closing else None
            child, at = taken
            element.append(child)


def _unescape(text: str) -> str:
    return _entity(lambda match: _ENTITIES[match[1]], text) if "&" in text else text
