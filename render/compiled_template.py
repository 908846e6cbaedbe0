"""Compiles a brand into a template, which then renders bills: the main entry of this room.

`prefix + suffix` is a complete PDF/A-3a with `factur-x.xml` inside. The prefix is the same for all bills of a brand:
fonts, colour profile, logo, form XObjects. The suffix is one bill: pages, XML, metadata, and one cross-reference stream
for both parts (ISO 32000-1, 7.5.8). A suffix contains shared parts, which many bills have byte for byte: no text,
amount or date of a bill is in them.
"""

import hashlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from bill import Bill, Brand, History
from export.cii import FacturXProfile, facturx_profile_of, write_cii
from render.canvas.form_xobject import FormXObject
from render.canvas.page_geometry import HEIGHT, WIDTH
from render.fast_paths.shared_parts import SuffixObjects
from render.page.bill_layout import NO_HISTORY, lay_out_bill
from render.page.document_kind import title_of
from render.page.stationery import letterhead
from render.pdf.document_catalog import RELATIONSHIPS, Beginning, write_catalog
from render.pdf.logo_image import Logo, write_logo
from render.pdf.page_objects import write_pages
from render.pdf.pdf_objects import ONCE, Objects
from render.pdf.xmp_metadata import metadata
from render.pdf.xref_rows import FREE, ROW_ENTRIES, filtered, packed_row, row_at
from render.style.page_style import page_style_of
from render.type.pdf_fonts import write_faces
from render.type.printable_text import printable

#: Part of a template's version: raise it when the code draws other bytes.
ENGINE: Final = "8"
PRODUCER: Final = f"Facteur {ENGINE}"

_MARK: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
#: What precedes it is the same in every XML.
_ROOT_ENDS: Final = b"><rsm:ExchangedDocumentContext"
_ICC: Final = Path(__file__).parent / "pdf" / "srgb.icc"


class Template:
    """A compiled brand: `version`, `prefix`, and `suffix(bill)`."""

    def __init__(self, brand: Brand, is_specimen: bool = False) -> None:
        page_style = page_style_of(brand)
        objects = Objects(1, 0)
        objects.add_raw(_MARK)
        intent = _write_intent(objects)
        logo = write_logo(brand.logo, objects) if brand.logo else None
        forms = letterhead(page_style, logo, is_specimen)
        self._resources = _write_resources(brand.typeface, forms, logo, objects)
        self._page_style = replace(page_style, logo=logo, forms={form.name: form for form in forms})
        self.prefix = objects.joined()
        self.version = _version_of(brand, self.prefix)
        self._own = Beginning.at(objects.next_number)
        self._catalogs = {way: write_catalog(way, brand.language, intent, self._own) for way in RELATIONSHIPS}
        rows = [FREE, *map(row_at, objects.offsets)]
        self._rows, self._last_row = filtered(b"".join(rows)), rows[-1]

    def suffix(self, bill: Bill, history: History = NO_HISTORY) -> bytes:
        """Return the bytes that *bill* adds to the prefix. *history* is the earlier bills for the consumption chart.
        Equal arguments give equal bytes."""
        return b"".join(self.parts(bill, history))

    def parts(self, bill: Bill, history: History = NO_HISTORY) -> list[bytes]:
        """Return the suffix as a list that alternates own and shared parts; the first and the last are the bill's
        own."""
        objects = SuffixObjects(self._own.xml, len(self.prefix))
        profile = facturx_profile_of(bill)
        _write_xml(bill, profile, objects)
        self._write_metadata(bill, profile, objects)
        objects.add_run(self._catalogs[profile.relationship])
        packed = write_pages(lay_out_bill(bill, self._page_style, history), self._resources, objects)
        self._close(objects, packed)
        return objects.parts()

    def _write_metadata(self, bill: Bill, profile: FacturXProfile, objects: Objects) -> None:
        author, title = printable(bill.seller.name), title_of(bill, self._page_style)
        said = metadata(author, title, bill.issue_date, self._page_style.language, profile.level, PRODUCER)
        objects.add_pieces(b"/Type/Metadata/Subtype/XML", said)

    def _close(self, objects: Objects, packed: int) -> None:
        """Write the cross-reference stream over prefix and suffix, and the pointer to it. *packed* is the number of
        objects in the object stream, which was written last."""
        number, at = objects.next_number, objects.end
        name = hashlib.sha256(self.version.encode() + objects.joined()).hexdigest()[:32].upper().encode()
        own = [*map(row_at, objects.offsets), row_at(at), packed_row(number - 1, 0)]
        rows = (self._rows, filtered(b"".join(own), self._last_row), _following(packed - 1))
        entries = b"/Type/XRef/Size %d%b/Root %d 0 R/ID[<%b><%b>]"
        objects.add_pieces(entries % (number + 1 + packed, ROW_ENTRIES, self._own.catalog, name, name), rows)
        objects.add_raw(b"startxref\n%d\n%%%%EOF\n" % at)


def _write_xml(bill: Bill, profile: FacturXProfile, objects: Objects) -> None:
    xml = write_cii(bill, profile)
    root, day = xml.index(_ROOT_ENDS), bill.issue_date.isoformat().replace("-", "").encode()
    entries = b"/Type/EmbeddedFile/Subtype/text#2Fxml/Params<</Size %d/ModDate(D:%b000000Z)>>" % (len(xml), day)
    objects.add_pieces(entries, (xml[:root], xml[root:]))


@lru_cache(maxsize=1024)
def _following(count: int) -> bytes:
    """Return the cross-reference rows of *count* objects that follow one another in an object stream."""
    above, *rows = [packed_row(0, index) for index in range(count + 1)]
    return filtered(b"".join(rows), above)


def compile_template(brand: Brand, is_specimen: bool = False) -> Template:
    """Compile a brand; a specimen says on each page that it means nothing. Raises BrandError, whose message says what
    is wrong in its colour, logo, typeface or language."""
    return Template(brand, is_specimen)


def _version_of(brand: Brand, prefix: bytes) -> str:
    """Return the template's version, a digest: the same brand, engine and prefix give the same version.

    The prefix is part of it because another release of fontTools or zlib may compile other bytes from the same brand,
    and a stored suffix fits one prefix only.
    """
    said = f"{ENGINE}\n{brand!r}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(said + prefix).hexdigest()[:32]


def _write_intent(objects: Objects) -> int:
    """Write the output intent: colours are sRGB (ISO 19005-3, 6.2.3). Returns its object number."""
    profile = objects.add_stream(b"/N 3", _ICC.read_bytes(), ONCE)
    return objects.add(
        b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile %d 0 R>>"
        % profile
    )


def _write_resources(typeface: str, forms: tuple[FormXObject, ...], logo: Logo | None, objects: Objects) -> int:
    """Write fonts, logo and form XObjects, and the resource dictionary of all pages. Returns the dictionary's object
    number."""
    shared = write_faces(typeface, objects)
    drawings = b"/Logo %d 0 R" % logo.number if logo else b""
    for form in forms:
        for name, drawing in form.written():
            # A form may reach a little above its origin.
            head = b"/Type/XObject/Subtype/Form/BBox[0 -500 %d %d]/Resources<<%b>>" % (WIDTH, HEIGHT, shared)
            drawings += b"/%b %d 0 R" % (name.encode(), objects.add_stream(head, drawing, ONCE))
    return objects.add(b"<<%b/XObject<<%b>>>>" % (shared, drawings))
