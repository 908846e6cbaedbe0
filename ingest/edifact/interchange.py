"""Reads EDIFACT interchanges, UNB … UNZ around messages (ISO 9735-1), and verifies their counts and references.

A message that cannot become a bill is one rejected item. An envelope that does not add up raises FeedError for the
whole file, because something was lost on the way.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO, Final

from bill import ControlTotals, fatal, warning
from ingest.document_findings import DocumentNotes
from ingest.edifact.invoic_message import read_invoic
from ingest.edifact.packages import Packages
from ingest.edifact.segment_tokenizer import Segment, Segments
from ingest.items import BillDraft
from ingest.reader_interface import ReadContext
from untrusted.feed_error import FeedError

MOST_SEGMENTS: Final = 200_000
_ENVELOPE: Final = frozenset({"UNA", "UNB", "UNG", "UNH", "UNE", "UNZ"})


def read_edifact(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the bills of a file of interchanges, one message at a time; a FeedError names the segment and the rule."""
    packages = Packages(source)
    stream = Segments(source)
    segments = iter(stream)
    counted = 0
    for segment in segments:
        if segment.tag != "UNB":
            raise FeedError("EDI-UNB-MISSING", "an interchange begins with UNB", segment.place)
        if segment.get(11) == "1":
            message = "the interchange says that it is a test (UNB 0035): nobody gets it"
            read_context.findings.append(fatal("EDI-TEST", message, segment.place))
        interchange = _Interchange(segment, read_context, packages)
        yield from interchange.drafts(segments)
        counted += interchange.messages
    read_context.declared.append(ControlTotals(count=counted, source="UNZ"))
    read_context.findings.extend(packages.findings())
    if stream.guessed:
        message = "bytes here are not of the character set that UNB names (UNOC, UNOY, …); they were read as they look"
        read_context.findings.append(warning("EDI-CHARSET", message, stream.guessed))


class _Interchange:
    """One interchange, UNB … UNZ, and what was counted in it so far."""

    def __init__(self, unb: Segment, read_context: ReadContext, packages: Packages) -> None:
        self._read_context = read_context
        self._packages = packages
        self._reference = unb.get(5)
        self._group: Segment | None = None
        self.messages = self._objects = self._groups = self._in_group = 0
        self._last = ""

    def drafts(self, segments: Iterator[Segment]) -> Iterator[BillDraft]:
        """Yield the drafts of its messages; ends after UNZ."""
        for segment in segments:
            if segment.tag == "UNH":
                yield from self._message(segment, segments)
            elif segment.tag == "UNG" and self._group is None:
                self._group, self._in_group = segment, 0
                self._groups += 1
            elif segment.tag == "UNE" and self._group is not None:
                self._end_group(self._group, segment)
                self._group = None
            elif segment.tag == "UNZ" and self._group is None:
                self._end(segment)
                return
            elif segment.tag == "UNO":
                self._end_package(segment, next(segments, segment))
            else:
                raise FeedError("EDI-ENVELOPE", "this segment may not stand outside a message", segment.place)
        raise FeedError("EDI-UNZ-MISSING", "the interchange has no end (UNZ): it was cut off on the way, send it again")

    def _message(self, unh: Segment, segments: Iterator[Segment]) -> Iterator[BillDraft]:
        self.messages += 1
        self._in_group += 1
        self._last = unh.get(1)
        body: list[Segment] = []
        for segment in segments:
            if segment.tag == "UNT":
                draft = self._draft(unh, body)
                yield draft
                self._end_message(unh, segment, len(body) + 2, draft)
                return
            if segment.tag in _ENVELOPE or len(body) >= MOST_SEGMENTS:
                sentence = "message {message} has no end (UNT) before this"
                raise FeedError("EDI-UNT-MISSING", sentence, segment.place, message=self._last[:40])
            body.append(segment)
        sentence = "message {message} has no end (UNT): the file was cut off on the way, send it again"
        raise FeedError("EDI-UNT-MISSING", sentence, unh.place, message=self._last[:40])

    def _draft(self, unh: Segment, body: list[Segment]) -> BillDraft:
        place = f"message {self.messages}, segment {unh.number}"
        sha = sha256(b"'".join(segment.raw for segment in body)).hexdigest()
        kind = unh.get(2)
        if kind != "INVOIC":
            sentence = "a message of the kind '{kind}' is no invoice (INVOIC)"
            return BillDraft(place, sha, findings=[fatal("EDI-NOT-AN-INVOICE", sentence, unh.place, kind=kind[:10])])
        notes = DocumentNotes(self._read_context.profile.acceptance)
        bill = read_invoic(unh, body, notes)
        draft = BillDraft(place, sha, bill, bill.number if bill else notes.number, notes.findings)
        self._packages.attach(draft, unh.number)
        return draft

    def _end_message(self, unh: Segment, unt: Segment, counted: int, draft: BillDraft) -> None:
        """Verify UNT against the message. A fault in the message's structure may be why its count differs: then both
        are reported."""
        try:
            _agree("EDI-UNT-COUNT", _count(unt), counted, unt)
            _agree("EDI-UNT-REFERENCE", unt.get(2), unh.get(1), unt)
        except FeedError:
            self._read_context.findings.extend(finding for finding in draft.findings if finding.rule.startswith("EDI-"))
            raise

    def _end_package(self, uno: Segment, unp: Segment) -> None:
        """Verify UNP against UNO; the object between them is an attachment of a message."""
        self._objects += 1
        self._in_group += 1
        _agree("EDI-UNP-COUNT", _count(unp), _count(uno, 4), unp)
        _agree("EDI-UNP-REFERENCE", unp.get(2), uno.get(1), unp)

    def _end_group(self, ung: Segment, une: Segment) -> None:
        _agree("EDI-UNE-COUNT", _count(une), self._in_group, une)
        _agree("EDI-UNE-REFERENCE", une.get(2), ung.get(5), une)

    def _end(self, unz: Segment) -> None:
        """Verify UNZ, which counts groups where there are any, else messages and packages (ISO 9735-1, 0036). Some
        count the messages alone."""
        count = self._groups or self.messages + self._objects
        if self._groups or not self._objects or _count(unz) != self.messages:
            _agree("EDI-UNZ-COUNT", _count(unz), count, unz)
        reference = unz.get(2)
        if reference != self._reference and self.messages == 1 and reference == self._last:
            sentence = "UNZ repeats the message's reference '{reference}', not UNB's; it holds that message alone"
            self._read_context.findings.append(
                warning("EDI-UNZ-REFERENCE", sentence, unz.place, reference=reference[:40])
            )
        else:
            _agree("EDI-UNZ-REFERENCE", reference, self._reference, unz)


def _count(segment: Segment, element: int = 1) -> int | str:
    text = segment.get(element)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text[:20]


#: The sentences for two counts, or references, that must be equal.
_DIFFERS: Final = {
    "EDI-UNT-COUNT": "segments in the message: {tag} says '{said}', and it is '{found}'; send the file again",
    "EDI-UNT-REFERENCE": "the message's reference: {tag} says '{said}', and it is '{found}'; send the file again",
    "EDI-UNP-COUNT": "bytes of the object: {tag} says '{said}', and it is '{found}'; send the file again",
    "EDI-UNP-REFERENCE": "the package's reference: {tag} says '{said}', and it is '{found}'; send the file again",
    "EDI-UNE-COUNT": "messages in the group: {tag} says '{said}', and it is '{found}'; send the file again",
    "EDI-UNE-REFERENCE": "the group's reference: {tag} says '{said}', and it is '{found}'; send the file again",
    "EDI-UNZ-COUNT": "in the interchange: {tag} says '{said}', and it is '{found}'; send the file again",
    "EDI-UNZ-REFERENCE": "the interchange's reference: {tag} says '{said}', and it is '{found}'; send the file again",
}


def _agree(rule: str, said: int | str, found: int | str, segment: Segment) -> None:
    if said != found:
        values = {"tag": segment.tag, "said": str(said)[:40], "found": str(found)[:40]}
        raise FeedError(rule, _DIFFERS[rule], segment.place, **values)
