"""The shapes of a feed's XML: regular expressions learned from the markup of parsed invoices, which read the next ones
without a parser.

A seller's software prints the same markup a million times; only the texts between the tags differ. Each part of a
document that lxml has parsed becomes a regular expression: its tags literally, and texts without markup between them. A
document that such expressions match from its first to its last character is well-formed and has the same elements,
because the one they were made of is and has. Everything else goes to lxml.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from lxml import etree

from ingest.document_findings import Acceptance
from ingest.xml.element import Element, NamespaceContext
from ingest.xml.mapper import XmlMapper
from ingest.xml.shapes.element_regex import DocumentText, ElementShape, FrameShape
from ingest.xml.shapes.element_stand_in import ElementStandIn, NeedsFullParseError
from ingest.xml.shapes.stand_in_mapper import StandInMapper
from ingest.xml.shapes.tag_positions import MarkupPart, Tags, expression_of, head_of, is_end, part_of, plain_tags
from untrusted.value_parsing import NotAValueError

#: Characters of markup that may be learned per document read: learning them takes as long as reading a document.
_EARNED: Final = 250
_MOST_EARNED: Final = 40_000
_MOST_LEARNED: Final = 500_000
#: An element with more tags than this inside is no shape of its own; its children are.
_MOST_TAGS: Final = 80
_LARGEST_DOCUMENT: Final = 100_000

Draft = TypeVar("Draft")


class ShapeCache:
    """The shapes of one feed. Learning is limited to a share of the documents read, so a feed without repetition costs
    at most twice as much."""

    def __init__(self) -> None:
        self._frames: dict[tuple[NamespaceContext | None, str], FrameShape] = {}
        self._count = self._earned = self._learned = 0

    def read(
        self, text: str, acceptance: Acceptance, interpret: Callable[[Element, XmlMapper], Draft],
        context: NamespaceContext | None = None,
    ) -> Draft | None:  # fmt: skip
        """Return what *interpret* makes of a document's root and its mapper; None when lxml has to parse the document:
        it has another shape, or there is a finding, which needs a line.

        For an invoice inside a batch, *context* holds the namespaces in force there. Where the profile asks for all
        rules of EN 16931, XPath on the parsed document is needed, so nothing is read this way.
        """
        root = self._root(text, context) if acceptance == "usable" else None
        if root is None:
            return None
        try:
            return interpret(root, StandInMapper(acceptance))
        except (NeedsFullParseError, NotAValueError):
            return None

    def _root(self, text: str, context: NamespaceContext | None) -> ElementStandIn | None:
        """Return the root of a document of known shapes, valid until the next call; else None."""
        self._count += 1
        self._earned = min(self._earned + _EARNED, _MOST_EARNED)
        head = head_of(text) if len(text) <= _LARGEST_DOCUMENT else None
        frame = self._frames.get((context, head[0].strip())) if head else None
        if head is None or frame is None:
            return None
        taken = frame.fill(DocumentText(text, "&" in text, self._count), head.end())
        return taken[0] if taken and is_end(text, taken[1]) else None

    def learn(self, text: str, root: etree._Element, context: NamespaceContext | None = None) -> None:
        """Learn the shapes of a document that lxml has parsed to *root*, within the limit on learning."""
        if self._earned < _MOST_EARNED // 10 or len(text) > _LARGEST_DOCUMENT:
            return
        head = head_of(text)
        tags = plain_tags(text) if head else None
        if head is None or tags is None:
            return
        part = part_of(root, tags, 1 if tags[0][1].startswith("?") else 0)
        frame = self._frames.setdefault((context, head[0].strip()), FrameShape(part.element, tags[part.last][1]))
        self._learn(DocumentText(text, False, self._count), tags, frame, part)

    def _learn(self, document: DocumentText, tags: Tags, frame: FrameShape, whole: MarkupPart) -> None:
        for part in whole.parts:
            at, shapes = tags[part.first].start(), frame.inside.setdefault(tags[part.first][1], [])
            if part.last - part.first > _MOST_TAGS:
                inner = next((one for one in shapes if isinstance(one, FrameShape)), None)
                if inner is None:
                    shapes.append(inner := FrameShape(part.element, tags[part.last][1]))
                self._learn(document, tags, inner, part)
            elif not any(shape.take(document, at) for shape in shapes):
                markup = expression_of(tags[part.first : part.last + 1])
                if len(markup) > min(self._earned, _MOST_LEARNED - self._learned):
                    return
                self._earned -= len(markup)
                self._learned += len(markup)
                shapes.append(ElementShape(part.element, markup))
