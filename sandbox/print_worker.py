"""The sandbox worker for print: turns the pages of an issuer's own PDF into form objects for the print stream, under
limits.

Started as `python -I print_worker.py` by `sandbox.client`. A question on stdin is one line, `[path]`. Each PDF is
opened in a forked copy of this process, which has loaded pikepdf and opened nothing. So no PDF leaves anything to the
next, and memory and CPU are bounded for each. A PDF that kills its copy also ends this process; the next question
starts another.

The answer's letter is `x` for every page as a form, with all the objects it uses, or `b` for bytes that cannot be
printed, with the reason and the CPU *seconds* spent. Forms come as a length in eight bytes, JSON, and the bodies of the
objects one after another. In the JSON, an object is [whether it refers to no other, length of its head, length]; a form
is [object number, placing matrix]; *scaled* is the number of pages that are not A4, *seconds* the CPU time. Objects are
numbered from 1 in their order. In a head, a reference is the number between NULs, which PDF never writes there.
"""

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final, NoReturn

MOST_MEMORY: Final = 768 * 1024 * 1024
MOST_CPU_SECONDS: Final = 20
#: The most bytes of all objects of one PDF.
MOST_BYTES: Final = 45_000_000
#: A4 in points; a page within a millimetre of it is placed as it is.
_A4: Final = (595.2756, 841.8898)
_CLOSE: Final = 2.84
#: Keys of a page that refer to the rest of its document, and are dropped.
_OUTWARD: Final = frozenset({"/Parent", "/P", "/StructParent", "/StructParents", "/Metadata", "/PieceInfo"})


class UnusablePdf(ValueError):  # noqa: N818
    """The PDF cannot be put into a letter; the text is the reason."""


def main() -> None:
    """Set the limits, read questions from stdin, and fork a copy for each one."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pikepdf  # noqa: F401 - after the limits are set, and once for all copies

    gc.freeze()  # what is loaded stays shared with the copies
    for line in sys.stdin:
        copy = os.fork()
        if not copy:
            _reply(*json.loads(line))
        if status := os.waitpid(copy, 0)[1]:
            sys.exit(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 1)


def _reply(path: str) -> NoReturn:
    """Answer one question in a forked copy, then exit. The copy starts with zero CPU time, whatever its parent has
    used."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS + 1))  # first SIGXCPU, not SIGKILL
    kind, content = answer(path)
    sys.stdout.buffer.write(kind + len(content).to_bytes(8, "big") + content)
    sys.stdout.buffer.flush()
    os._exit(0)


def answer(path: str) -> tuple[bytes, bytes]:
    """Return the letter and the bytes of the answer for the PDF at *path*."""
    try:
        with _opened(path) as document:
            objects, forms, scaled = _copied(document)
    except MemoryError:
        return b"b", _refusal("its pages need too much memory")
    except Exception as error:  # noqa: BLE001 - whatever the library says of such bytes, they make no letter
        said = str(error).replace(f"{path}: ", "")
        return b"b", _refusal(f"{type(error).__name__}: {said}"[:500])
    index = [[shared, len(head), len(head) + len(data)] for shared, head, data in objects.written()]
    head = json.dumps({"objects": index, "forms": forms, "scaled": scaled, "seconds": time.process_time()}).encode()
    return b"x", len(head).to_bytes(8, "big") + head + b"".join(head + data for _, head, data in objects.written())


def _refusal(why: str) -> bytes:
    return json.dumps({"why": why, "seconds": time.process_time()}).encode()


@contextmanager
def _opened(path: str) -> Iterator[Any]:
    import pikepdf

    with pikepdf.open(path) as document:
        if not len(document.pages):
            raise UnusablePdf("there is no page in this PDF")
        yield document


def _copied(document: Any) -> tuple["CopiedObjects", list[tuple[int, str]], int]:
    """Return all objects that the pages use, each page's form number and placing matrix, and how many pages are
    scaled."""
    # Filled-in fields and stamps are annotations: on paper they belong to the page.
    document.flatten_annotations("print")
    objects = CopiedObjects()
    copy, forms, scaled = _Copy(objects), [], 0
    for page in document.pages:
        placing, is_scaled = _placing(page)
        forms.append((copy.form(page), placing.decode()))
        scaled += is_scaled
    return objects, forms, scaled


class CopiedObjects:
    """Copied objects in the order of their numbers: whether an object refers to no other, its head, its data."""

    def __init__(self) -> None:
        self._bodies: list[tuple[bool, bytes, bytes]] = []
        self._size = 0

    def reserve(self) -> int:
        """Return the number of a new object, to be written later."""
        self._bodies.append((False, b"null", b""))
        return len(self._bodies)

    def write(self, number: int, head: bytes, data: bytes = b"", *, shared: bool = False) -> None:
        """Fill in the object of this number. *shared* says that it refers to no other."""
        self._size += len(head) + len(data)
        if self._size > MOST_BYTES:
            raise UnusablePdf(f"its pages have more than {MOST_BYTES} bytes")
        self._bodies[number - 1] = (shared, head, data)

    def written(self) -> list[tuple[bool, bytes, bytes]]:
        """Return all objects, in the order of their numbers."""
        return self._bodies


def _placing(page: Any) -> tuple[bytes, bool]:
    """Return the matrix that puts a page upright in the middle of an A4 sheet, and whether the page is scaled."""
    left, bottom, right, top = (float(side) for side in page.cropbox)
    left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
    width, height = right - left, top - bottom
    if width < 1 or height < 1:
        raise UnusablePdf("a page has no size")
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
    """Copies the objects that a document's pages use, each object once."""

    def __init__(self, objects: CopiedObjects) -> None:
        self._objects = objects
        self._numbers: dict[tuple[int, int], int] = {}

    def form(self, page: Any) -> int:
        """Copy a page as a form XObject; return its object number."""
        import pikepdf

        if isinstance(page.obj.get("/Contents"), pikepdf.Array):
            page.contents_coalesce()
        content = page.obj.get("/Contents")
        box = b" ".join(b"%.4f" % float(side) for side in page.cropbox)
        entries = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources %b" % (box, self._written(page.resources))
        data = b""
        if content is not None and not isinstance(content, pikepdf.Array):
            kept = [key for key in ("/Filter", "/DecodeParms") if key in content]
            entries += b"".join(key.encode() + b" " + self._written(content[key]) for key in kept)
            data = bytes(content.read_raw_bytes())
        number = self._objects.reserve()
        self._objects.write(number, *_stream(entries, data))
        return number

    def _written(self, value: Any) -> bytes:
        """Return a value in PDF syntax; the objects it refers to are copied first."""
        import pikepdf

        if not isinstance(value, pikepdf.Object):
            return _plain(value)
        if value.is_indirect:
            return b"\0%d\0" % self._number_of(value)
        return b"".join(self._body(value))

    def _number_of(self, value: Any) -> int:
        import pikepdf

        place = value.objgen
        if place not in self._numbers:
            number = self._numbers[place] = self._objects.reserve()
            shared = isinstance(value, pikepdf.Stream) and not _refers(value.stream_dict)
            self._objects.write(number, *self._body(value), shared=shared)
        return self._numbers[place]

    def _body(self, value: Any) -> tuple[bytes, bytes]:
        """Return an object's head, with its references, and the data of a stream."""
        import pikepdf

        if isinstance(value, pikepdf.Stream):
            return _stream(self._entries(value.stream_dict, {"/Length"}), bytes(value.read_raw_bytes()))
        if isinstance(value, pikepdf.Dictionary):
            return b"<<%b>>" % self._entries(value, set()), b""
        if isinstance(value, pikepdf.Array):
            return b"[%b]" % b" ".join(self._written(each) for each in value), b""
        return bytes(value.unparse()), b""

    def _entries(self, value: Any, without: set[str]) -> bytes:
        import pikepdf

        keys = sorted(key for key in value.keys() if key not in _OUTWARD | without)  # noqa: SIM118 - no mapping
        return b"".join(bytes(pikepdf.Name(key).unparse()) + b" " + self._written(value[key]) for key in keys)


def _stream(entries: bytes, data: bytes) -> tuple[bytes, bytes]:
    return b"<</Length %d%b>>\nstream\n" % (len(data), entries), data + b"\nendstream"


def _refers(value: Any) -> bool:
    """Return whether a value refers to any other object; such an object is not compared for deduplication."""
    import pikepdf

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
    raise UnusablePdf(f"a PDF holds no {type(value).__name__}")


if __name__ == "__main__":
    main()
