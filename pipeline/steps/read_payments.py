"""Steps 2 and 3 of a feed of payments: its entries are staged; when it was read to its end they are stored, each once,
and matched with bills."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import BinaryIO

from sqlalchemy.orm import Session

from bill import ControlTotals, Finding, Money, warning
from bill.payment.payment_entry import PaymentEntry
from feeds.stage_entries import StagedEntry
from payments.files.booking_day_check import booking_day_fault
from payments.files.payment_file_reader import read_payment_file
from payments.payment_identity import PaymentIdentities
from payments.take_payments import take_payments
from pipeline.steps.read_entries import releasing_entries, staging_entries
from store import Store
from store.feeds.feed import Feed
from store.feeds.item import Item
from store.payments.payment import pack_entry, unpack_entry


def staging_payments(store: Store, feed: Feed, clock: Callable[[], datetime]) -> Iterator[None]:
    """Stage the payments of a claimed feed chunk by chunk, then judge it."""
    with store.blobs.open(feed.sha256) as stream:
        # On a quiet day a statement tells of no payment.
        reading = PaymentReading(stream, clock().date())
        yield from staging_entries(store, feed, clock, reading, may_be_empty=True)


def releasing_payments(store: Store, feed_id: int, clock: Callable[[], datetime]) -> Iterator[None]:
    """Store and match the staged payments of a feed chunk by chunk."""
    return releasing_entries(store, feed_id, clock, _take)


class PaymentReading:
    """The payments of one file, read *today*, as staged entries (`pipeline.steps.read_entries.EntryReading`)."""

    def __init__(self, stream: BinaryIO, today: date) -> None:
        self._today = today
        self._file = read_payment_file(stream)
        self.format = self._file.format
        self.findings: list[Finding] = []
        self.declared: list[ControlTotals] = []
        self.whole = False

    def __iter__(self) -> Iterator[StagedEntry]:
        identities: dict[int, PaymentIdentities] = defaultdict(PaymentIdentities)  # by message: what two tell is one
        seq, refusal = 0, None
        for item in self._file:
            if refusal is not None:
                seq += 1
                yield _refused(seq, refusal)
                refusal = None
            if isinstance(item, PaymentEntry):
                seq += 1
                fault = booking_day_fault(item, self._today)
                yield _staged(seq, item, identities[self._file.messages]) if fault is None else _refused(seq, fault)
            elif item.severity == "fatal":
                refusal = item  # of an entry, unless it is the last word on a file that is not whole
            else:
                self.findings.append(item)
        self.whole = self._file.is_whole
        if refusal is not None and self.whole:
            yield _refused(seq + 1, refusal)
        elif refusal is not None:
            self.findings.append(refusal)


def _staged(seq: int, entry: PaymentEntry, identities: PaymentIdentities) -> StagedEntry:
    content = pack_entry(entry)
    number = entry.entry_id or entry.end_to_end_id or next(iter(entry.references), None)
    amount = Money(entry.amount, entry.currency)
    digest = hashlib.sha256(content).hexdigest()
    if not entry.is_booked:
        note = warning("PAYMENT-NOT-BOOKED", "the bank has not booked this yet: it is no payment", entry.place)
        return StagedEntry(seq, entry.place, digest, number, None, [note], amount)
    return StagedEntry(seq, entry.place, digest, number, content, (), amount, identities.of(entry))


def _refused(seq: int, finding: Finding) -> StagedEntry:
    return StagedEntry(seq, finding.place, "", finding.number or None, None, [finding])


def _take(session: Session, feed: Feed, items: Sequence[Item], at: datetime) -> None:
    """Store the payments of these items that nobody told of before; the others are known."""
    said = [item for item in items if item.content is not None and item.content_sha256 is not None]
    entries = {str(item.content_sha256): unpack_entry(item.content or b"") for item in said}
    places = {str(item.content_sha256): item.seq for item in reversed(said)}  # of those told twice, the first
    taken = take_payments(session, feed.issuer_id, entries, "bank", at, feed.id, places)
    for item in said:
        is_first = places[str(item.content_sha256)] == item.seq
        item.outcome = "taken" if is_first and item.content_sha256 in taken else "known"
        item.content = None
