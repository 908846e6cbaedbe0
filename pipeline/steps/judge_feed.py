"""Step 2, the end of reading: a feed that was read is rejected, held for a person, or may be released."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import update
from sqlalchemy.orm import Session

from bill import ControlTotals, Finding, Reason, fatal, warning
from feeds.duplicates_within_feed import refuse_duplicate_numbers
from feeds.feed_events import record_feed_event
from feeds.holds.account_number_check import account_number_hold_reasons
from feeds.holds.control_totals_check import control_total_hold_reasons, not_declared
from feeds.holds.drift_check import drift_hold_reasons
from feeds.holds.hold_reason import hold_reason
from feeds.same_content import would_conflict
from ingest import Reading
from issuers.profile import Profile
from store import Store
from store.db.leases import assert_lease
from store.db.state_change import change_state
from store.feeds.feed import Feed, earlier_feed_counts
from store.feeds.feed_counts_as_read import FeedCounts
from store.feeds.feed_outcome_counts import keep_tallies
from store.feeds.item import clear_stage, keep_findings

#: The reason of a feed of which each bill is refused for itself.
ALL_REFUSED: Final = Reason("all_bills_refused")


def judge_feed(
    store: Store, feed: Feed, profile: Profile, reading: Reading, figures: FeedCounts, now: datetime
) -> None:
    """Judge a feed that *reading* has read to its end. It is rejected if its file is not whole or no bill of it can be
    taken, held if anything speaks against its release, and otherwise left to be released. Raises LeaseLost if another
    worker has taken the feed over."""
    findings = list(reading.findings)
    if reading.whole and not figures.items:
        findings.append(fatal("FEED-EMPTY", "there is no bill in this file", feed.name))
    with store.writing() as session:
        assert_lease(session, Feed, feed.id)
        if not reading.whole:
            clear_stage(session, feed.id)
        elif reading.has_own_layout:
            figures.refused += refuse_duplicate_numbers(session, feed.id)
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
        if not reading.whole or not figures.taken:
            _keep_findings(session, feed.id, findings)
            why = _refusal(findings)
            change_state(session, Feed, feed.id, "reading", "rejected", now, why=why, reason=why)
            record_feed_event(session, feed.id, "rejected", now)
            return
        conflicts = would_conflict(session, feed) if profile.tolerance == "none" else 0
        doubts = list(hold_reasons_of(session, feed, profile, reading.declared, figures, conflicts))
        _keep_findings(session, feed.id, [*findings, *doubts])
        if doubts:
            why = hold_reason(doubts)
            change_state(session, Feed, feed.id, "reading", "held", now, why=why, reason=why)
            record_feed_event(session, feed.id, "held", now)


def hold_reasons_of(
    session: Session,
    feed: Feed,
    profile: Profile,
    declared: Sequence[ControlTotals],
    figures: FeedCounts,
    conflicts: int,
) -> Iterator[Finding]:
    """Why a person must decide on the release of a whole feed, as warnings: no item is refused for them. *declared* are
    the control totals in its file, beside those announced when it was dropped; *conflicts* counts the items that would
    be conflicts."""
    for doubt in _doubts(session, feed, profile, declared, figures, conflicts):
        yield replace(doubt, place=feed.name)


def _doubts(
    session: Session, feed: Feed, profile: Profile, declared: Sequence[ControlTotals], figures: FeedCounts,
    conflicts: int,
) -> Iterator[Finding]:  # fmt: skip
    if profile.tolerance == "none":
        yield from _intolerable(figures.refused, conflicts, figures.items)
    totals = [*feed.announced_totals, *declared]
    if profile.control_totals == "required" and not totals:
        yield not_declared()
    yield from control_total_hold_reasons(totals, figures)
    yield from account_number_hold_reasons(figures, profile.breaker)
    yield from drift_hold_reasons(figures, earlier_feed_counts(session, feed, profile.breaker.history), profile.breaker)


def _intolerable(refused: int, conflicts: int, items: int) -> Iterator[Finding]:
    if refused + conflicts:
        yield warning(
            "TOLERANCE-NONE",
            "{refused} refused and {conflicts} in conflict of {items}, and the profile tolerates none",
            refused=refused,
            conflicts=conflicts,
            items=items,
        )


def _refusal(findings: Iterable[Finding]) -> Reason:
    """The reason of a rejected feed: the first finding that refuses the file as a whole, if any does."""
    first = next((each for each in findings if each.severity == "fatal"), None)
    return Reason.of("file_refused", rule=first.rule, message=first.message) if first else ALL_REFUSED


def _keep_findings(session: Session, feed_id: int, findings: Iterable[Finding]) -> None:
    keep_findings(session, feed_id, [(None, None, finding) for finding in findings])
