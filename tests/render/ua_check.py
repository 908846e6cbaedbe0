"""What PDF/UA-1 (ISO 14289-1) asks of a tagged bill, as far as a machine can see it: an own check, on pikepdf alone."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pikepdf
from lxml import etree

GROUPS = {"Document", "Table", "TR", "P"}
LEAVES = {"H1", "H2", "P", "TH", "TD", "Figure", "Link"}
#: Operators that leave something to be seen or read.
PAINTS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "b", "B*", "b*", "sh", "Do", "INLINE IMAGE"}
UA_PART = "{http://www.aiim.org/pdfua/ns/id/}part"
TITLE = "{http://purl.org/dc/elements/1.1/}title"

Number = tuple[int, int]


class Tagged(NamedTuple):
    """What the tree says: which element each marked content and annotation belongs to, and the elements in order."""

    contents: dict[tuple[Number, int], Number]
    annotations: dict[Number, Number]
    elements: list[pikepdf.Dictionary]


def findings(pdf: pikepdf.Pdf) -> list[str]:
    """What is against the rules; nothing when all is well."""
    found = list(_document(pdf))
    if "/StructTreeRoot" not in pdf.Root:
        return [*found, "7.1: no structure tree"]
    tagged = Tagged({}, {}, [])
    for top in _children(pdf.Root.StructTreeRoot):
        found += _walk(top, pdf.Root.StructTreeRoot, tagged)
    parents = dict(_number_tree(pdf.Root.StructTreeRoot.ParentTree))
    seen: set[tuple[Number, int]] = set()
    for page in pdf.pages:
        found += _page(page, tagged, parents, seen)
    found += [f"7.1: {place} is in the tree and on no page" for place in tagged.contents if place not in seen]
    return found + list(_headings(tagged)) + list(_tables(tagged)) + list(_figures(tagged))


def roles(pdf: pikepdf.Pdf) -> list[str]:
    """The kinds of all elements, in reading order."""
    tagged = Tagged({}, {}, [])
    for top in _children(pdf.Root.StructTreeRoot):
        list(_walk(top, pdf.Root.StructTreeRoot, tagged))
    return [_kind(element) for element in tagged.elements]


def _document(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "7.1: not marked as tagged"
    if not re.fullmatch("[a-z]{2}", str(root.get("/Lang", ""))):
        yield "7.2: no language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "7.1: the title is not shown"
    metadata = {element.tag: "".join(element.itertext()).strip() for element in _xmp(pdf)}
    if metadata.get(UA_PART) != "1":
        yield "5: no PDF/UA identifier"
    if not metadata.get(TITLE):
        yield "7.1: no title"


def _xmp(pdf: pikepdf.Pdf) -> Iterator[etree._Element]:
    return etree.fromstring(pdf.Root.Metadata.read_bytes()).iter(etree.Element)


def _walk(element: pikepdf.Dictionary, parent: pikepdf.Dictionary, tagged: Tagged) -> Iterator[str]:
    kind = _kind(element)
    tagged.elements.append(element)
    if element.P.objgen != parent.objgen:
        yield f"14.7.2: {kind} has another parent than the one it hangs on"
    if kind not in GROUPS | LEAVES:
        yield f"7.1: {kind} is no kind of element that a bill has"
    for child in _children(element):
        if isinstance(child, int):
            place = (element.Pg.objgen, child)
            if place in tagged.contents:
                yield f"14.7.4: {place} is in the tree twice"
            tagged.contents[place] = element.objgen
        elif child.get("/Type") == "/OBJR":
            tagged.annotations[child.Obj.objgen] = element.objgen
        else:
            yield from _walk(child, element, tagged)


def _kind(element: pikepdf.Dictionary) -> str:
    return str(element.S)[1:]


def _children(element: pikepdf.Dictionary) -> list:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array | list) else [kids]


def _number_tree(tree: pikepdf.Dictionary) -> Iterator[tuple[int, pikepdf.Object]]:
    nums = list(tree.Nums)
    keys = [int(key) for key in nums[::2]]
    assert keys == sorted(set(keys))
    return zip(keys, nums[1::2], strict=True)


def _page(page: pikepdf.Page, tagged: Tagged, parents: dict, seen: set[tuple[Number, int]]) -> Iterator[str]:
    number = page.obj.objgen
    row = [element.objgen for element in parents[int(page.obj.StructParents)]]
    for content in _contents(page):
        if isinstance(content, str):
            yield f"7.1: page {number[0]}: {content}"
            continue
        place = (number, content)
        if place in seen:
            yield f"14.7.4: {place} is on the page twice"
        seen.add(place)
        if place not in tagged.contents:
            yield f"7.1: {place} is not in the tree"
        elif content >= len(row) or row[content] != tagged.contents[place]:
            yield f"14.7.4.4: the parent tree leads {place} elsewhere"
    for annotation in page.obj.get("/Annots", []):
        yield from _annotation(annotation, page, tagged, parents)


def _contents(page: pikepdf.Page) -> Iterator[int | str]:
    """The marked contents of a page, and what is wrong with what is painted on it."""
    inside: str | int | None = None
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            if inside is not None:
                yield "marked contents in one another"
            inside = "Artifact" if str(operands[0]) == "/Artifact" else int(operands[1].MCID)
            if isinstance(inside, int):
                yield inside
        elif name == "EMC":
            inside = None
        elif name in PAINTS and inside is None:
            yield f"{name} paints what is neither content nor artifact"
        elif name == "Do" and any(b in _form(page, str(operands[0])) for b in (b"BDC", b"BMC")):
            yield "marked content inside a form"


def _form(page: pikepdf.Page, name: str) -> bytes:
    drawn = page.Resources.XObject[name]
    return drawn.read_bytes() if drawn.Subtype == "/Form" else b""


def _annotation(annotation: pikepdf.Dictionary, page: pikepdf.Page, tagged: Tagged, parents: dict) -> Iterator[str]:
    element = tagged.annotations.get(annotation.objgen)
    if element is None or parents[int(annotation.StructParent)].objgen != element:
        yield "7.18.1: an annotation is not in the tree"
    if not str(annotation.get("/Contents", "")):
        yield "7.18.5: a link does not say where it leads"
    if int(annotation.get("/F", 0)) & 0b110 != 0b100:
        yield "ISO 19005-3, 6.3.2: an annotation is hidden or not printed"
    if page.obj.get("/Tabs") != "/S":
        yield "7.18.3: tabs do not follow the structure"


def _headings(tagged: Tagged) -> Iterator[str]:
    level = 0
    for kind in map(_kind, tagged.elements):
        if re.fullmatch("H[1-6]", kind):
            if int(kind[1]) > level + 1:
                yield f"7.4.2: {kind} follows H{level}"
            level = int(kind[1])
    if not level:
        yield "7.4: no heading"


def _tables(tagged: Tagged) -> Iterator[str]:
    for table in (element for element in tagged.elements if _kind(element) == "Table"):
        widths = set()
        for row in _children(table):
            cells = _children(row)
            widths.add(len(cells))
            if _kind(row) != "TR" or {_kind(cell) for cell in cells} - {"TH", "TD"}:
                yield "7.5: a table has something else than rows of cells"
            if any(_kind(cell) == "TH" and _scope(cell) not in ("/Row", "/Column") for cell in cells):
                yield "7.5: a head cell does not say what it heads"
            if not any(_kind(cell) == "TH" for cell in cells):
                yield "7.5: a row without a head"
        if len(widths) != 1:
            yield f"7.5: rows of {sorted(widths)} cells in one table"


def _scope(cell: pikepdf.Dictionary) -> str:
    return str(cell.get("/A", {}).get("/Scope", ""))


def _figures(tagged: Tagged) -> Iterator[str]:
    for figure in (element for element in tagged.elements if _kind(element) == "Figure"):
        if not str(figure.get("/Alt", "")).strip():
            yield "7.3: a figure without words in its place"
        box = [float(side) for side in figure.A.BBox]
        if not (0 <= box[0] < box[2] and 0 <= box[1] < box[3]):
            yield f"7.3: a figure's box is {box}"
