"""Steps 2 and 3 of a customer file: its records are staged and judged, then applied to accounts chunk by chunk."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import BinaryIO

from sqlalchemy.orm import Session

from bill import ControlTotals, Finding
from bill.customer.customer_record import pack_record
from customers.apply_customer_records import (
    RecordSource,
    SourcedRecord,
    accounts_of_dead,
    accounts_of_living,
    accounts_with_paper_right,
)
from customers.customer_file_check import customer_file_hold_reasons
from customers.customer_survey import CustomerSurvey
from customers.take_customer_entries import source_of_feed, take_customer_entries
from delivery.follow_customer_statements import (
    follow_paper_rights,
    hold_letters_of_dead,
    release_letters_of_living,
)
from feeds.stage_entries import StagedEntry
from ingest.customer_records import CustomerItem, is_customer_file, open_customer_file
from issuers.profile import Profile
from pipeline.steps.profile_of_feed import profile_of_feed
from pipeline.steps.read_entries import releasing_entries, staging_entries
from store import Store
from store.db.leases import assert_lease
from store.feeds.chunk import in_chunks
from store.feeds.feed import Feed, earlier_feed_counts
from store.feeds.feed_counts_as_read import FeedCounts
from store.feeds.item import Item


def begins_customers(head: bytes, name: str, profile: Profile) -> bool:
    """Whether a file is a customer file: by its name as the profile has it, or by its first bytes."""
    layout = profile.customers
    is_named = any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in layout.files)
    return is_named or is_customer_file(head, layout)


def staging_customers(store: Store, feed: Feed, clock: Callable[[], datetime]) -> Iterator[None]:
    """Read a customer file to its end, stage its records, and judge it."""
    with store.writing() as session:
        assert_lease(session, Feed, feed.id)
        profile, source = profile_of_feed(session, feed), source_of_feed(session, feed)
    with store.blobs.open(feed.sha256) as stream:
        reading = _SurveyedReading(store, stream, profile, source, clock)

        def doubts(session: Session, feed: Feed, figures: FeedCounts) -> Iterable[Finding]:
            before = next(iter(earlier_feed_counts(session, feed, 1)), None)
            return customer_file_hold_reasons(reading.survey, figures, before, profile.customers)

        yield from staging_entries(store, feed, clock, reading, doubts)


def releasing_customers(store: Store, feed_id: int, clock: Callable[[], datetime]) -> Iterator[None]:
    """Apply the staged records of a customer file, chunk by chunk."""

    def take(session: Session, feed: Feed, items: Sequence[Item], now: datetime) -> None:
        applied = take_customer_entries(session, feed, items, store.encryptor.encrypt_key, now)
        follow_paper_rights(session, accounts_with_paper_right(applied), now)
        hold_letters_of_dead(session, accounts_of_dead(applied), now)
        release_letters_of_living(session, accounts_of_living(applied), now)

    return releasing_entries(store, feed_id, clock, take)


class _SurveyedReading:
    """The records of a customer file as staged entries; on the way it is counted what they would do."""

    def __init__(
        self, store: Store, stream: BinaryIO, profile: Profile, source: RecordSource, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._source, self._clock = store, source, clock
        self._reading = open_customer_file(stream, profile.customers)
        self.format = self._reading.format
        self.findings = self._reading.findings
        self.declared: list[ControlTotals] = []
        self.survey = CustomerSurvey()
        self.whole = False

    def __iter__(self) -> Iterator[StagedEntry]:
        for group in in_chunks(self._reading, lambda _item: 1):
            records = [SourcedRecord(item.seq, item.record) for item in group if item.record is not None]
            with self._store.reading() as session:
                self.survey.look(session, records, self._source, self._source.day_of(self._clock()))
            yield from map(_staged, group)
        self.whole = self._reading.whole


def _staged(item: CustomerItem) -> StagedEntry:
    content = None if item.record is None else pack_record(item.record)
    digest = sha256(content or item.place.encode()).hexdigest()
    return StagedEntry(item.seq, item.place, digest, item.number, content, item.findings)
