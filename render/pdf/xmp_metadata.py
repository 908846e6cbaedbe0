"""Writes the XMP metadata of a bill's PDF (ISO 16684-1): PDF/A-3a, PDF/UA-1 and the Factur-X extension schema.

What all bills of a brand have in common stands in constant pieces, between which stand each bill's own texts.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import escape

_FX: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_UA: Final = "http://www.aiim.org/pdfua/ns/id/"


def _schema(title: str, space: str, prefix: str, *properties: str) -> str:
    """Describe an extension schema, as PDF/A requires (ISO 19005-3, 6.6.2.3.3)."""
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{title}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{space}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{''.join(properties)}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def _property(name: str, kind: str, category: str, meaning: str) -> str:
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>{category}</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"
    )


#: The descriptions are Factur-X's and ISO 14289-1's.
_SCHEMAS: Final = _schema(
    "Factur-X PDFA Extension Schema", _FX, "fx",
    _property("DocumentFileName", "Text", "external", "The name of the embedded XML document"),
    _property("DocumentType", "Text", "external",
              "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER"),
    _property("Version", "Text", "external",
              "The actual version of the standard applying to the embedded XML document"),
    _property("ConformanceLevel", "Text", "external", "The conformance level of the embedded XML document"),
) + _schema(
    "PDF/UA Universal Accessibility Schema", _UA, "pdfuaid",
    _property("part", "Integer", "internal", "Indicates, which part of ISO 14289 standard is followed"),
)  # fmt: skip
_HEAD: Final = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
    "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance></rdf:Description>"
    f'<rdf:Description rdf:about="" xmlns:pdfuaid="{_UA}"><pdfuaid:part>1</pdfuaid:part></rdf:Description>'
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    f"<pdfaExtension:schemas><rdf:Bag>{_SCHEMAS}</rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    f'<rdf:Description rdf:about="" xmlns:fx="{_FX}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><fx:DocumentType>INVOICE</fx:DocumentType>'
    "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName><fx:Version>1.0</fx:Version>"
)
_NOT_XML: Final = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")


_TITLE: Final = b'</rdf:li></rdf:Seq></dc:creator><dc:title><rdf:Alt><rdf:li xml:lang="x-default">'
_DAY: Final = b"</rdf:li></rdf:Alt></dc:title><xmp:CreateDate>"
_END: Final = b'T00:00:00Z</xmp:CreateDate></rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'


def metadata(author: str, title: str, day: date, language: str, level: str, producer: str) -> list[bytes]:
    """Return the metadata of a bill in pieces, constant and own by turns: author, title and day are its own. *level* is
    the Factur-X conformance level."""
    beginning = _beginning(language, level, producer)
    return [beginning, _text(author), _TITLE, _text(title), _DAY, day.isoformat().encode(), _END]


@lru_cache(maxsize=256)
def _beginning(language: str, level: str, producer: str) -> bytes:
    """Return the start, which all bills of a brand and profile share."""
    said = (
        f"{_HEAD}<fx:ConformanceLevel>{level}</fx:ConformanceLevel>"
        f"<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>"
        f"<pdf:Producer>{producer}</pdf:Producer><dc:creator><rdf:Seq><rdf:li>"
    )
    return said.encode()


def _text(text: str) -> bytes:
    return escape(_NOT_XML.sub(" ", text)).encode("utf-8", "replace")
