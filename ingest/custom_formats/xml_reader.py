"""Reads an issuer's own XML (of no standard) by its profile, as a stream of elements, one per bill; indexes of PDF
archives often look like this.

The profile names fields by path: a child by its name, `client.nom` for a nested one, attributes behind @ (`@numero` of
the bill's element, `montant@devise` of a child). Namespaces are ignored.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, BinaryIO, Final

from lxml import etree

from ingest.custom_formats.json_field_mapping import JsonForm
from ingest.custom_formats.record_mapper import RecordMapper, check_terms
from ingest.items import BillDraft
from ingest.reader_interface import ReadContext
from ingest.xml.element import local_name
from untrusted.encodings.end_of_file_mark import blocks_without_end_mark
from untrusted.encodings.recoded_source import RecodedSource
from untrusted.feed_error import FeedError
from untrusted.xml import safe_parser
from untrusted.xml.recoded_xml import from_first_tag, recoded_xml

_CHUNK: Final = 1 << 16


def read_xml_records(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the bills of an XML file that the profile's `[xml]` describes; raises FeedError when it is broken or breaks
    off."""
    laid_out = read_context.profile.xml
    assert laid_out is not None
    form = JsonForm(laid_out)
    check_terms(form.terms, "xml.columns")
    record_mapper = RecordMapper(read_context, laid_out)
    recoded = recoded_xml(source)
    for count, element in enumerate(_elements(recoded or source, laid_out.bills), 1):
        body = etree.tostring(element, encoding="utf-8", with_tail=False)
        place, sha = f"{laid_out.bills} {count}, line {element.sourceline}", sha256(body).hexdigest()
        try:
            if len(body) > safe_parser.QUIET_SIZE:
                safe_parser.check_floods(element)
        except FeedError as refused:
            yield BillDraft(place, sha, findings=[refused.finding])
        else:
            yield record_mapper.draft(place, form.mapped_records(element_content(element), place), sha)
    record_mapper.finish()
    if recoded:
        read_context.findings.extend(recoded.findings())


def _elements(source: BinaryIO | RecodedSource, name: str) -> Iterator[etree._Element]:
    """Yield each outermost element of this name; its memory is freed when the next one is asked for."""
    encoding = "utf-8" if isinstance(source, RecodedSource) else None
    pull = etree.XMLPullParser(events=("start", "end"), tag=f"{{*}}{name}", encoding=encoding, **safe_parser.OPTIONS)
    start = b""
    depth, pending, markup, found = 0, 0, 0, False
    for chunk in blocks_without_end_mark(source, _CHUNK):
        content = chunk if start else from_first_tag(chunk)
        start = start or content
        with safe_parser.explained(start):
            pull.feed(content)
        pending, markup = pending + len(chunk), markup + chunk.count(b"<") + chunk.count(b"=")
        for event, element in pull.read_events():
            assert isinstance(element, etree._Element)
            depth += 1 if event == "start" else -1
            if not found and event == "start":
                safe_parser.check_prolog(element)
                found = True
            if depth == 0:
                pending, markup = 0, 0
                yield element
                safe_parser.forget(element)
        if pending > safe_parser.LARGEST_DOCUMENT or markup > safe_parser.MOST_MARKUP:
            raise safe_parser.too_large()
    with safe_parser.explained(start):
        root = pull.close()
    safe_parser.check_prolog(root)
    if not found:
        sentence = "no element is called '{name}': correct xml.bills, or the file"
        raise FeedError("XML-NO-BILL", sentence, f"line {root.sourceline}", name=name[:100])


def element_content(element: etree._Element) -> dict[str, Any]:
    """Return the content of an element as a dict by name; a name that occurs several times has a list."""
    found: dict[str, Any] = {}
    for name, text in element.attrib.items():
        _add(found, f"@{etree.QName(name).localname}", text)
    for child in element.iterchildren(tag=etree.Element):
        name = local_name(child)
        for attribute, text in child.attrib.items():
            _add(found, f"{name}@{etree.QName(attribute).localname}", text)
        _add(found, name, element_content(child) if len(child) else (child.text or "").strip())
    return found


def _add(found: dict[str, Any], name: str, value: Any) -> None:
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]
