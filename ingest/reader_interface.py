"""What every reader of a file format looks like, and what the readers of one feed share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from bill import ControlTotals, Finding
from ingest.items import BillDraft
from ingest.pdf.sandboxed_pdf import SandboxedPdfReader
from ingest.xml.shapes.shape_cache import ShapeCache
from issuers.profile import Profile


class Reader(Protocol):
    """One file format: gives the items of *source* in order, a few at a time; raises FeedError when no more of it can
    be trusted. A new format is one such function and one line in `formats`."""

    def __call__(self, source: BinaryIO, read_context: "ReadContext") -> Iterator[BillDraft]: ...


@dataclass(slots=True)
class ReadContext:
    """The issuer's profile, how a format is recognised (a container asks), what there is to say about the whole feed,
    what the sender declares in it that it holds, the one process that opens its PDFs, the shapes of its bills, and
    the layouts of the issuer's own that were met in it."""

    profile: Profile
    recognise: Callable[[BinaryIO, Profile], tuple[str, Reader]]
    said: list[Finding] = field(default_factory=list)
    declared: list[ControlTotals] = field(default_factory=list)
    pdfs: SandboxedPdfReader = field(default_factory=SandboxedPdfReader)
    shapes: ShapeCache = field(default_factory=ShapeCache)
    layouts: set[str] = field(default_factory=set)
