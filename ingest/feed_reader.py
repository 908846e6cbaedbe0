"""Reads a feed from beginning to end: detects the format, gives checked items one by one, and says at the end whether
the feed is whole."""

from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from typing import BinaryIO, Final

import msgspec

from bill import ZERO, ControlTotals, Finding
from ingest.attachment_text import AttachmentTexts
from ingest.checks import check
from ingest.checks.official_verdict import with_verdict
from ingest.data_quality import quality
from ingest.format_detection import UNKNOWN, detect_format
from ingest.items import BillDraft, FeedItem, amount_of
from ingest.pdf.feed_archival_defects import ArchivalDefects
from ingest.reader_interface import ReadContext, Reader
from issuers.profile import Profile
from untrusted.feed_error import FeedError

#: After so many rejected items and hardly a bill, the rest of the feed is not read.
HOPELESS: Final = 2_000


class Reading:
    """The items of one feed; iterate once.

    *format* is known from the start. *findings* (of the whole feed), *count*, *totals* (payable amounts of the accepted
    bills, by currency, as sent) and *declared* (control totals inside the feed) grow on the way. *whole* is settled at
    the end: while it is False, nothing of the feed may be released.
    """

    def __init__(self, source: BinaryIO, profile: Profile) -> None:
        self._source = source
        self._profile = profile
        self._read_context = ReadContext(profile, detect_format)
        self._attachment_texts = AttachmentTexts()
        self._reader: Reader | None = None
        self.format = UNKNOWN
        self.findings: list[Finding] = self._read_context.findings
        self.declared: list[ControlTotals] = self._read_context.declared
        self.whole = False
        self.count = 0
        self._refused = 0
        self._lacks = ArchivalDefects()
        self.totals: dict[str, Decimal] = {}
        try:
            self.format, self._reader = detect_format(source, profile)
        except FeedError as refused:
            self.findings.append(refused.finding)

    @property
    def has_own_layout(self) -> bool:
        """Return whether the bills come from the issuer's own rows or records. A number that comes twice may then be
        two halves of one bill; in a standard format it is another bill."""
        return bool(self._read_context.layouts)

    def __iter__(self) -> Iterator[FeedItem]:
        if self._reader is None:
            return
        try:
            for draft in self._reader(self._source, self._read_context):
                yield self._entry(draft)
                self._give_up()
        except FeedError as refused:
            self.findings.append(refused.finding)
            return
        finally:
            self._read_context.pdfs.close()
            self._attachment_texts.close()
            self._reader = None
        self.findings += self._lacks.findings()
        if self.count == 0:
            self.findings.append(FeedError("FEED-EMPTY", "there is no bill in this feed").finding)
        self.whole = not any(finding.severity == "fatal" for finding in self.findings)

    def _give_up(self) -> None:
        """Raise FeedError when nearly everything is rejected: the profile or the format is wrong, or the feed is a
        flood."""
        if self._refused >= HOPELESS and self._refused > 20 * (self.count - self._refused):
            sentence = "{refused} of the first {count} items are refused: correct the profile or the format"
            raise FeedError("FEED-HOPELESS", sentence, refused=self._refused, count=self.count)

    def _entry(self, draft: BillDraft) -> FeedItem:
        """Return the draft as an item, with its place in the feed, after the checks. A fatal finding removes the
        bill."""
        self.count += 1
        bill, findings = draft.bill, draft.findings
        amount = None if bill is None else amount_of(bill)
        if bill is not None:
            findings = findings + check(bill, self._profile, draft.syntax, findings, draft.verdict)
        if draft.verdict is not None:
            findings = with_verdict(findings, draft.verdict, is_read=bill is not None)
        if any(finding.severity == "fatal" for finding in findings):
            bill = None
        if bill is None:
            self._refused += 1
        else:
            if draft.pages is not None:
                bill = msgspec.structs.replace(bill, pages_sha256=sha256(draft.pages).hexdigest())
                self._lacks.count(draft)
            findings = [*findings, *quality(bill, self._profile)]
            self.totals[bill.currency] = self.totals.get(bill.currency, ZERO) + bill.totals.payable
        numbered = tuple(_numbered(finding, draft.number) for finding in findings)
        pages, text = (draft.pages, draft.text) if bill is not None else (None, "")
        beside = self._attachment_texts.of(bill) if bill is not None else {}
        return FeedItem(
            self.count, draft.place, draft.body_sha, bill, numbered, draft.number, pages, text, amount, beside
        )  # fmt: skip


def open_feed(source: BinaryIO, name: str, profile: Profile) -> Reading:  # noqa: ARG001 - kept for messages
    """Return the reading of a feed of any format. *source* is a seekable file, *name* the file name its sender used.

    An unknown format gives a reading without items that is not whole, with the finding FORMAT-UNKNOWN.
    """
    return Reading(source, profile)


def _numbered(finding: Finding, number: str | None) -> Finding:
    if number is None or finding.number is not None:
        return finding
    return msgspec.structs.replace(finding, number=number)
