"""What PDF/A-3 (ISO 19005-3) asks of a bill's structure: an own check, on pikepdf alone.

Whatever stands in the file counts, whether anything leads to it or not: a validator reads every object."""

from collections.abc import Iterator

import pikepdf
from lxml import etree

PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
#: What holds other objects; only the cross-reference leads there.
CONTAINERS = {"/XRef", "/ObjStm"}
FILTERS = {"/FlateDecode", "/DCTDecode"}
#: An annotation's flags (ISO 32000-1, table 165): to be printed; invisible, hidden, no view, toggled.
PRINT, UNSEEN = 4, 1 | 2 | 32 | 256

Number = tuple[int, int]
Thing = pikepdf.Dictionary | pikepdf.Stream


def findings(pdf: pikepdf.Pdf) -> list[str]:
    """What is against the rules; nothing when all is well."""
    led_to = _reached(pdf.trailer)
    associated = {each.objgen for thing in led_to.values() for each in _array(thing, "/AF")}
    files = {each.objgen for thing in led_to.values() for each in dict(thing.get("/EF", {})).values()}
    found = list(_document(pdf))
    for thing in pdf.objects:
        number, kind = thing.objgen, str(thing.get("/Type", "")) if isinstance(thing, Thing) else ""
        if number not in led_to and kind not in CONTAINERS:
            found.append(f"7.5: nothing leads to object {number[0]} {kind}")
        if kind == "/EmbeddedFile" and number not in files:
            found.append(f"6.8: the file in object {number[0]} is nobody's")
        for each in _dictionaries(thing):
            found += [f"{said} (object {number[0]})" for said in _dictionary(each, associated)]
    return found


def _reached(trailer: pikepdf.Object) -> dict[Number, Thing]:
    """All objects that something leads to from the trailer, by their numbers."""
    seen: dict[Number, Thing] = {}
    todo = [trailer]
    while todo:
        thing = todo.pop()
        if thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen[thing.objgen] = thing
        todo += _children(thing)
    return {number: thing for number, thing in seen.items() if isinstance(thing, Thing)}


def _children(thing: pikepdf.Object) -> list[pikepdf.Object]:
    if isinstance(thing, Thing):
        values = [thing.get(key) for key in thing.keys()]  # noqa: SIM118 - no mapping
    else:
        values = list(thing) if isinstance(thing, pikepdf.Array) else []
    return [value for value in values if isinstance(value, pikepdf.Object)]


def _dictionaries(thing: pikepdf.Object) -> Iterator[Thing]:
    """An object's dictionary and those that stand in it."""
    if isinstance(thing, Thing):
        yield thing
    for child in _children(thing):
        if not child.is_indirect:
            yield from _dictionaries(child)


def _array(thing: Thing, key: str) -> list[pikepdf.Object]:
    value = thing.get(key)
    return list(value) if isinstance(value, pikepdf.Array) else []


def _document(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.is_encrypted:
        yield "6.1.3: encrypted"
    if len(_array(pdf.trailer, "/ID")) != 2:
        yield "6.1.3: no identifier"
    catalogs = [thing for thing in pdf.objects if isinstance(thing, Thing) and thing.get("/Type") == "/Catalog"]
    if len(catalogs) != 1:
        yield f"7.7.2: {len(catalogs)} catalogs"
    if [str(intent.S) for intent in _array(pdf.Root, "/OutputIntents")] != ["/GTS_PDFA1"]:
        yield "6.2.3: what the colours mean is not said once"
    said = {element.tag: element.text for element in etree.fromstring(pdf.Root.Metadata.read_bytes()).iter()}
    if (said.get(f"{PDFA}part"), said.get(f"{PDFA}conformance")) != ("3", "A"):
        yield "6.6.4: no PDF/A-3a identification"
    if not pdf.Root.get("/MarkInfo", {}).get("/Marked", False) or "/StructTreeRoot" not in pdf.Root:
        yield "6.7: not tagged"


def _dictionary(thing: Thing, associated: set[Number]) -> Iterator[str]:
    kind = str(thing.get("/Type", ""))
    if kind == "/Filespec" or "/EF" in thing:
        yield from _file_specification(thing, associated)
    if kind == "/EmbeddedFile" and "/Subtype" not in thing:
        yield "6.8: a file without its type"
    if kind == "/FontDescriptor" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(thing.keys()):
        yield "6.2.11.4: a font that is not inside"
    if kind == "/Annot" and int(thing.get("/F", 0)) & (PRINT | UNSEEN) != PRINT:
        yield "6.3.2: an annotation that is hidden or not printed"
    if "/AA" in thing or thing.get("/S") in ("/JavaScript", "/Launch"):
        yield "6.5: an action that an archive does not do"
    filters = thing.get("/Filter", [])
    if isinstance(thing, pikepdf.Stream) and {str(each) for each in _listed(filters)} - FILTERS:
        yield f"6.1.7: {filters}"


def _listed(value: object) -> list:
    return list(value) if isinstance(value, pikepdf.Array | list) else [value]


def _file_specification(thing: Thing, associated: set[Number]) -> Iterator[str]:
    if thing.objgen not in associated:
        yield "6.8: a file specification that is associated with nothing"
    if missing := {"/F", "/UF", "/AFRelationship", "/EF"} - set(thing.keys()):
        yield f"6.8: a file specification without {' '.join(sorted(missing))}"
