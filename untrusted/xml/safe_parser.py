"""Parses XML safely; the only place where a parser is made. No DOCTYPE, entities or network, and limits on depth and
size.

Errors carry line and column. XInclude elements and stylesheet instructions have no effect.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from lxml import etree

from untrusted.feed_error import FeedError

#: The most bytes of a whole document, and the most `<` and `=` together: about 18,000 invoice lines.
LARGEST_DOCUMENT: Final = 48_000_000
MOST_MARKUP: Final = 1_000_000
_MOST_ATTRIBUTES: Final = 100
_LONGEST_ATTRIBUTE: Final = 10_000
#: Documents below this size are not checked for floods.
QUIET_SIZE: Final = 100_000

_ENCODINGS: Final = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "ISO-8859-15", "WINDOWS-1252", "US-ASCII"}
_prolog = rb"(?:\xef\xbb\xbf)?(?>\s*(?><\?.*?\?>|<!--.*?-->))*+\s*"
_doctype = re.compile(_prolog + rb"<!DOCTYPE", re.DOTALL | re.IGNORECASE).match
_many_attributes = etree.XPath(f"boolean(descendant-or-self::*[count(@*) > {_MOST_ATTRIBUTES}])")
_long_attribute = etree.XPath(f"boolean(descendant-or-self::*/@*[string-length() > {_LONGEST_ATTRIBUTE}])")

OPTIONS: Final[dict[str, Any]] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "remove_comments": True,
    "remove_pis": True,
}  # fmt: skip

_parser: Final = etree.XMLParser(**OPTIONS)
_utf8_parser: Final = etree.XMLParser(encoding="utf-8", **OPTIONS)


def parse(document: bytes, *, is_utf8: bool = False) -> etree._Element:
    """Return the root of a whole document; raises FeedError with the fault and its place. *is_utf8*: whatever its
    declaration says."""
    check_size(document)
    try:
        root = etree.fromstring(document, _utf8_parser if is_utf8 else _parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise explain(error, document) from error
    check_prolog(root)
    if len(document) > QUIET_SIZE:
        check_floods(root)
    return root


def check_size(document: bytes) -> None:
    """Raise FeedError for a document that would take too much memory, before it is parsed."""
    if len(document) > LARGEST_DOCUMENT or (
        len(document) > MOST_MARKUP and document.count(b"<") + document.count(b"=") > MOST_MARKUP
    ):
        raise too_large()


def too_large() -> FeedError:
    """Return the error for a document over the size limit."""
    return FeedError("XML-TOO-LARGE", "this document is larger than any bill; send several bills as a batch or a ZIP")


def check_prolog(root: etree._Element) -> None:
    """Raise FeedError for a document type declaration, or an encoding in which markup can hide."""
    info = root.getroottree().docinfo
    if info.internalDTD is not None:
        raise _doctype_refused()
    if (info.encoding or "UTF-8").upper() not in _ENCODINGS:
        sentence = "the encoding {encoding} is not read; send UTF-8"
        raise FeedError("XML-MALFORMED", sentence, "line 1, column 1", encoding=str(info.encoding)[:40])


def check_doctype(start: bytes) -> None:
    """Raise FeedError when a document begins with a document type declaration."""
    if _doctype(start):
        raise _doctype_refused()


def is_utf8(root: etree._Element) -> bool:
    """Return whether the document's text equals its bytes read as UTF-8."""
    return (root.getroottree().docinfo.encoding or "UTF-8").upper() in ("UTF-8", "US-ASCII")


def check_floods(root: etree._Element) -> None:
    """Raise FeedError for an element with hundreds of attributes, or an oversized attribute."""
    if _many_attributes(root):
        raise FeedError(
            "XML-FLOOD", "an element has more than {most} attributes; a bill's has three", most=_MOST_ATTRIBUTES
        )
    if _long_attribute(root):
        raise FeedError("XML-FLOOD", "an attribute has more than {most} characters", most=_LONGEST_ATTRIBUTE)


def explain(error: Exception, start: bytes, unseen: int = 0) -> FeedError:
    """Return a parser's error as a FeedError for the sender. *start* is the document or its first part, *unseen* the
    number of lines that the parser has not seen."""
    if _doctype(start):
        return _doctype_refused()
    line, column = getattr(error, "position", (1, 1))
    reason = re.sub(r", line \d+, column \d+.*$| line \d+(?= and )", "", str(error), flags=re.DOTALL)[:300]
    place = f"line {line + unseen}, column {column}"
    return FeedError("XML-MALFORMED", "this XML is broken or cut off: {reason}", place, reason=reason)


@contextmanager
def explained(start: bytes, unseen: int = 0) -> Iterator[None]:
    """Context manager that turns parser errors into a FeedError, as `explain` does."""
    try:
        yield
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise explain(error, start, unseen) from error


def forget(element: etree._Element) -> None:
    """Free the memory of a read element of a stream, and of everything before it in its wrappers."""
    element.clear()
    for each in (element, *element.iterancestors()):
        while (before := each.getprevious()) is not None and (parent := before.getparent()) is not None:
            parent.remove(before)


def _doctype_refused() -> FeedError:
    message = "a document type declaration (DOCTYPE) is never accepted: remove it"
    return FeedError("XML-DOCTYPE", message, "before the root element")
