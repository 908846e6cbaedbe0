"""The shapes of a feed's XML: regular expressions learned from the markup of parsed invoices, which read the next ones
without a parser.

A seller's software prints the same markup a million times; only the texts between the tags differ. Each part of a
document that lxml has parsed becomes a regular expression: its tags literally, and texts without markup between them. A
document that such expressions match from its first to its last character is well-formed and has the same elements,
because the one they were made of is and has. Everything else goes to lxml.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml import etree

from ingest.xml.shapes.element_stand_in import DocumentStandIn, ElementStandIn

#: Characters of markup that may be learned per document read: learning them takes as long as reading a document.
_EARNED: Final = 250
_MOST_EARNED: Final = 40_000
_MOST_LEARNED: Final = 500_000
#: An element with more tags than this inside is no shape of its own; its children are.
_MOST_TAGS: Final = 80
_LONGEST_TAG: Final = 500
_LARGEST_DOCUMENT: Final = 100_000

_plain = "[^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*+"
_TEXT: Final = f"({_plain}(?:&(?:amp|lt|gt|quot|apos);{_plain})*+)"
_BLANK: Final = r"[ \t\r\n]*+"
_head = re.compile(rf"\ufeff?{_BLANK}(?:<\?[^<>]*+>{_BLANK})?<[^<>!?]*+>").match
_tag = re.compile(rf"{_BLANK}<([^<>]*+)>").match
_tags = re.compile(r"<([^<>]*+)>").finditer
_end = re.compile(rf"{_BLANK}\Z").match
_entity = re.compile("&([a-z]+);").sub
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class _Reading(NamedTuple):
    """A document while it is read: its text, whether it has entities, and its number in the feed."""

    text: str
    escaped: bool
    number: int


Taken = tuple[ElementStandIn, int] | None
#: Namespace prefixes with their namespaces.
Context = frozenset[tuple[str | None, str]]


class _Shape:
    """The markup of an element and its descendants as one regular expression."""

    def __init__(self, root: ElementStandIn, markup: str) -> None:
        self._match = re.compile(markup).match
        self._trees = [(root, list(_leaves(root)))]
        self._reading = self._used = 0
        self._said = ""  # what the first of the trees was read from
        self.follower: _Shape | None = None

    def take(self, reading: _Reading, at: int) -> Taken:
        """Return the element at *at* and the index of its end; None when it has another shape."""
        is_first = self._reading != reading.number
        if is_first and self._said and reading.text.startswith(self._said, at):
            self._reading, self._used = reading.number, 1
            root = self._trees[0][0]
            root.same = True
            return root, at + len(self._said)
        found = self._match(reading.text, at)
        if found is None:
            return None
        if is_first:
            self._reading, self._used, self._said = reading.number, 0, found[0]
        elif self._used == len(self._trees):
            copy = self._trees[0][0].copy()  # a line's elements are not the next line's
            self._trees.append((copy, list(_leaves(copy))))
        root, leaves = self._trees[self._used]
        self._used += 1
        texts = found.groups()
        if reading.escaped:
            texts = tuple(map(_unescape, texts))
        for leaf, text in zip(leaves, texts, strict=True):
            leaf.text = text
        root.same = False
        if root.found:
            root.found = {}
        return root, found.end()


class _FrameShape:
    """The tags of a large element, and the shapes seen between them."""

    def __init__(self, node: ElementStandIn, closing: str) -> None:
        self._node, self._closing = node, closing
        self.inside: dict[str, list[_Shape | _FrameShape]] = {}

    def take(self, reading: _Reading, at: int) -> Taken:
        """Return the element at *at* and the index of its end; None when it has another shape."""
        start = _tag(reading.text, at)
        return self.fill(reading, start.end()) if start else None

    def fill(self, reading: _Reading, at: int) -> Taken:
        """Return the element whose children begin at *at*, and the index of its end; None when a child's shape is
        unknown."""
        element = DocumentStandIn(self._node.tag, self._node.prefix, {}, self._node.text)
        element.get = self._node.get
        before: _Shape | None = None
        while True:
            taken = before.follower.take(reading, at) if before and before.follower else None
            if taken:
                assert before
                before = before.follower
            else:
                tag = _tag(reading.text, at)
                if tag is None:
                    return None
                for shape in self.inside.get(tag[1], ()):
                    if taken := shape.take(reading, at):
                        if isinstance(shape, _Shape):
                            if before:
                                before.follower = shape
                            before = shape
                        break
                else:
                    return (element, tag.end()) if tag[1] == self._closing else None
            child, at = taken
            element.append(child)


class _Part(NamedTuple):
    """An element of a document that lxml has parsed, with the positions of its opening and closing tags."""

    node: ElementStandIn
    first: int
    last: int
    parts: "list[_Part]"


class ShapeCache:
    """The shapes of one feed. Learning is limited to a share of the documents read, so a feed without repetition costs
    at most twice as much."""

    def __init__(self) -> None:
        self._frames: dict[tuple[Context | None, str], _FrameShape] = {}
        self._count = self._earned = self._learned = 0

    def read(self, text: str, context: Context | None = None) -> ElementStandIn | None:
        """Return the root of a document, valid until the next call; None when lxml has to parse it.

        For an invoice inside a batch, *context* holds the namespaces in force there.
        """
        self._count += 1
        self._earned = min(self._earned + _EARNED, _MOST_EARNED)
        head = _head(text) if len(text) <= _LARGEST_DOCUMENT else None
        frame = self._frames.get((context, head[0].strip())) if head else None
        if head is None or frame is None:
            return None
        taken = frame.fill(_Reading(text, "&" in text, self._count), head.end())
        return taken[0] if taken and _end(text, taken[1]) else None

    def learn(self, text: str, root: etree._Element, context: Context | None = None) -> None:
        """Learn the shapes of a document that lxml has parsed to *root*, within the limit on learning."""
        if self._earned < _MOST_EARNED // 10 or len(text) > _LARGEST_DOCUMENT:
            return
        head, tags = _head(text), list(_tags(text))
        if head is None or not _is_plain(text, tags):
            return
        first = 1 if tags[0][1].startswith("?") else 0
        part = _part(root, tags, first)
        frame = self._frames.setdefault((context, head[0].strip()), _FrameShape(part.node, tags[part.last][1]))
        self._learn(_Reading(text, False, self._count), tags, frame, part)

    def _learn(self, reading: _Reading, tags: list[re.Match[str]], frame: _FrameShape, whole: _Part) -> None:
        for part in whole.parts:
            at, shapes = tags[part.first].start(), frame.inside.setdefault(tags[part.first][1], [])
            if part.last - part.first > _MOST_TAGS:
                inner = next((one for one in shapes if isinstance(one, _FrameShape)), None)
                if inner is None:
                    shapes.append(inner := _FrameShape(part.node, tags[part.last][1]))
                self._learn(reading, tags, inner, part)
            elif not any(shape.take(reading, at) for shape in shapes):
                markup = _markup(tags[part.first : part.last + 1])
                if len(markup) > min(self._earned, _MOST_LEARNED - self._learned):
                    return
                self._earned -= len(markup)
                self._learned += len(markup)
                shapes.append(_Shape(part.node, markup))


def _is_plain(text: str, tags: list[re.Match[str]]) -> bool:
    """Return whether `<` and `>` stand in tags alone: no comment, CDATA or processing instruction after the
    declaration."""
    return (
        text.count("<") == text.count(">") == len(tags)
        and not any(tag[1][0] in "!?" or len(tag[1]) > _LONGEST_TAG for tag in tags[1:])
        and tags[0][1][0] != "!"
    )


def _part(element: etree._Element, tags: list[re.Match[str]], first: int) -> _Part:
    node = ElementStandIn(
        str(element.tag), element.prefix, {str(name): str(said) for name, said in element.items()}, element.text or ""
    )
    parts, last = [], first
    for child in element:
        parts.append(_part(child, tags, last + 1))
        last = parts[-1].last
    node.extend(part.node for part in parts)
    return _Part(node, first, last if tags[first][1].endswith("/") else last + 1, parts)


def _markup(tags: list[re.Match[str]]) -> str:
    """Return the regular expression of these tags: text where a tag closes the one before it, blanks elsewhere."""
    written = [_BLANK]
    for tag, after in zip(tags, [*tags[1:], None], strict=True):
        name = tag[1]
        written.append(re.escape(tag[0]))
        if name.endswith("/"):
            written.append("()")
        if after is not None:
            is_leaf = after[1][0] == "/" and not (name[0] == "/" or name.endswith("/"))
            written.append(_TEXT if is_leaf else _BLANK)
    return "".join(written)


def _leaves(root: ElementStandIn) -> Iterator[ElementStandIn]:
    if not len(root):
        yield root
    for child in root:
        yield from _leaves(child)


def _unescape(text: str) -> str:
    return _entity(lambda match: _ENTITIES[match[1]], text) if "&" in text else text
