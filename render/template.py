"""A brand, compiled: the bytes that every PDF of it begins with, and the way a bill adds its own.

`prefix + suffix` is a whole PDF/A-3b with `factur-x.xml` inside. The prefix holds what does not change between two
bills: fonts, colour profile, logo, and all that is drawn the same on every page. The suffix holds a bill's pages, its
XML, its metadata, and the one cross-reference stream for both (ISO 32000-1, 7.5.8).
"""

import hashlib
from pathlib import Path
from struct import Struct
from typing import Final

from bill import Bill, Brand
from render.cii import profile_of, write_cii
from render.compose import compose, title_of
from render.face import faces, write_face
from render.letterhead import Form, letterhead
from render.logo import write_logo
from render.look import Look, look_of
from render.objects import EVERY_TIME, ONCE, Beginning, Objects, text_string
from render.page import HEIGHT, MEDIA_BOX, WIDTH
from render.plain import plain
from render.xmp import COMMON, own_part

#: The engine's version is part of a template's: other code may draw other bytes.
ENGINE: Final = "1"
PRODUCER: Final = f"Facteur {ENGINE}"

_MARK: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_ICC: Final = Path(__file__).parent / "srgb.icc"
_METADATA: Final = Beginning(COMMON.encode())
#: A cross-reference entry: in use, offset, generation (7.5.8.3).
_ENTRY: Final = Struct(">BIB")


class Template:
    """What `compile_template` gives: *version*, *prefix*, and `suffix(bill)`."""

    def __init__(self, brand: Brand) -> None:
        look = look_of(brand)
        objects = Objects(1, 0)
        objects.add_raw(_MARK)
        self._intent = _write_intent(objects)
        self._resources, forms = _write_resources(look, brand, objects)
        self._look = look._replace(
            message_height=forms["Word"].height, help_height=forms["Help"].height, legal_height=forms["Legal"].height
        )
        self.prefix = objects.joined()
        self.version = _version_of(brand, self.prefix)
        self._next_number = objects.next_number
        self._entries = b"".join(_ENTRY.pack(1, offset, 0) for offset in objects.offsets)

    def suffix(self, bill: Bill) -> bytes:
        """What this bill adds; the same bill gives the same bytes."""
        objects = Objects(self._next_number, len(self.prefix))
        pages = _write_pages(bill, self._look, self._resources, objects)
        catalog = self._write_catalog(bill, pages, objects)
        return self._close(objects, catalog)

    def _write_catalog(self, bill: Bill, pages: int, objects: Objects) -> int:
        profile = profile_of(bill)
        xml = write_cii(bill, profile)
        day = b"D:%b000000Z" % bill.issue_date.isoformat().replace("-", "").encode()
        content = objects.add_stream(
            b"/Type/EmbeddedFile/Subtype/text#2Fxml/Params<</Size %d/ModDate(%b)>>" % (len(xml), day), xml
        )
        attached = objects.add(
            b"<</Type/Filespec/F(factur-x.xml)/UF(factur-x.xml)/Desc(Factur-X)/AFRelationship/%b"
            b"/EF<</F %d 0 R/UF %d 0 R>>>>" % (profile.relationship.encode(), content, content)
        )
        language = bill.language or self._look.language
        own = own_part(
            title_of(bill, self._look), plain(bill.seller.name), language, profile.level, bill.issue_date, PRODUCER
        )
        metadata = objects.add_deflated(
            b"/Type/Metadata/Subtype/XML", _METADATA.deflate(own.encode("utf-8", "replace"))
        )
        return objects.add(
            b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/OutputIntents[%d 0 R]/AF[%d 0 R]/Lang%b"
            b"/Names<</EmbeddedFiles<</Names[(factur-x.xml)%d 0 R]>>>>/ViewerPreferences<</DisplayDocTitle true>>>>"
            % (pages, metadata, self._intent, attached, text_string(language), attached)
        )

    def _close(self, objects: Objects, catalog: int) -> bytes:
        """The cross-reference stream over prefix and suffix, and the way to it."""
        body = objects.joined()
        number, at = objects.next_number, objects.end
        entries = b"".join(
            [_ENTRY.pack(0, 0, 255), self._entries, *(_ENTRY.pack(1, offset, 0) for offset in objects.offsets),
             _ENTRY.pack(1, at, 0)]
        )  # fmt: skip
        name = hashlib.sha256(self.version.encode() + body).hexdigest()[:32].upper().encode()
        objects.add_stream(
            b"/Type/XRef/Size %d/W[1 4 1]/Root %d 0 R/ID[<%b><%b>]" % (number + 1, catalog, name, name), entries
        )
        return objects.joined() + b"startxref\n%d\n%%%%EOF\n" % at


def compile_template(brand: Brand) -> Template:
    """The template of a brand. Raises BrandError, which says what is wrong in its colour, logo or language."""
    return Template(brand)


def _version_of(brand: Brand, prefix: bytes) -> str:
    """Same brand, engine and prefix: same version, same bytes.

    The prefix counts too: another release of fontTools or zlib may compile other bytes from the same brand, and a
    stored suffix fits one prefix only."""
    said = f"{ENGINE}\n{brand!r}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(said + prefix).hexdigest()[:32]


def _write_intent(objects: Objects) -> int:
    """sRGB is what the colours mean (ISO 19005-3, 6.2.3)."""
    profile = objects.add_stream(b"/N 3", _ICC.read_bytes(), ONCE)
    return objects.add(
        b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile %d 0 R>>"
        % profile
    )


def _write_resources(look: Look, brand: Brand, objects: Objects) -> tuple[int, dict[str, Form]]:
    """Fonts, logo and forms, and the one dictionary that every page finds them in."""
    fonts = b"".join(b"/%b %d 0 R" % (face.resource.encode(), write_face(face, objects)) for face in faces())
    logo = write_logo(brand.logo, objects) if brand.logo else None
    shared = b"/Font<<%b>>" % fonts
    drawings = b"/Logo %d 0 R" % logo.number if logo else b""
    forms = {form.name: form for form in letterhead(look, logo)}
    # A form is drawn from its own origin and may reach a little above it.
    box = b"[0 -500 %d %d]" % (WIDTH, HEIGHT)
    placed = b""
    for form in forms.values():
        head = b"/Type/XObject/Subtype/Form/BBox%b/Resources<<%b/XObject<<%b>>>>" % (box, shared, drawings)
        placed += b"/%b %d 0 R" % (form.name.encode(), objects.add_stream(head, form.sheet.drawing(), ONCE))
    return objects.add(b"<<%b/XObject<<%b%b>>>>" % (shared, drawings, placed)), forms


def _write_pages(bill: Bill, look: Look, resources: int, objects: Objects) -> int:
    """Contents first, then the pages, then their root: numbers are known before they are needed."""
    contents = [objects.add_stream(b"", sheet.content(), EVERY_TIME) for sheet in compose(bill, look)]
    root = objects.next_number + len(contents)
    kids = [
        objects.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox%b/Resources %d 0 R/Contents %d 0 R>>"
            % (root, MEDIA_BOX, resources, content)
        )
        for content in contents
    ]
    return objects.add(b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids)))
