"""Apply staged entries of a customer file: each gets its outcome, and what it was is not kept."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy.orm import Session

from bill.customer.customer_record import unpack_record
from customers.apply_customer_records import AppliedRecord, RecordSource, SourcedRecord, apply_records
from issuers.registry import profile_of
from store.accounts.customer_account import KeyMaker
from store.feeds.feed import Feed
from store.feeds.item import Item, keep_findings
from store.issuer import Issuer, lock_issuer


def take_customer_entries(
    session: Session, feed: Feed, items: Sequence[Item], new_key: KeyMaker, now: datetime
) -> Sequence[AppliedRecord]:
    """Apply these entries in the order of the file. Returns what each did."""
    lock_issuer(session, feed.issuer_id)
    records = [SourcedRecord(item.seq, unpack_record(item.content)) for item in items if item.content is not None]
    source = source_of_feed(session, feed)
    by_seq = {item.seq: item for item in items}
    said = []
    done = apply_records(session, records, source, new_key, now)
    for applied in done:
        item = by_seq[applied.seq]
        item.outcome, item.content = applied.outcome, None
        at_place = (replace(each, place=f"{item.place}, {each.place}") for each in applied.findings)
        said += [(item.seq, item.number, finding) for finding in at_place]
    keep_findings(session, feed.id, said)
    return done


def source_of_feed(session: Session, feed: Feed) -> RecordSource:
    """A customer file as the source of its records."""
    profile = profile_of(session.get_one(Issuer, feed.issuer_id))
    return RecordSource(
        feed.issuer_id, profile.account_term, profile.customers.zone, feed.received_at, f"feed {feed.id}", feed.id
    )
