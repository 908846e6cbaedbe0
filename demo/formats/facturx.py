"""Writes a bill as Factur-X: a PDF/A-3b page with the bill as CII inside (profile EN 16931)."""

from datetime import UTC, datetime, time
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf, String
from PIL import ImageCms

from bill import Bill
from demo.formats import cii
from demo.formats.bank_bill_page import PAPER, draw, typeface


def document(bill: Bill) -> bytes:
    """Return one bill as a PDF. Equal bills give equal bytes."""
    written = datetime.combine(bill.issue_date, time(6), UTC)
    stamp = f"{written:D:%Y%m%d%H%M%S}Z"
    with Pdf.open(BytesIO(_stationery())) as pdf:
        pdf.pages[0].Contents = pdf.make_stream(draw(bill))
        pdf.attachments["factur-x.xml"] = AttachedFileSpec(  # type: ignore[call-arg]
            pdf, cii.document(bill), filename="factur-x.xml", mime_type="text/xml", description="Factur-X",
            relationship=Name.Alternative, creation_date=stamp, mod_date=stamp,
        )  # fmt: skip
        pdf.Root.AF = Array([pdf.attachments["factur-x.xml"].obj])
        metadata = _METADATA.format(title=escape(f"Facture {bill.number}"), written=f"{written:%Y-%m-%dT%H:%M:%SZ}")
        pdf.Root.Metadata = pdf.make_stream(metadata.encode(), Type=Name.Metadata, Subtype=Name.XML)
        content = BytesIO()
        pdf.save(content, deterministic_id=True)
    return content.getvalue()


@cache
def _stationery() -> bytes:
    """Return an empty page with the font and colour profile that all bills share."""
    with Pdf.new() as pdf:
        pdf.add_blank_page(page_size=PAPER).Resources = Dictionary(Font=Dictionary(F1=typeface(pdf)))
        pdf.Root.Lang = String("fr-FR")
        pdf.Root.OutputIntents = Array([pdf.make_indirect(Dictionary(
            Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=String("sRGB"),
            DestOutputProfile=pdf.make_stream(_srgb(), N=3),
        ))])  # fmt: skip
        content = BytesIO()
        pdf.save(content, deterministic_id=True)
    return content.getvalue()


def _srgb() -> bytes:
    """Return the sRGB profile without its creation date (ICC.1, bytes 24 to 35)."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = b"".join(part.to_bytes(2) for part in (2026, 1, 1, 0, 0, 0))
    return bytes(profile)


#: XMP of PDF/A and Factur-X, with the Factur-X extension schema (Factur-X 1.09, 6.2).
_METADATA = (
    """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>{written}</xmp:CreateDate><xmp:ModifyDate>{written}</xmp:ModifyDate>
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"""
    + "".join(
        f"""
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>
<pdfaProperty:description>{words}</pdfaProperty:description></rdf:li>"""
        for name, words in (
            ("DocumentFileName", "name of the embedded XML invoice file"),
            ("DocumentType", "INVOICE"),
            ("Version", "version of the XML schema of the embedded invoice"),
            ("ConformanceLevel", "conformance level of the embedded invoice"),
        )
    )
    + """
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
)
