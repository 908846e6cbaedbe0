"""Opens issuers' own PDFs for print, under limits: `python -I print_worker.py`, on stdin a question a line
(`sandbox.client`), `[path]`.

Each PDF is opened in a process of its own: a copy (fork) of this one, which has loaded pikepdf and never opened
anything. So no PDF leaves anything to the next, memory and CPU are bounded for each, and one that kills its copy ends
this process too, without harm: the next question starts another.

The answer's letter is `x`: every page as a form, with all that it uses; or `b` for bytes that cannot be printed, with
why, and the *seconds* of CPU that it took to know. Forms come as a length in eight bytes, JSON, and the objects' bodies
one after another. In the JSON, an object is [whether it refers to nothing, length of its head, length]; a form is
[number, placing]; *scaled* is how many pages are not A4, *seconds* the CPU that it took. Objects are numbered from 1 in
their order; in a head a reference is the number between NULs, which PDF never writes there.
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
#: What all objects of one PDF may come to.
MOST_BYTES: Final = 45_000_000
#: A4 in points; a page within a millimetre of it is placed as it is.
_A4: Final = (595.2756, 841.8898)
_CLOSE: Final = 2.84
#: Keys that lead out of a page, to the document that it was part of.
_OUTWARD: Final = frozenset({"/Parent", "/P", "/StructParent", "/StructParents", "/Metadata", "/PieceInfo"})


class Unprintable(ValueError):  # noqa: N818
    """These bytes make no letter."""


def main() -> None:
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
    """Answer a question, and end. A process begins with no CPU used, whatever its parent has."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS + 1))  # first SIGXCPU, not SIGKILL
    kind, content = answer(path)
    sys.stdout.buffer.write(kind + len(content).to_bytes(8, "big") + content)
    sys.stdout.buffer.flush()
    os._exit(0)


def answer(path: str) -> tuple[bytes, bytes]:
    """The letter of the answer, and the answer."""
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
            raise Unprintable("there is no page in this PDF")
        yield document


def _copied(document: Any) -> tuple["Objects", list[tuple[int, str]], int]:
    """All that the pages use; each page's form and placing; how many are scaled."""
    # Filled-in fields and stamps are annotations: on paper they belong to the page.
    document.flatten_annotations("print")
    objects = Objects()
    copy, forms, scaled = _Copy(objects), [], 0
    for page in document.pages:
        placing, is_scaled = _placing(page)
        forms.append((copy.form(page), placing.decode()))
        scaled += is_scaled
    return objects, forms, scaled


class Objects:
    """Objects in the order of their numbers: whether one refers to nothing, its head, its data."""

    def __init__(self) -> None:
        self._bodies: list[tuple[bool, bytes, bytes]] = []
        self._size = 0

    def reserve(self) -> int:
        self._bodies.append((False, b"null", b""))
        return len(self._bodies)

    def write(self, number: int, head: bytes, data: bytes = b"", *, shared: bool = False) -> None:
        self._size += len(head) + len(data)
        if self._size > MOST_BYTES:
            raise Unprintable(f"its pages have more than {MOST_BYTES} bytes")
        self._bodies[number - 1] = (shared, head, data)

    def written(self) -> list[tuple[bool, bytes, bytes]]:
        return self._bodies


def _placing(page: Any) -> tuple[bytes, bool]:
    """The matrix that puts a page upright onto A4, in its middle; and whether it is scaled."""
    left, bottom, right, top = (float(side) for side in page.cropbox)
    left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
    width, height = right - left, top - bottom
    if width < 1 or height < 1:
        raise Unprintable("a page has no size")
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
    """Copies what a document's pages use, each object once."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._numbers: dict[tuple[int, int], int] = {}

    def form(self, page: Any) -> int:
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
        """A value as PDF writes it; what it refers to is copied first."""
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
        """The head of an object, with its references, and the data of a stream."""
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
    """Whether anything else is referred to; then the object is not compared with others."""
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
    raise Unprintable(f"a PDF holds no {type(value).__name__}")


if __name__ == "__main__":
    main()
