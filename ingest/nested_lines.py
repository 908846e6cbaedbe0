"""Lines inside a line (XRechnung BG-DEX-01), of whatever depth that somebody can read."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from bill import MOST_DEEP, Line, LinePart
from ingest.xml.mapper import DocumentNotes, Element, Found, Table, map_element


def inside_line(element: Element, table: Table, found: Found, make: Callable[..., Line], sheet: DocumentNotes) -> None:
    """A line inside the line whose parts *found* collects: it, then what is inside of it."""
    if sheet.depth >= MOST_DEEP:
        sentence = "lines inside lines, deeper than {most}: these are not kept"
        sheet.warn("LINES-TOO-DEEP", sentence, element, most=MOST_DEEP)
        return
    sheet.depth += 1
    inner: Found = {}
    map_element(element, table, inner, sheet)
    sheet.depth -= 1
    made = make(**inner)
    found.setdefault("parts", []).extend([_as_part(made), *made.parts])


def with_parents(id: str, parts: list[LinePart]) -> tuple[LinePart, ...]:  # noqa: A002
    """The parts of a line of this id: those directly inside it name it."""
    return tuple(part if part.parent else replace(part, parent=id) for part in parts)


def _as_part(line: Line) -> LinePart:
    said: dict[str, Any] = {name: getattr(line, name) for name in LinePart.__struct_fields__}
    return LinePart(**said)
