"""Step 2, read, and step 3, release, of a feed that holds no bills: its entries are staged; the feed is judged; then
what is staged is taken, chunk by chunk.

What is common to payments and customers. Each brings its reader and what takes a chunk of its entries.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec
from sqlalchemy import update
from sqlalchemy.orm import Session

from bill import ControlTotals, Finding, Reason, fatal
from feeds.feed_events import record_feed_event
from feeds.holds.control_totals_check import control_total_hold_reasons
from feeds.holds.hold_reason import hold_reason
from feeds.stage_entries import StagedEntry, stage_entries
from store import Store
from store.db.leases import assert_lease
from store.db.state_change import change_state
from store.feeds.chunk import CHUNK_SIZE, in_chunks
from store.feeds.feed import Feed
from store.feeds.feed_counts_as_read import FeedCounts
from store.feeds.feed_outcome_counts import keep_tallies
from store.feeds.item import Item, clear_stage, items_between, keep_findings

#: The reason of a feed of which each entry is refused for itself.
ALL_REFUSED = Reason("all_entries_refused")


class EntryReading(Protocol):
    """The entries of one feed; iterated once. *format* is known from the start; *findings* (of the whole feed) and
    *declared* grow on the way. *whole* is settled at the end: while it is False, nothing of the feed may be taken."""

    format: str
    findings: list[Finding]
    declared: list[ControlTotals]
    whole: bool

    def __iter__(self) -> Iterator[StagedEntry]: ...


#: Says why a person must decide on a feed that was read to its end.
Doubts = Callable[[Session, Feed, FeedCounts], Iterable[Finding]]
#: Takes staged entries in the order of the feed, and sets their outcomes.
Take = Callable[[Session, Feed, Sequence[Item], datetime], None]


def _no_doubts(_session: Session, _feed: Feed, _figures: FeedCounts) -> Iterable[Finding]:
    return ()


def staging_entries(
    store: Store,
    feed: Feed,
    clock: Callable[[], datetime],
    reading: EntryReading,
    doubts: Doubts = _no_doubts,
    *,
    may_be_empty: bool = False,
) -> Iterator[None]:
    """Stage the entries chunk by chunk, then judge the feed: rejected if it is not whole or no entry can be taken, held
    if declared totals differ or for *doubts*. A file without entries is rejected too, unless it *may_be_empty*. What an
    unfinished reading left is deleted first."""
    with store.writing() as session:
        assert_lease(session, Feed, feed.id)
        clear_stage(session, feed.id)
    figures = FeedCounts()
    for group in in_chunks(reading, lambda _entry: 1):
        for entry in group:
            figures.add(entry.amount, is_taken=entry.content is not None)
        with store.writing() as session:
            assert_lease(session, Feed, feed.id)
            stage_entries(session, feed.id, group)
            # Who comes further than the last reader did was not ended by what ended that one.
            further = {"attempts": 1} if figures.items > feed.entries else {}
            session.execute(update(Feed).where(Feed.id == feed.id).values(entries=figures.items, **further))
        yield
    _judge(store, feed, reading, figures, doubts, clock(), may_be_empty=may_be_empty)


def _judge(
    store: Store,
    feed: Feed,
    reading: EntryReading,
    figures: FeedCounts,
    doubts: Doubts,
    now: datetime,
    *,
    may_be_empty: bool,
) -> None:
    findings = list(reading.findings)
    is_empty = reading.whole and not figures.items
    if is_empty and not may_be_empty:
        findings.append(fatal("FEED-EMPTY", "there is nothing in this file", feed.name))
    with store.writing() as session:
        assert_lease(session, Feed, feed.id)
        if not reading.whole:
            clear_stage(session, feed.id)
        session.execute(
            update(Feed)
            .where(Feed.id == feed.id)
            .values(
                format=reading.format[:40],
                entries=figures.items if reading.whole else 0,
                read_at=now,
                declared=msgspec.to_builtins(reading.declared),
                counted=msgspec.to_builtins(figures) if reading.whole else {},
            )
        )
        keep_tallies(session, feed.id)
        if not reading.whole or not (figures.taken or (is_empty and may_be_empty)):
            _keep_findings(session, feed.id, findings)
            why = _refusal(findings)
            change_state(session, Feed, feed.id, "reading", "rejected", now, why=why, reason=why)
            record_feed_event(session, feed.id, "rejected", now)
            return
        held_for = control_total_hold_reasons([*feed.announced_totals, *reading.declared], figures)
        held_for += doubts(session, feed, figures)
        held_for = [msgspec.structs.replace(each, place=each.place or feed.name) for each in held_for]
        _keep_findings(session, feed.id, [*findings, *held_for])
        if held_for:
            why = hold_reason(held_for)
            change_state(session, Feed, feed.id, "reading", "held", now, why=why, reason=why)
            record_feed_event(session, feed.id, "held", now)


def releasing_entries(store: Store, feed_id: int, clock: Callable[[], datetime], take: Take) -> Iterator[None]:
    """Take the staged entries of a feed chunk by chunk, yielding after each; then the feed is released, and the workers
    are woken. Raises LeaseLost if another worker has taken the feed over."""
    while True:
        with store.writing() as session:
            assert_lease(session, Feed, feed_id)
            feed = session.get_one(Feed, feed_id, populate_existing=True)
            if feed.released_upto >= feed.entries:
                break
            first, last = feed.released_upto + 1, min(feed.released_upto + CHUNK_SIZE, feed.entries)
            staged = [item for item in items_between(session, feed.id, first, last) if item.outcome is None]
            take(session, feed, staged, clock())
            session.flush()
            session.execute(update(Feed).where(Feed.id == feed.id).values(released_upto=last, attempts=1))
        yield
    with store.writing() as session:
        assert_lease(session, Feed, feed_id)
        keep_tallies(session, feed_id)
        now = clock()
        by = feed.decided_by or "road"
        change_state(session, Feed, feed_id, ["reading", "held"], "released", now, by=by, released_at=now)
        record_feed_event(session, feed_id, "released", now)
    store.wake_up.send()


def _refusal(findings: Iterable[Finding]) -> Reason:
    """The reason of a rejected feed: the first finding that refuses the file as a whole, if any does."""
    first = next((each for each in findings if each.severity == "fatal"), None)
    return Reason.of("file_refused", rule=first.rule, message=first.message) if first else ALL_REFUSED


def _keep_findings(session: Session, feed_id: int, findings: Iterable[Finding]) -> None:
    keep_findings(session, feed_id, [(None, None, finding) for finding in findings])
