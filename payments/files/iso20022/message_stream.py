"""Parses a message as a stream: the elements of some names, one after the other, in constant memory."""

from collections.abc import Collection, Iterator, Mapping
from typing import BinaryIO, Final

from lxml import etree

from bill import Finding
from payments.files.iso20022.elements import Element, line_of_element, local_name_of
from untrusted.encodings.end_of_file_mark import blocks_without_end_mark
from untrusted.feed_error import FeedError
from untrusted.xml import safe_parser
from untrusted.xml.recoded_xml import from_first_tag, recoded_xml

_BLOCK: Final = 1 << 16
#: The most bytes, and the most `<` and `=`, of one payment or of a statement's header.
_LARGEST: Final = 8_000_000
_MOST_MARKUP: Final = 200_000


class MessageStream:
    """Some elements of a file: each as ("start", element) when it begins and ("end", element) when it is complete.
    *parents* has their names, and the elements in which each may stand. Raises FeedError where it stands in another,
    and where the XML is broken, cut off or hostile.

    Whoever has read an element forgets it, and all that stands before it.
    """

    def __init__(self, stream: BinaryIO, parents: Mapping[str, Collection[str]]) -> None:
        self._parents = parents
        self._recoded = recoded_xml(stream)
        self._source = self._recoded or stream
        self._parser = etree.XMLPullParser(
            events=("start", "end"), tag=[f"{{*}}{name}" for name in parents],
            encoding="utf-8" if self._recoded else None, **safe_parser.OPTIONS,
        )  # fmt: skip
        self._start = b""
        self._held = self._markup = 0

    def __iter__(self) -> Iterator[tuple[str, Element]]:
        is_checked = False
        for block in blocks_without_end_mark(self._source, _BLOCK):
            self._feed(block)
            for event, element in self._parser.read_events():
                assert isinstance(element, etree._Element)
                if not is_checked:
                    safe_parser.check_prolog(element)
                    is_checked = True
                self._check_parent(event, element)
                yield event, element
            if self._held > _LARGEST or self._markup > _MOST_MARKUP:
                raise FeedError("XML-TOO-LARGE", "one entry of this file is larger than any payment")
        with safe_parser.explained(self._start):
            root = self._parser.close()
        safe_parser.check_prolog(root)

    def forget(self, element: Element) -> None:
        """Free an element's memory, and that of all that stands before it in the file."""
        if self._held > safe_parser.QUIET_SIZE:
            safe_parser.check_floods(element)
        safe_parser.forget(element)
        self._held = self._markup = 0

    def findings(self) -> list[Finding]:
        """What is to be said of the file's encoding, at its end."""
        return self._recoded.findings() if self._recoded else []

    def _check_parent(self, event: str, element: Element) -> None:
        """An entry inside an entry, say, would be counted twice or not at all."""
        parent = element.getparent()
        name, outer = local_name_of(element), local_name_of(parent) if parent is not None else ""
        if event == "start" and outer not in self._parents[name]:
            sentence = "{name} stands in {parent}, where it has no place"
            place = f"line {line_of_element(element)}"
            raise FeedError("PAYMENT-STRUCTURE", sentence, place, name=name, parent=outer[:40] or "/")

    def _feed(self, block: bytes) -> None:
        block = block if self._start else from_first_tag(block)
        self._start = self._start or block
        self._held += len(block)
        self._markup += block.count(b"<") + block.count(b"=")
        with safe_parser.explained(self._start):
            self._parser.feed(block)
