"""The markup of a document that lxml has parsed: its tags in the text, the element that each belongs to, and the
regular expression of some of them."""

import re
from typing import Final, NamedTuple

from lxml import etree

from ingest.xml.shapes.element_stand_in import ElementStandIn

_LONGEST_TAG: Final = 500

_plain = "[^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*+"
_TEXT: Final = f"({_plain}(?:&(?:amp|lt|gt|quot|apos);{_plain})*+)"
_BLANK: Final = r"[ \t\r\n]*+"
_tags = re.compile(r"<([^<>]*+)>").finditer

#: Matches the beginning of a document, to the end of its root's opening tag.
head_of = re.compile(rf"\ufeff?{_BLANK}(?:<\?[^<>]*+>{_BLANK})?<[^<>!?]*+>").match
#: Matches the next tag.
next_tag = re.compile(rf"{_BLANK}<([^<>]*+)>").match
#: Matches where a document ends.
is_end = re.compile(rf"{_BLANK}\Z").match

Tags = list[re.Match[str]]


class MarkupPart(NamedTuple):
    """An element of a document that lxml has parsed, with the positions of its opening and closing tags."""

    element: ElementStandIn
    first: int
    last: int
    parts: "list[MarkupPart]"


def plain_tags(text: str) -> Tags | None:
    """Return the tags of a document in which `<` and `>` stand in tags alone: no comment, CDATA or processing
    instruction after the declaration. None for any other document."""
    tags = list(_tags(text))
    is_plain = (
        text.count("<") == text.count(">") == len(tags)
        and not any(tag[1][0] in "!?" or len(tag[1]) > _LONGEST_TAG for tag in tags[1:])
        and tags[0][1][0] != "!"
    )
    return tags if is_plain else None


def part_of(element: etree._Element, tags: Tags, first: int) -> MarkupPart:
    """Return the part of *element*, whose opening tag is the one at *first*, with those of its descendants."""
    attributes = {str(name): str(said) for name, said in element.items()}
    parts, last = [], first
    for child in element:
        parts.append(part_of(child, tags, last + 1))
        last = parts[-1].last
    node = ElementStandIn(str(element.tag), attributes.get, element.text or "")
    node.extend(part.element for part in parts)
    return MarkupPart(node, first, last if tags[first][1].endswith("/") else last + 1, parts)


def expression_of(tags: Tags) -> str:
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
