"""The print stream: one PDF made of many archived bills, written in one pass, with what they share written once."""

from typing import BinaryIO, Final

from render.archived import objects_of, shifted, take_apart
from render.letter import Overlay, draw_face, draw_mark
from render.objects import stream
from render.page import MEDIA_BOX

_MARK: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_CATALOG: Final = 1
_PAGES: Final = 2


class PrintStream:
    """Add letters, then close. A letter is printed on one side: a sheet is a page.

    Content streams are the archived ones, byte for byte; a page shows them and the letter's face over them. What is
    held in memory is a few numbers a page.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._at = 0
        self._offsets: dict[int, int] = {}
        self._next = _PAGES + 1
        self._pages: list[int] = []
        self._shifts: dict[bytes, int] = {}
        self._put(_MARK)

    def add(self, prefix: bytes, suffix: bytes, overlay: Overlay) -> int:
        """One letter more: an archived bill and its face; the number of its sheets."""
        archived = take_apart(prefix, suffix)
        resources = archived.resources + self._shift_of(prefix)
        for number, body in enumerate(archived.contents):
            content = self._add(body)
            over = draw_mark(overlay.mark) if number else draw_face(overlay)
            laid_over = self._add(stream(b"", over))
            self._pages.append(
                self._add(
                    b"<</Type/Page/Parent %d 0 R/MediaBox%b/Resources %d 0 R/Contents[%d 0 R %d 0 R]>>"
                    % (_PAGES, MEDIA_BOX, resources, content, laid_over)
                )
            )
        return len(archived.contents)

    def close(self) -> None:
        """Write the pages' root, the catalog and the way to all objects."""
        kids = b" ".join(b"%d 0 R" % page for page in self._pages)
        self._write(_PAGES, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self._pages), kids))
        self._write(_CATALOG, b"<</Type/Catalog/Pages %d 0 R>>" % _PAGES)
        start = self._at
        self._put(b"xref\n0 %d\n0000000000 65535 f \n" % self._next)
        for number in range(1, self._next):
            self._put(b"%010d 00000 n \n" % self._offsets[number])
        self._put(b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (self._next, _CATALOG, start))

    def _shift_of(self, prefix: bytes) -> int:
        """How far a template's numbers are moved in this stream; its objects are written when it is first met."""
        if prefix not in self._shifts:
            by = self._next - 1
            for body in objects_of(prefix):
                self._add(shifted(body, by))
            self._shifts[prefix] = by
        return self._shifts[prefix]

    def _add(self, body: bytes) -> int:
        number = self._next
        self._next += 1
        self._write(number, body)
        return number

    def _write(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._at
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)
