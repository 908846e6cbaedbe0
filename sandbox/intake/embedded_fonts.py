"""Checks that the fonts used on a PDF's pages are embedded."""

import re
from collections.abc import Iterator
from typing import Any, Final

from sandbox.intake.page_text import MOST_READ_PAGES

#: The largest content stream that is looked at, and how deep forms may be nested.
MOST_CONTENT: Final = 2_000_000
DEEPEST_FORM: Final = 4
#: Font types whose program must be embedded; the others are made of these, or of drawings.
PROGRAMS: Final = frozenset({"/Type1", "/MMType1", "/TrueType", "/CIDFontType0", "/CIDFontType2"})


def are_fonts_embedded(pdf: Any) -> bool:
    """Return whether all fonts that set text on the first pages are embedded."""
    seen: set[Any] = set()
    return all(
        _is_embedded(font)
        for each in pdf.pages[:MOST_READ_PAGES]
        for font in _fonts(_content(each.obj), each.resources, seen, 0)
    )


def _content(page: Any) -> bytes:
    import pikepdf

    content = page.get("/Contents", [])
    parts = content if isinstance(content, list | pikepdf.Array) else [content]
    return b"\n".join(_operators(part) for part in parts)


def _operators(stream: Any) -> bytes:
    """Return the operators of a content stream; none of one that is too large to look at."""
    is_large = len(stream.read_raw_bytes()) > MOST_CONTENT
    return b"" if is_large else bytes(stream.read_bytes()[:MOST_CONTENT])


def _fonts(content: bytes, resources: Any, seen: set[Any], depth: int) -> Iterator[Any]:
    """Yield the fonts that a content sets text in, also in the forms that it draws, each form once."""
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
        yield from _fonts(_operators(form), form.get("/Resources", resources), seen, depth + 1)


def _is_embedded(font: Any) -> bool:
    for each in font.get("/DescendantFonts", [font]):
        descriptor = each.get("/FontDescriptor", {})
        is_inside = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
        if str(each.get("/Subtype", "")) in PROGRAMS and not is_inside:
            return False
    return True
