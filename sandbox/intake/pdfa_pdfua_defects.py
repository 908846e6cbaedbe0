"""Finds what a PDF lacks for archiving and accessibility: PDF/A-3 (ISO 19005-3) and PDF/UA (ISO 14289-1)."""

import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from sandbox.intake.cpu_time_limit import Enough
from sandbox.intake.embedded_fonts import are_fonts_embedded
from sandbox.intake.refusal import Refused

#: The CPU seconds for all checks of one PDF, and the largest metadata that are read.
LOOKING_SECONDS: Final = 1.0
MOST_METADATA: Final = 1_000_000


def archival_defects(pdf: Any) -> list[str]:
    """Return the names of the missing features. What cannot be checked in time counts as present."""
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
    """Return a check that the XMP metadata have a value under *name*; oversized metadata are not read."""

    def says(pdf: Any) -> bool:
        packet = pdf.Root.get("/Metadata")
        if packet is not None and len(packet.read_raw_bytes()) > MOST_METADATA:
            raise Refused("b")
        return packet is not None and bool(str(pdf.open_metadata().get(name, "")).strip())

    return says


def _files_belong(pdf: Any) -> bool:
    """Return whether every embedded file is associated with an object in use (ISO 19005-3, 6.8)."""
    import pikepdf

    files = {each.objgen for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/EF" in each}
    if files:
        for each in _used(pdf):
            files -= {file.objgen for file in each.get("/AF", [])}
    return not files


def _used(pdf: Any) -> Iterator[Any]:
    """Yield the dictionaries and streams that can be reached from the trailer."""
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


_HAS: Final[dict[str, Callable[[Any], bool]]] = {
    "tags": _is_tagged,
    "language": lambda pdf: bool(str(pdf.Root.get("/Lang", "")).strip()),
    "title": _says("dc:title"),
    "archive": _says("pdfaid:part"),
    "access": _says("pdfuaid:part"),
    "files": _files_belong,
    "fonts": are_fonts_embedded,
}
