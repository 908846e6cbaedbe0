"""Counts over a feed what the issuer's own PDFs lack for PDF/A-3 and PDF/UA, and reports it once per feed.

The PDFs are shown to people as they came; PDFs that we render are PDF/A-3a and PDF/UA-1.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from bill import Finding, warning
from ingest.items import BillDraft

#: The sentences, by the names of the sandbox worker (`sandbox.intake.pdfa_pdfua_defects`).
SENTENCES: Final = {
    "archive": "the own pages of {count} of {of} bills do not say that they are PDF/A: no archive vouches for them",
    "fonts": "the own pages of {count} of {of} bills are set in a font that is not inside: another may be shown",
    "files": "the own pages of {count} of {of} bills come with a file that belongs to nothing (AF): PDF/A-3 has none",
    "tags": "the own pages of {count} of {of} bills are not tagged: read aloud, they have no order and no tables",
    "language": "the own pages of {count} of {of} bills do not say their language: they are read aloud in a wrong one",
    "title": "the own pages of {count} of {of} bills have no title in their metadata (dc:title)",
    "access": "the own pages of {count} of {of} bills do not say that they are PDF/UA",
}


class ArchivalDefects:
    """Counts the missing archival features of the PDFs of one feed."""

    def __init__(self) -> None:
        self._of = 0
        self._counts: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def count(self, draft: BillDraft) -> None:
        """Count one item that has its own pages."""
        self._of += 1
        for lack in draft.lacks:
            self._counts[lack] += 1
            self._first.setdefault(lack, draft.place)

    def findings(self) -> Iterator[Finding]:
        """Yield a warning for each missing feature: how many bills lack it, and where the first one is."""
        for lack in SENTENCES:
            if count := self._counts[lack]:
                yield warning("PAGES-NOT-ARCHIVAL", SENTENCES[lack], self._first[lack], count=count, of=self._of)
