"""Opens PDFs in a process of its own, under limits: `python -I child.py`, on stdin a question a line.

A question is a JSON array: what is asked, the file's path, and more. A hostile PDF can loop, or unpack to gigabytes;
then this process dies and the feed goes on. Each answer on stdout is one letter (`x` here it is, `n` there is none,
`e` encrypted, `a` active, `b` broken), the length in eight bytes, and what was asked for.
"""

import io
import json
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

MOST_MEMORY: Final = 512 * 1024 * 1024
MOST_CPU_SECONDS: Final = 5
#: The clock that Linux holds RLIMIT_CPU against (CPUCLOCK_PROF of this process). It counts ticks and runs ahead of what
#: getrusage says by some hundredths, which are seconds after a feed's first hundred PDFs.
TICKS: Final = ~0 << 3
#: To find a bill by what it says, so much of it is read: seconds, pages and characters.
READING_SECONDS: Final = 1.5
MOST_READ_PAGES: Final = 20
MOST_TEXT: Final = 20_000
#: How Factur-X, ZUGFeRD and XRechnung name the invoice inside the PDF.
INVOICE_NAMES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "cii.xml", "ubl.xml")
#: What a PDF may do (ISO 32000-1, 12.6.4) and a bill has no reason to.
ACTIONS: Final = frozenset({
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute",
})  # fmt: skip
ANNOTATIONS: Final = frozenset({"/RichMedia", "/3D", "/Movie", "/Screen", "/Sound"})
#: To see what pages lack, so much is looked at: seconds, bytes of metadata and of a content, forms in forms.
LOOKING_SECONDS: Final = 1.0
MOST_METADATA: Final = 1_000_000
MOST_CONTENT: Final = 2_000_000
DEEPEST_FORM: Final = 4
#: Kinds of fonts whose program must be inside; the others are made of these, or of drawings.
PROGRAMS: Final = frozenset({"/Type1", "/MMType1", "/TrueType", "/CIDFontType0", "/CIDFontType2"})
#: Files that may lie in a bill.
SAFE_FILES: Final = (".xml", ".csv", ".txt", ".json", ".pdf", ".png", ".jpg", ".jpeg")
#: What a page cut from a print stream keeps: what it shows, and nothing that leads to other people's pages.
PAGE_KEYS: Final = frozenset({
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit",
    "/Resources", "/Contents", "/Group",
})  # fmt: skip
ROOT_KEYS: Final = ("/Lang", "/OutputIntents", "/OCProperties")


class Enough(BaseException):
    """The time for reading a page's text is over. No Exception: pypdf forgives those."""


class Refused(Exception):  # noqa: N818
    """The answer's letter."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, _enough)
    for line in sys.stdin:
        allowed = int(time.clock_gettime(TICKS)) + MOST_CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        kind, content = answer(*json.loads(line))
        sys.stdout.buffer.write(kind + len(content).to_bytes(8, "big") + content)
        sys.stdout.buffer.flush()


def answer(asked: str, path: str, *more: Any) -> tuple[bytes, bytes]:
    """The letter of the answer, and the answer."""
    import pikepdf  # after the limits are set, so that they hold for all it does

    verb = VERBS[asked]
    try:
        return b"x", verb(path, *more)
    except Refused as refused:
        return str(refused).encode(), b""
    except pikepdf.PasswordError:
        return b"e", b""
    except (pikepdf.PdfError, MemoryError, RecursionError, LookupError, ValueError, TypeError, AttributeError, OSError):
        return b"b", b""


# -- one PDF a bill --------------------------------------------------------------------------------------------


def invoice(path: str) -> bytes:
    """The invoice's XML."""
    import pikepdf

    with pikepdf.open(path) as pdf:
        files = {**attached(pdf), **associated(pdf)}
        for known in INVOICE_NAMES:
            for name, file in files.items():
                if name.lower() == known:
                    return file()
        for name, file in files.items():
            if name.lower().endswith(".xml") and (b"Invoice" in (content := file()) or b"CrossIndustry" in content):
                return content
    raise Refused("n")


def attached(pdf: Any) -> dict[str, Callable[[], bytes]]:
    """Name -> a call that gives the bytes, of the catalogue's embedded files."""
    return {name: spec.get_file().read_bytes for name, spec in pdf.attachments.items()}


def associated(pdf: Any) -> dict[str, Callable[[], bytes]]:
    """The same of the files that the catalogue says belong to the document (/AF)."""
    found = {}
    for spec in pdf.Root.get("/AF", []):
        for key in ("/UF", "/F"):
            if key in spec and key in spec.get("/EF", {}):
                found[str(spec[key])] = spec["/EF"][key].read_bytes
    return found


def look(path: str) -> bytes:
    """A PDF that people may be shown as it is: how many pages it has, what they say, and what they lack."""
    import pikepdf

    with pikepdf.open(path) as pdf:
        if pdf.is_encrypted:
            raise Refused("e")
        if any(_is_active(each) for each in pdf.objects):
            raise Refused("a")
        pages = len(pdf.pages)
        if not pages:
            raise Refused("b")
        lacks = _lacks(pdf)
    with open(path, "rb") as file:  # noqa: PTH123 - one module less in every child
        return json.dumps({"pages": pages, "text": _text(file)[0], "lacks": lacks}).encode()


def _is_active(thing: Any, depth: int = 0) -> bool:
    """Whether an object, or one that is written inside it, does something or carries a file that might."""
    import pikepdf

    if isinstance(thing, pikepdf.Array):
        inner: Iterator[Any] = iter(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        if "/JS" in thing or "/XFA" in thing or str(thing.get("/S", "")) in ACTIONS:
            return True
        if str(thing.get("/Subtype", "")) in ANNOTATIONS:
            return True
        if "/EF" in thing and not str(thing.get("/UF", thing.get("/F", ""))).lower().endswith(SAFE_FILES):
            return True
        inner = (value for _, value in thing.items())
    else:
        return False
    if depth > 50:
        raise Refused("b")
    return any(_is_active(each, depth + 1) for each in inner if not getattr(each, "is_indirect", False))


# -- a print stream --------------------------------------------------------------------------------------------

_opened: dict[str, Any] = {}


def _stream(path: str) -> Any:
    """The print stream that is being read, opened once."""
    import pikepdf

    if path not in _opened:
        _opened.clear()
        pdf = pikepdf.open(path, access_mode=pikepdf.AccessMode.stream)
        if pdf.is_encrypted:
            raise Refused("e")
        _opened[path] = pdf
    return _opened[path]


def outline(path: str, mark: str) -> bytes:
    """How many pages there are, and the numbers of bills that bookmarks give to them: [number, page] from 0."""
    pdf = _stream(path)
    places = {each.objgen: n for n, each in enumerate(pdf.pages)}
    named = _named_places(pdf)
    found: list[tuple[str, int]] = []
    for level, bookmark in _bookmarks(pdf.Root.get("/Outlines")):
        title = str(bookmark.get("/Title", "")).strip()
        number = _number(mark, title) if mark else (title if level == 0 else None)
        n = _page_of(bookmark, places, named)
        if number and n is not None:
            found.append((number, n))
    return json.dumps({"pages": len(places), "bookmarks": sorted(found, key=lambda each: each[1])}).encode()


def _bookmarks(parent: Any, level: int = 0) -> Iterator[tuple[int, Any]]:
    """The outline's entries with their levels (ISO 32000-1, 12.3.3), each once, however they are chained."""
    todo, seen = [(level, parent.get("/First") if parent is not None else None)], set()
    while todo:
        level, each = todo.pop()
        if each is None or each.objgen in seen:
            continue
        seen.add(each.objgen)
        yield level, each
        todo += [(level, each.get("/Next")), (level + 1, each.get("/First"))]


def _named_places(pdf: Any) -> dict[str, Any]:
    """Destinations by name, of either kind (12.3.2.3)."""
    import pikepdf

    named = {str(name): place for name, place in pdf.Root.get("/Dests", {}).items()}
    tree = pdf.Root.get("/Names", {}).get("/Dests")
    return named if tree is None else {**named, **{str(name): place for name, place in pikepdf.NameTree(tree).items()}}


def _page_of(bookmark: Any, places: dict[Any, int], named: dict[str, Any]) -> int | None:
    """The page that a bookmark leads to; None when it leads elsewhere, or nowhere."""
    import pikepdf

    place = bookmark.get("/Dest", bookmark.get("/A", {}).get("/D"))
    if isinstance(place, str | pikepdf.String | pikepdf.Name):
        place = named.get(str(place))
    if isinstance(place, pikepdf.Dictionary):
        place = place.get("/D")
    if not isinstance(place, pikepdf.Array) or not len(place):
        return None
    return places.get(getattr(place[0], "objgen", None))


def page(path: str, n: int, mark: str) -> bytes:
    """What the page says, and the number that *mark* finds in it, or none."""
    text, is_read = _text(io.BytesIO(_cut(path, n, n)))
    return json.dumps({"text": text, "number": _number(mark, text) if mark else None, "is_read": is_read}).encode()


def _number(mark: str, text: str) -> str | None:
    found = re.search(mark, text)
    return None if found is None else str(found[1] if found.re.groups else found[0]).strip() or None


def cut(path: str, first: int, last: int, is_read: bool) -> bytes:
    """Some pages as a PDF of their own, behind what they lack, and say where that is wanted (its length in four
    bytes)."""
    import pikepdf

    pages = _cut(path, first, last)
    with pikepdf.open(io.BytesIO(pages)) as pdf:
        lacks = _lacks(pdf)
    said = json.dumps({"text": _text(io.BytesIO(pages))[0] if is_read else "", "lacks": lacks}).encode()
    return len(said).to_bytes(4, "big") + said + pages


def _cut(path: str, first: int, last: int) -> bytes:
    """Some pages, counted from 0, as a PDF of their own: what they show is byte for byte what it was."""
    import pikepdf

    source = _stream(path)
    with pikepdf.new() as pdf:
        pdf.pages.extend(source.pages[first : last + 1])
        for each in pdf.pages:
            for key in set(each.obj.keys()) - PAGE_KEYS:
                del each.obj[key]
        pdf.remove_unreferenced_resources()
        for key in ROOT_KEYS:
            if key in source.Root:
                pdf.Root[key] = pdf.copy_foreign(source.make_indirect(source.Root[key]))
        out = io.BytesIO()
        pdf.save(
            out, deterministic_id=True, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )  # fmt: skip
        return out.getvalue()


# -- what pages lack -------------------------------------------------------------------------------------------


def _lacks(pdf: Any) -> list[str]:
    """What pages lack that those have which we draw (ISO 19005-3, ISO 14289-1), as far as a look tells: what cannot be
    looked at in time is not said to be wanting."""
    found: list[str] = []
    signal.setitimer(signal.ITIMER_PROF, LOOKING_SECONDS)
    with suppress(Enough):
        for name, is_there in _HAS.items():
            with suppress(Exception):  # qpdf and pikepdf raise what they please at a PDF that is odd
                if not is_there(pdf):
                    found.append(name)
        signal.setitimer(signal.ITIMER_PROF, 0)
    return found


def _is_tagged(pdf: Any) -> bool:
    return bool(pdf.Root.get("/MarkInfo", {}).get("/Marked", False)) and "/StructTreeRoot" in pdf.Root


def _says(name: str) -> Callable[[Any], bool]:
    """Whether the metadata say something under a name; of too many, nothing is known."""

    def says(pdf: Any) -> bool:
        packet = pdf.Root.get("/Metadata")
        if packet is not None and len(packet.read_raw_bytes()) > MOST_METADATA:
            raise Refused("b")
        return packet is not None and bool(str(pdf.open_metadata().get(name, "")).strip())

    return says


def _files_belong(pdf: Any) -> bool:
    """Whether every file inside, used or not, belongs to something that is (ISO 19005-3, 6.8)."""
    import pikepdf

    files = {each.objgen for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/EF" in each}
    if files:
        for each in _used(pdf):
            files -= {file.objgen for file in each.get("/AF", [])}
    return not files


def _used(pdf: Any) -> Iterator[Any]:
    """The dictionaries and streams that something leads to from the trailer."""
    import pikepdf

    todo, seen = [pdf.trailer], set()
    while todo:
        each = todo.pop()
        if getattr(each, "is_indirect", False):
            if each.objgen in seen:
                continue
            seen.add(each.objgen)
        if isinstance(each, pikepdf.Array):
            todo += list(each)
        elif isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            yield each
            todo += [value for _, value in each.items()]


def _type_is_inside(pdf: Any) -> bool:
    """Whether the programs of all fonts are inside that the first pages are set in."""
    seen: set[Any] = set()
    return all(
        _has_program(font)
        for each in pdf.pages[:MOST_READ_PAGES]
        for font in _fonts(_content(each.obj), each.resources, seen, 0)
    )


def _content(page: Any) -> bytes:
    import pikepdf

    content = page.get("/Contents", [])
    parts = content if isinstance(content, list | pikepdf.Array) else [content]
    return b"\n".join(_drawing(part) for part in parts)


def _drawing(stream: Any) -> bytes:
    """What a stream draws, as far as it is looked at."""
    is_large = len(stream.read_raw_bytes()) > MOST_CONTENT
    return b"" if is_large else bytes(stream.read_bytes()[:MOST_CONTENT])


def _fonts(content: bytes, resources: Any, seen: set[Any], depth: int) -> Iterator[Any]:
    """The fonts that a content sets text in, and the forms that it draws, each once."""
    fonts, drawn = resources.get("/Font", {}), resources.get("/XObject", {})
    for name in set(re.findall(rb"/([^\s/<>()\[\]{}%]+)\s+[-+.\d]+\s+Tf\b", content)):
        font = fonts.get("/" + name.decode("latin-1"))
        if font is not None:
            yield font
    for name in set(re.findall(rb"/([^\s/<>()\[\]{}%]+)\s+Do\b", content)) if depth < DEEPEST_FORM else ():
        form = drawn.get("/" + name.decode("latin-1"))
        if form is None or form.get("/Subtype") != "/Form" or form.objgen in seen:
            continue
        seen.add(form.objgen)
        yield from _fonts(_drawing(form), form.get("/Resources", resources), seen, depth + 1)


def _has_program(font: Any) -> bool:
    for each in font.get("/DescendantFonts", [font]):
        descriptor = each.get("/FontDescriptor", {})
        is_inside = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
        if str(each.get("/Subtype", "")) in PROGRAMS and not is_inside:
            return False
    return True


_HAS: Final[dict[str, Callable[[Any], bool]]] = {
    "tags": _is_tagged,
    "language": lambda pdf: bool(str(pdf.Root.get("/Lang", "")).strip()),
    "title": _says("dc:title"),
    "archive": _says("pdfaid:part"),
    "access": _says("pdfuaid:part"),
    "files": _files_belong,
    "fonts": _type_is_inside,
}


# -- text ------------------------------------------------------------------------------------------------------


def _text(file: Any) -> tuple[str, bool]:
    """What the pages say, as far as they can be read in time, and whether they could: people see them all the same."""
    import pypdf

    text, is_read = "", True
    signal.setitimer(signal.ITIMER_PROF, READING_SECONDS)
    try:
        for each in pypdf.PdfReader(file).pages[:MOST_READ_PAGES]:
            text += each.extract_text() + "\n"
            if len(text) >= MOST_TEXT:
                break
    except (Exception, Enough):  # noqa: BLE001 - pypdf raises what it pleases at a page that is odd
        is_read = False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return text[:MOST_TEXT].encode("utf-8", "ignore").decode(), is_read


def _enough(_number: int, _frame: object) -> None:
    raise Enough


VERBS: Final[dict[str, Callable[..., bytes]]] = {
    "invoice": invoice, "look": look, "outline": outline, "page": page, "cut": cut,
}  # fmt: skip


if __name__ == "__main__":
    main()
