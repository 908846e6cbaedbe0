"""Maps invoice lines inside lines (XRechnung extension BG-DEX-01), at any depth up to a limit."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from bill import MOST_DEEP, Line, LinePart
from ingest.document_findings import Found
from ingest.xml.element import Element
from ingest.xml.mapper import Table, XmlMapper


def inside_line(element: Element, table: Table, found: Found, make: Callable[..., Line], mapper: XmlMapper) -> None:
    """Map a line inside the line that *found* collects, then the lines inside it; add them to the parts."""
    if mapper.depth >= MOST_DEEP:
        sentence = "lines inside lines, deeper than {most}: these are not kept"
        mapper.warn("LINES-TOO-DEEP", sentence, element, most=MOST_DEEP)
        return
    mapper.depth += 1
    inner: Found = {}
    mapper.map_element(element, table, inner)
    mapper.depth -= 1
    made = make(**inner)
    found.setdefault("parts", []).extend([_as_part(made), *made.parts])


def with_parents(id: str, parts: list[LinePart]) -> tuple[LinePart, ...]:  # noqa: A002
    """Return the parts of the line *id*; the outermost parts get it as their parent."""
    return tuple(part if part.parent else replace(part, parent=id) for part in parts)


def _as_part(line: Line) -> LinePart:
    said: dict[str, Any] = {name: getattr(line, name) for name in LinePart.__struct_fields__}
    return LinePart(**said)
