"""An issuer's own pages, brought into the print stream: each becomes one form that a page places (ISO 32000-1, 8.10).

What a page shows is not touched: its content and what it uses are copied as they are. A page that is not A4 is turned
and scaled to fit A4, and counted as such.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final, NamedTuple, Protocol

import pikepdf

from render.archived import NotOurs
from render.objects import stream

#: A4 in points; a page within a millimetre of it is placed as it is.
_A4: Final = (595.2756, 841.8898)
_CLOSE: Final = 2.84
#: Keys that lead out of a page, to the document that it was part of.
_OUTWARD: Final = frozenset({"/Parent", "/P", "/StructParent", "/StructParents", "/Metadata", "/PieceInfo"})


class Writer(Protocol):
    """Where objects go."""

    def reserve(self) -> int:
        """A number for an object that is written later."""

    def write(self, number: int, body: bytes) -> None:
        """The object of that number."""

    def shared(self, body: bytes) -> int:
        """The number of an object of these bytes, which is written when it is first met."""


class Measured(NamedTuple):
    """How many pages there are, and how many of them are scaled."""

    pages: int
    scaled: int


class Form(NamedTuple):
    """A page as a form: its number, and the operators that place it on A4."""

    number: int
    placing: bytes


def measure(pdf: bytes) -> Measured:
    """NotOurs when these bytes cannot be printed."""
    with _opened(pdf) as document:
        pages = list(document.pages)
        return Measured(len(pages), sum(_placing(page)[1] for page in pages))


def forms_of(pdf: bytes, writer: Writer) -> list[Form]:
    """Write what all pages show; the forms, in order. NotOurs when these bytes cannot be printed."""
    with _opened(pdf) as document:
        # Filled-in fields and stamps are annotations: on paper they belong to the page.
        document.flatten_annotations("print")
        copy = _Copy(writer)
        return [Form(copy.form(page), _placing(page)[0]) for page in document.pages]


@contextmanager
def _opened(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            if not len(document.pages):
                raise NotOurs("there is no page in this PDF")
            yield document
    except (pikepdf.PdfError, pikepdf.PasswordError, RecursionError, ValueError, TypeError, KeyError) as error:
        raise NotOurs(f"this PDF cannot be printed: {error}") from error


def _placing(page: pikepdf.Page) -> tuple[bytes, bool]:
    """The matrix that puts a page upright onto A4, in its middle; and whether it is scaled."""
    left, bottom, right, top = (float(side) for side in page.cropbox)
    left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
    width, height = right - left, top - bottom
    if width < 1 or height < 1:
        raise NotOurs("a page has no size")
    turn = int(page.obj.get("/Rotate", 0)) // 90 % 4
    if (width > height) ^ (turn % 2):  # what would lie across the sheet is turned upright
        turn = (turn + 1) % 4
    shown = (height, width) if turn % 2 else (width, height)
    fits = all(abs(side - paper) <= _CLOSE for side, paper in zip(shown, _A4, strict=True))
    scale = 1.0 if fits else min(paper / side for side, paper in zip(shown, _A4, strict=True))
    # Clockwise quarter turns (ISO 32000-1, table 30), then the middle of the page onto the middle of A4.
    cosine, sine = ((1, 0), (0, -1), (-1, 0), (0, 1))[turn]
    a, b, c, d = cosine * scale, sine * scale, -sine * scale, cosine * scale
    x, y = (left + right) / 2, (bottom + top) / 2
    e, f = _A4[0] / 2 - a * x - c * y, _A4[1] / 2 - b * x - d * y
    return b"%.5f %.5f %.5f %.5f %.4f %.4f cm" % (a, b, c, d, e, f), not fits


class _Copy:
    """Copies what a document's pages use into a writer, each object once."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._numbers: dict[tuple[int, int], int] = {}

    def form(self, page: pikepdf.Page) -> int:
        if isinstance(page.obj.get("/Contents"), pikepdf.Array):
            page.contents_coalesce()
        content = page.obj.get("/Contents")
        box = b" ".join(b"%.4f" % float(side) for side in page.cropbox)
        head = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources %b" % (box, self._written(page.resources))
        if content is None or isinstance(content, pikepdf.Array):
            return self._put(stream(head, b""))
        kept = [key for key in ("/Filter", "/DecodeParms") if key in content]
        filters = b"".join(key.encode() + b" " + self._written(content[key]) for key in kept)
        return self._put(stream(head + filters, bytes(content.read_raw_bytes())))

    def _put(self, body: bytes) -> int:
        number = self._writer.reserve()
        self._writer.write(number, body)
        return number

    def _written(self, value: Any) -> bytes:
        """A value as PDF writes it; what it refers to is copied first."""
        if not isinstance(value, pikepdf.Object):
            return _plain(value)
        if value.is_indirect:
            return b"%d 0 R" % self._number_of(value)
        return self._body(value)

    def _number_of(self, value: pikepdf.Object) -> int:
        place = value.objgen
        if place not in self._numbers:
            if isinstance(value, pikepdf.Stream) and not _refers(value.stream_dict):
                self._numbers[place] = self._writer.shared(self._body(value))
            else:
                number = self._numbers[place] = self._writer.reserve()
                self._writer.write(number, self._body(value))
        return self._numbers[place]

    def _body(self, value: pikepdf.Object) -> bytes:
        if isinstance(value, pikepdf.Stream):
            entries = self._entries(value.stream_dict, {"/Length"})
            return stream(entries, bytes(value.read_raw_bytes()))
        if isinstance(value, pikepdf.Dictionary):
            return b"<<%b>>" % self._entries(value, set())
        if isinstance(value, pikepdf.Array):
            return b"[%b]" % b" ".join(self._written(each) for each in value)
        return bytes(value.unparse())

    def _entries(self, value: Any, without: set[str]) -> bytes:
        keys = [key for key in value.keys() if key not in _OUTWARD | without]  # noqa: SIM118 - no mapping
        return b"".join(bytes(pikepdf.Name(key).unparse()) + b" " + self._written(value[key]) for key in keys)


def _refers(value: Any) -> bool:
    """Whether anything else is referred to; then the object is not compared with others."""
    if not isinstance(value, pikepdf.Object):
        return False
    if value.is_indirect:
        return True
    if isinstance(value, pikepdf.Dictionary):
        return any(_refers(value[key]) for key in value.keys())  # noqa: SIM118 - no mapping
    return isinstance(value, pikepdf.Array) and any(_refers(each) for each in value)


def _plain(value: object) -> bytes:
    match value:
        case None:
            return b"null"
        case bool():
            return b"true" if value else b"false"
        case int():
            return b"%d" % value
        case Decimal() | float():
            return format(value, "f").encode()
    raise NotOurs(f"a PDF holds no {type(value).__name__}")
