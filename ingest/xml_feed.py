"""XML feeds: one invoice, or a batch of any number in any wrapper, read as a stream in flat memory."""

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO, Final

from lxml import etree

from ingest import xml
from ingest.document import NAMES, not_an_invoice, read_document, read_root
from ingest.entry import Draft, FeedError
from ingest.reader import Desk
from ingest.walk import Acceptance

_CHUNK: Final = 1 << 16


def read_invoice(source: BinaryIO, desk: Desk) -> Iterator[Draft]:
    """The one invoice that a document is."""
    document = source.read(xml.LARGEST_DOCUMENT + 1)
    yield read_document(document, desk.profile.acceptance, "document", desk.shapes)


def read_batch(source: BinaryIO, desk: Desk) -> Iterator[Draft]:
    """The invoices in a wrapper, whatever its name. One inside another's attachment is not another one.

    A batch that ends early has given the invoices before its end and then raises FeedError.
    """
    parser = etree.XMLPullParser(events=("start", "end"), tag=[f"{{*}}{name}" for name in NAMES], **xml.OPTIONS)
    start = source.read(_CHUNK)
    chunk, count, depth, pending, markup = start, 0, 0, 0, 0
    while chunk:
        _feed(parser, chunk, start)
        pending, markup = pending + len(chunk), markup + chunk.count(b"<") + chunk.count(b"=")
        for event, element in parser.read_events():
            assert isinstance(element, etree._Element)
            depth += 1 if event == "start" else -1
            if count == 0 and event == "start":
                xml.check_prolog(element)
            if depth == 0:
                count, pending, markup = count + 1, 0, 0
                yield _draft(element, desk.profile.acceptance, count)
                _forget(element)
        if pending > xml.LARGEST_DOCUMENT or markup > xml.MOST_MARKUP:
            raise xml.too_large()
        chunk = source.read(_CHUNK)
    root = _close(parser, start)
    xml.check_prolog(root)
    if count == 0:
        raise not_an_invoice(root)


def _feed(parser: etree.XMLPullParser, chunk: bytes, start: bytes) -> None:
    try:
        parser.feed(chunk)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise xml.explain(error, start) from error


def _close(parser: etree.XMLPullParser, start: bytes) -> etree._Element:
    try:
        return parser.close()
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise xml.explain(error, start) from error


def _draft(element: etree._Element, acceptance: Acceptance, count: int) -> Draft:
    """One invoice of the batch; what is wrong with it alone rejects it alone."""
    body = etree.tostring(element, encoding="utf-8", with_tail=False)
    place, body_sha = f"invoice {count}, line {element.sourceline}", sha256(body).hexdigest()
    try:
        if len(body) > xml.QUIET_SIZE:
            xml.check_floods(element)
        draft = read_root(element, acceptance, place)
    except FeedError as refused:
        return Draft(place, body_sha, findings=[refused.finding])
    draft.body_sha = body_sha
    return draft


def _forget(element: etree._Element) -> None:
    """Let go of an invoice that was read, and of all that stands before it in the wrapper."""
    element.clear()
    for ancestor in (element, *element.iterancestors()):
        while (before := ancestor.getprevious()) is not None:
            parent = before.getparent()
            if parent is None:
                break
            parent.remove(before)
