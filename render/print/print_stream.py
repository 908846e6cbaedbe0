"""Writes a print stream: one PDF of many archived bills in one pass, with fonts and other shared objects written
once."""

import hashlib
import re
from array import array
from collections.abc import Sequence
from functools import lru_cache
from typing import BinaryIO, Final, NamedTuple

from bill import SANS, MailPieceNumber, Overlay
from render.canvas.page_geometry import MEDIA_BOX
from render.pdf.pdf_objects import Objects, deflate, stream
from render.print import foreign_pages
from render.print.inserter_marks import Front
from render.print.letter_overlay import draw_carrier, draw_face, draw_further
from render.print.parse_archived_bill import objects_of, renumbered, resources_of
from render.print.read_letter_pages import archived_of
from render.print.void_payment_code import void_payment_code
from render.type.pdf_fonts import write_faces

_MARK: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_CATALOG: Final = 1
_PAGES: Final = 2
#: Pages under one node of the page tree.
_PAGES_A_NODE: Final = 256


class _Page(NamedTuple):
    """What a page shows below the overlay: the object numbers of its contents, and its resources as PDF source."""

    contents: tuple[int, ...]
    resources: bytes
    is_carrier: bool = False
    is_foreign: bool = False


#: A font name in a font dictionary.
_FONT: Final = re.compile(rb"/\w+(?= )")
_BLANK: Final = _Page((), b"<<>>")


class PrintStream:
    """Writes mail pieces to *out*: call `add` for each, then `close`. With *duplex* a sheet has two pages: a mail piece
    begins on a front, a missing last page is blank, and marks stand on fronts only.

    Content streams are copied from the archive byte for byte; a page shows one and the overlay above it. Memory grows
    by a few numbers a page.
    """

    def __init__(self, out: BinaryIO, *, duplex: bool = False) -> None:
        self._out = out
        self._sides = 2 if duplex else 1
        self._at = 0
        self._offsets = array("Q", [0] * (_PAGES + 1))
        self._sheets = 0
        self._pages = 0
        self._node = 0
        self._kids: list[int] = []
        self._nodes: list[tuple[int, int]] = []
        self._offsets_by_prefix: dict[bytes, int] = {}
        self._merged_resources: dict[bytes, int] = {}
        self._known: dict[bytes, int] = {}
        self._put(_MARK)

    def add(
        self, prefix: bytes, body: bytes, overlay: Overlay, number: MailPieceNumber, large_print: Sequence[bytes] = ()
    ) -> int:
        """Add a mail piece with its *overlay* and *number*. Returns its number of sheets.

        *prefix* is the bill's template, *body* its pages from `read_pages`. Without a prefix the pages are an issuer's
        own and go behind a carrier page. *large_print* are the pages of a large-print edition
        (`render.print.large_print_edition`), on sheets of their own between a carrier page and the bill.
        """
        pages = self._archived(prefix, body, void=overlay.is_code_void) if prefix else self._foreign(body)
        pages = [*self._large_print(large_print), *pages]
        if overlay.carrier or large_print or not prefix:
            carrier = _Page((), b"<<%b>>" % self._fonts(), is_carrier=True)
            pages = [carrier, *[_BLANK] * (self._sides - 1), *pages]
        pages += [_BLANK] * (-len(pages) % self._sides)
        sheets = len(pages) // self._sides
        for n, page in enumerate(pages):
            if n % self._sides:
                self._add_page(page, ())
                continue
            front = Front(number, n // self._sides + 1, sheets, self._sheets)
            self._sheets += 1
            over = stream(b"/Filter/FlateDecode", deflate(_drawn(page, overlay, front, n)))
            self._add_page(page, (self._add(over),))
        return sheets

    def close(self) -> None:
        """Write the page tree root, the catalog and the cross-reference table."""
        self._close_node()
        kids = b" ".join(b"%d 0 R" % node for node, _ in self._nodes)
        self.write(_PAGES, b"<</Type/Pages/Count %d/Kids[%b]>>" % (self._pages, kids))
        self.write(_CATALOG, b"<</Type/Catalog/Pages %d 0 R>>" % _PAGES)
        start = self._at
        self._put(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets))
        for offset in self._offsets[1:]:
            # A reserved object that was never written belongs to a letter that was refused.
            self._put(b"%010d 00000 n \n" % offset if offset else b"0000000000 65535 f \n")
        self._put(
            b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(self._offsets), _CATALOG, start)
        )

    # -- what a letter consists of ---------------------------------------------------------------------------------

    def _archived(self, prefix: bytes, body: bytes, *, void: bool) -> list[_Page]:
        archived = archived_of(body)
        resources = b"%d 0 R" % self._resources_with_fonts(prefix, archived.resources)
        return [_Page((self._add(page), *(self._void(page) if void else ())), resources) for page in archived.contents]

    def _void(self, body: bytes) -> tuple[int, ...]:
        """Write the mark that voids a page's payment code. Returns its number, or () where the page shows no code."""
        over = void_payment_code(body)
        return (self._add(stream(b"/Filter/FlateDecode", deflate(over))),) if over else ()

    def _foreign(self, body: bytes) -> list[_Page]:
        pages = []
        for form in foreign_pages.forms_of(body, self):
            placed = self._add(stream(b"", b"q %b /Own Do Q\n" % form.placing))
            resources = b"<<%b/XObject<</Own %d 0 R>>>>" % (self._fonts(), form.number)
            pages.append(_Page((placed,), resources, is_foreign=True))
        return pages

    def _large_print(self, contents: Sequence[bytes]) -> list[_Page]:
        resources = b"<<%b>>" % self._fonts() if contents else b""
        pages = [_Page((self._add(stream(b"/Filter/FlateDecode", deflate(each))),), resources) for each in contents]
        return [*pages, *[_BLANK] * (-len(pages) % self._sides)]

    def _fonts(self) -> bytes:
        """Return the resources of a page without a template: the letter's own fonts."""
        ours = _letter_fonts()
        return b"/Font<<%b>>" % renumbered(ours.fonts, self._number_offset_of(ours.prefix))

    def _resources_with_fonts(self, prefix: bytes, number: int) -> int:
        """Return the object number of a template's resources with the letter's fonts added."""
        by = self._number_offset_of(prefix)
        if prefix not in self._merged_resources:
            own, ours = resources_of(prefix, number), _letter_fonts()
            self._merged_resources[prefix] = number + by
            if _FONT.findall(own.fonts) != _FONT.findall(ours.fonts):
                fonts = renumbered(own.fonts, by) + renumbered(ours.fonts, self._number_offset_of(ours.prefix))
                self._merged_resources[prefix] = self._add(b"<</Font<<%b>>%b>>" % (fonts, renumbered(own.others, by)))
        return self._merged_resources[prefix]

    def _number_offset_of(self, prefix: bytes) -> int:
        """Return what is added to a template's object numbers in this stream. Its objects are written the first
        time."""
        if prefix not in self._offsets_by_prefix:
            by = len(self._offsets) - 1
            for body in objects_of(prefix):
                self._add(renumbered(body, by))
            self._offsets_by_prefix[prefix] = by
        return self._offsets_by_prefix[prefix]

    # -- the page tree ---------------------------------------------------------------------------------------------

    def _add_page(self, page: _Page, over: tuple[int, ...]) -> None:
        if not self._kids:
            self._node = self.reserve()
        contents = b" ".join(b"%d 0 R" % number for number in (*page.contents, *over))
        body = b"<</Type/Page/Parent %d 0 R/MediaBox%b/Resources %b/Contents[%b]>>"
        self._kids.append(self._add(body % (self._node, MEDIA_BOX, page.resources, contents)))
        self._pages += 1
        if len(self._kids) == _PAGES_A_NODE:
            self._close_node()

    def _close_node(self) -> None:
        if not self._kids:
            return
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        body = b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>" % (_PAGES, len(self._kids), kids)
        self.write(self._node, body)
        self._nodes.append((self._node, len(self._kids)))
        self._kids = []

    # -- objects ---------------------------------------------------------------------------------------------------

    def reserve(self) -> int:
        """Return a number for an object that is written later."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def write(self, number: int, body: bytes) -> None:
        """Write the object of a reserved number."""
        self._offsets[number] = self._at
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def shared(self, body: bytes) -> int:
        """Return the number of an object with these bytes, which is written the first time only: issuers' own PDFs
        repeat the same fonts and pictures."""
        digest = hashlib.sha256(body).digest()
        if digest not in self._known:
            self._known[digest] = self._add(body)
        return self._known[digest]

    def _add(self, body: bytes) -> int:
        number = self.reserve()
        self.write(number, body)
        return number

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)


def _drawn(page: _Page, overlay: Overlay, front: Front, n: int) -> bytes:
    """Return the overlay of a front that is page *n* of its mail piece, from 0."""
    if page.is_carrier:
        return draw_carrier(overlay, front)
    if n == 0:
        return draw_face(overlay, front)
    return draw_further(front, on_foreign_page=page.is_foreign)


class _LetterFonts(NamedTuple):
    """The letter's fonts: a prefix that contains them, and the entries that name them in it."""

    prefix: bytes
    fonts: bytes


@lru_cache(maxsize=1)
def _letter_fonts() -> _LetterFonts:
    objects = Objects(1, 0)
    objects.add(b"<<%b>>" % write_faces(SANS, objects))
    prefix = objects.joined()
    return _LetterFonts(prefix, resources_of(prefix, objects.next_number - 1).fonts)
