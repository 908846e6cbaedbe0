"""Maps a supporting document (BG-24): the file embedded in the XML, or the link to it."""

from typing import Any, Final

from bill import Attachment
from ingest.document_findings import Found
from ingest.xml.element import Element, attribute_of
from ingest.xml.mapper import XmlMapper
from untrusted.value_parsing import NotAValueError, base64_bytes, base_name

MOST_ATTACHED: Final = 5_000_000


def embedded(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for an embedded document (BG-24): bytes, name and media type. More than 5 MB per bill is not kept."""
    found["media_type"] = attribute_of(element, "mimeCode")
    found["filename"] = base_name(attribute_of(element, "filename"))
    text = element.text or ""
    mapper.attached += len(text) * 3 // 4
    if mapper.attached > MOST_ATTACHED:
        sentence = "more than {most} bytes are attached: the rest is not kept"
        mapper.warn("ATTACHMENT-TOO-LARGE", sentence, element, most=MOST_ATTACHED)
        return
    try:
        found["content"] = base64_bytes(text)
    except NotAValueError as fault:
        mapper.not_a_value(fault, element, "content")


def attachment(id: str = "", link: str = "", **found: Any) -> Attachment:  # noqa: A002
    """Return an attachment (BG-24); only a web link is kept as a link."""
    return Attachment(id=id, link=link if link.startswith(("https://", "http://")) else "", **found)
