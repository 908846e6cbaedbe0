"""Intake: a feed is read onto the stage, judged, and released; or held for a person, or rejected.

Staged items own no bill number. Only a feed that was read to its end claims numbers, chunk by chunk, and one update of
its row makes its bills visible: what was truncated has delivered nothing.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import ControlTotals, Finding, fatal
from feeds.accounts.account_survey import AccountSurvey
from feeds.duplicate_numbers import refuse_duplicate_numbers
from feeds.holds.account_number_check import account_number_hold_reasons
from feeds.holds.control_totals_check import control_total_hold_reasons, not_declared
from feeds.holds.drift_check import drift_hold_reasons
from feeds.holds.hold_reason import HoldReason, hold_reasons_text
from feeds.release import Staged, cut_into_chunks, release_items, stage_items, would_conflict
from feeds.release_terms import release_terms
from ingest import FeedItem, Reading, open_feed
from issuers.profile import Profile
from issuers.registry import profile_of
from pipeline.leased_work import leased_work
from store import Store
from store.db.leases import LeaseLost, acquire_lease, assert_lease, is_past_pause
from store.db.state_change import change_state
from store.feeds.chunk import CHUNK_SIZE, in_chunks
from store.feeds.feed import Feed, earlier_feed_counts
from store.feeds.feed_counts import FeedCounts
from store.feeds.feed_outcome_counts import keep_tallies
from store.feeds.item import clear_stage, keep_findings
from store.issuer import Issuer
from store.outage import is_outage
from store.vault.attachment import PAGES, StagedAttachment, attachments_of, keep_staging_blob, put_staging_blob

log = logging.getLogger(__name__)

#: A feed that ended so many of its readers at one place is held for a person.
MOST_ATTEMPTS: Final = 3
ALL_REFUSED: Final = "Toutes les factures de ce flux sont refusées"


def read_feed(store: Store, now: datetime, feed_id: int | None = None) -> bool:
    """Read one feed that waits (this one, or the next) to its end, and release it if all of it is there and nothing
    speaks against it; False when none waits."""
    feed = claim_feed(store, now, feed_id)
    if feed is None:
        return False
    for _ in reading_feed(store, feed, lambda: now):
        pass
    return True


def claim_feed(store: Store, now: datetime, feed_id: int | None = None, besides: Iterable[int] = ()) -> Feed | None:
    """The next feed that waits, now leased by this process; None when none does. One that killed its readers is behind
    all others, and its last attempt is made alone: whoever is read beside it would count its deaths as its own.
    *besides* are issuers whose feeds are being read here."""
    waits = Feed.state.in_(["received", "reading"]) | ((Feed.state == "held") & (Feed.decided_by != ""))
    served = list(besides)
    query = select(Feed.id).where(waits, is_past_pause(Feed), Feed.issuer_id.not_in(served))
    if served:
        query = query.where(Feed.attempts != MOST_ATTEMPTS - 1)
    if feed_id is not None:
        query = query.where(Feed.id == feed_id)
    with store.reading() as session:
        candidates = list(session.scalars(query.order_by(Feed.attempts, Feed.id).limit(8)))
    for candidate in candidates:
        with store.writing() as session:
            if acquire_lease(session, Feed, candidate, waits, attempts=Feed.attempts + 1):
                change_state(session, Feed, candidate, "received", "reading", now)
                return session.get_one(Feed, candidate, populate_existing=True)
    return None


def is_last_attempt(feed: Feed) -> bool:
    """Whether a claimed feed is being read for the last time, should its reader die once more."""
    return feed.attempts == MOST_ATTEMPTS


def reading_feed(store: Store, feed: Feed, clock: Callable[[], datetime]) -> Iterator[None]:
    """Read a claimed feed onto the stage, judge it and release it; between its chunks others may have their turn."""
    with leased_work(store, Feed, feed):
        if feed.attempts > MOST_ATTEMPTS:
            _hold(store, feed.id, "Sa lecture a été interrompue plusieurs fois, et c’est notre faute", clock())
            return
        try:
            if feed.read_at is None:
                yield from _stage(store, feed, clock)
            if _may_release(store, feed.id):
                yield from _release(store, feed.id, clock)
        except LeaseLost:
            raise
        except Exception as error:
            if is_outage(error, feed.setbacks):
                raise
            log.exception("feed %s cannot be read", feed.id)
            why = f"Il n’a pas pu être lu, et c’est notre faute : {type(error).__name__}: {error}"
            _hold(store, feed.id, why, clock())


def _hold(store: Store, feed_id: int, why: str, now: datetime) -> None:
    """One feed that we cannot read waits for a person, and no other feed waits for it."""
    with store.writing() as session:
        assert_lease(session, Feed, feed_id)
        change_state(session, Feed, feed_id, ["reading", "held"], "held", now, why=why, reason=why, decided_by="")


# -- read ------------------------------------------------------------------------------------------------------


def _stage(store: Store, feed: Feed, clock: Callable[[], datetime]) -> Iterator[None]:
    """Entries go onto the stage by the chunk; what an unfinished reading left there goes first."""
    with store.writing() as session:
        assert_lease(session, Feed, feed.id)
        clear_stage(session, feed.id)
        profile = profile_of(session.get_one(Issuer, feed.issuer_id))
    figures = FeedCounts()
    survey = AccountSurvey(feed.issuer_id, profile.account_term)
    with store.blobs.open(feed.sha256) as stream:
        entries = open_feed(stream, feed.name, profile)
        for group in in_chunks(entries, lambda entry: entry.weight):
            for entry in group:
                figures.add(entry.amount, is_taken=entry.bill is not None)
            parcel = put_staging_blob(store.blobs, feed.id, [each for entry in group for each in _enclosed(entry)])
            with store.writing() as session:
                assert_lease(session, Feed, feed.id)
                stage_items(session, feed.id, map(_staged, group))
                keep_staging_blob(session, parcel)
                survey.look(session, {entry.seq: entry.bill for entry in group if entry.bill is not None})
                # Who comes further than the last reader did was not ended by what ended that one.
                further = {"attempts": 1} if figures.items > feed.entries else {}
                session.execute(update(Feed).where(Feed.id == feed.id).values(entries=figures.items, **further))
            yield
    figures.note(survey)
    _judge(store, feed, profile, entries, figures, clock())


def _staged(entry: FeedItem) -> Staged:
    return Staged(entry.seq, entry.place, entry.body_sha, entry.number, entry.bill, entry.findings, entry.amount)


def _enclosed(entry: FeedItem) -> Iterator[StagedAttachment]:
    """What comes with an entry that is a bill: the issuer's own pages, and attachments."""
    if entry.bill is not None:
        if entry.pages is not None:
            yield StagedAttachment(entry.seq, PAGES, entry.pages, entry.text)
        yield from attachments_of(entry.seq, entry.bill)


# -- judge -----------------------------------------------------------------------------------------------------


def _judge(store: Store, feed: Feed, profile: Profile, reading: Reading, figures: FeedCounts, now: datetime) -> None:
    """Read to its end: is it whole, is there anything to release, and may it be released without a person?"""
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
            why = next((each.message for each in findings if each.severity == "fatal"), ALL_REFUSED)
            change_state(session, Feed, feed.id, "reading", "rejected", now, why=why, reason=why)
            return
        conflicts = would_conflict(session, feed) if profile.tolerance == "none" else 0
        doubts = list(hold_reasons_of(session, feed, profile, reading.declared, figures, conflicts))
        _keep_findings(session, feed.id, [*findings, *(doubt.finding(feed.name) for doubt in doubts)])
        if doubts:
            why = hold_reasons_text(doubts)
            change_state(session, Feed, feed.id, "reading", "held", now, why=why, reason=why)


def hold_reasons_of(
    session: Session,
    feed: Feed,
    profile: Profile,
    declared: Sequence[ControlTotals],
    figures: FeedCounts,
    conflicts: int,
) -> Iterator[HoldReason]:
    """All that speaks against releasing a whole feed without a person; *declared* is what its file declares, beside
    what was announced at the door."""
    if profile.tolerance == "none":
        yield from _intolerable(figures.refused, conflicts, figures.items)
    totals = [*feed.announced_totals, *declared]
    if profile.control_totals == "required" and not totals:
        yield not_declared()
    yield from control_total_hold_reasons(totals, figures)
    yield from account_number_hold_reasons(figures, profile.breaker)
    yield from drift_hold_reasons(figures, earlier_feed_counts(session, feed, profile.breaker.history), profile.breaker)


def _intolerable(refused: int, conflicts: int, items: int) -> Iterator[HoldReason]:
    if refused + conflicts:
        yield HoldReason(
            "TOLERANCE-NONE",
            f"Factures refusées : {refused}, en conflit : {conflicts}, sur {items} ; le profil n’en tolère aucune",
            "{refused} refused and {conflicts} in conflict of {items}, and the profile tolerates none",
            {"refused": refused, "conflicts": conflicts, "items": items},
        )


def _keep_findings(session: Session, feed_id: int, findings: Iterable[Finding]) -> None:
    keep_findings(session, feed_id, [(None, None, finding) for finding in findings])


# -- release ---------------------------------------------------------------------------------------------------


def _may_release(store: Store, feed_id: int) -> bool:
    with store.reading() as session:
        feed = session.get_one(Feed, feed_id)
        return feed.state == "reading" or (feed.state == "held" and bool(feed.decided_by))


def _release(store: Store, feed_id: int, clock: Callable[[], datetime]) -> Iterator[None]:
    """Claim the numbers chunk by chunk; then one update of the feed makes its bills visible."""
    while True:
        with store.writing() as session:
            assert_lease(session, Feed, feed_id)
            feed = session.get_one(Feed, feed_id, populate_existing=True)
            if feed.released_upto >= feed.entries:
                break
            first, last = feed.released_upto + 1, min(feed.released_upto + CHUNK_SIZE, feed.entries)
            terms = release_terms(session.get_one(Issuer, feed.issuer_id))
            release_items(session, store.sealer, feed, first, last, terms, clock())
        yield
    with store.writing() as session:
        assert_lease(session, Feed, feed_id)
        cut_into_chunks(session, feed)
        keep_tallies(session, feed_id)
        by = feed.decided_by or "road"
        now = clock()
        change_state(session, Feed, feed_id, ["reading", "held"], "released", now, by=by, released_at=now)
    store.wake_up.send()
