"""The interface of every format reader: `Reader` (the call), and `ReadContext` (what the readers of one feed share)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from bill import ControlTotals, Finding
from ingest.items import BillDraft
from ingest.pdf.sandboxed_pdf import SandboxedPdfReader
from ingest.xml.shapes import ShapeCache
from issuers.profile import Profile


class Reader(Protocol):
    """Reads one file format: yields the items of *source* in order, a few at a time; raises FeedError when the rest
    cannot be trusted. A new format is one such function and one line in `ingest.format_detection`."""

    def __call__(self, source: BinaryIO, read_context: "ReadContext") -> Iterator[BillDraft]: ...


@dataclass(slots=True)
class ReadContext:
    """What all readers of one feed share: the issuer's *profile*; *recognise*, the format detection that containers
    need for their members; *findings* about the whole feed; control totals *declared* in it; the sandboxed PDF
    reader; the cache of XML shapes; the issuer's own *layouts* met in it."""

    profile: Profile
    recognise: Callable[[BinaryIO, Profile], tuple[str, Reader]]
    findings: list[Finding] = field(default_factory=list)
    declared: list[ControlTotals] = field(default_factory=list)
    pdfs: SandboxedPdfReader = field(default_factory=SandboxedPdfReader)
    shapes: ShapeCache = field(default_factory=ShapeCache)
    layouts: set[str] = field(default_factory=set)
