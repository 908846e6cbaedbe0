"""The job "replay rehearsal": reads a feed again with its issuer's present profile, and reports what a replay would
change, without changing anything.

The report compares the last reading with the next one: outcomes, amounts, findings by rule, and each item whose outcome
would differ. A long feed takes minutes, and is read a chunk at a time.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec
from sqlalchemy.orm import Session

from bill import ZERO, Finding, Money, Reason, Value, pack
from bill.decimal_text import amount_text
from bill.finding import fill_in
from feeds.accounts.account_findings import ACCOUNT_QUESTION
from feeds.accounts.account_number_counts import AccountSurvey
from feeds.duplicates_within_feed import REPEATED
from feeds.same_content import ContentDigests, contents_taken
from ingest import FeedItem, open_feed
from issuers.registry import profile_of
from pipeline.steps.judge_feed import ALL_REFUSED, hold_reasons_of
from store import Store
from store.feeds.chunk import CHUNK_SIZE, in_chunks
from store.feeds.feed import Feed
from store.feeds.feed_counts_as_read import FeedCounts
from store.feeds.item import Item, items_between, tallies_of
from store.issuer import Issuer
from store.job import Job, failure_of, finish_job
from store.outage_or_fault import is_outage
from store.vault.attachment_staging import without_attachments
from words.reason_text import reason_text

log = logging.getLogger(__name__)

#: The kind of the job; its particulars have a `feed_id`.
REHEARSE: Final = "rehearse"
#: How many changes the job's result keeps.
MOST_ANSWERED: Final = 50
#: The outcome of an item that one of the readings does not have.
ABSENT: Final = "absent"
_ALL_REFUSED: Final = reason_text(ALL_REFUSED.code, {}, "en")
#: Amounts are written as JSON numbers with all their digits.
_ANSWER: Final = msgspec.json.Encoder(decimal_format="number")


class ReadingTotals(msgspec.Struct):
    """The result of one reading: the number of items by outcome, the bills' payable amounts by currency, and the number
    of findings by rule."""

    outcomes: dict[str, int] = msgspec.field(default_factory=dict)
    totals: dict[str, Decimal] = msgspec.field(default_factory=dict)
    rules: dict[str, int] = msgspec.field(default_factory=dict)


class OutcomeChange(msgspec.Struct):
    """An item whose outcome would change."""

    seq: int
    number: str | None
    before: str
    after: str


class ReportedReason(msgspec.Struct):
    """Why the feed would be held or rejected: a sentence with named blanks and their values, to be translated."""

    rule: str
    sentence: str
    values: dict[str, Value]


class Rehearsal(msgspec.Struct):
    """The last reading and the next one. `state` is the state that the feed would have; `reasons` say why it would be
    held, or rejected for more than that all its bills are refused."""

    feed: int
    state: str
    before: ReadingTotals
    after: ReadingTotals
    changes: list[OutcomeChange]
    reasons: list[ReportedReason] = []

    @property
    def why(self) -> list[str]:
        """Why the feed would be held or rejected: a sentence each, in English."""
        messages = [fill_in(each.sentence, each.values) for each in self.reasons]
        if self.state != "rejected":
            return messages
        return [f"{each.rule} {said}" for each, said in zip(self.reasons, messages, strict=True)] or [_ALL_REFUSED]


class _Verdict(NamedTuple):
    state: str
    findings: list[Finding]


class _Said(NamedTuple):
    """An item, as one of the two readings has it."""

    number: str | None
    outcome: str
    amount: Money | None


def answering_rehearsal(store: Store, job: Job) -> Iterator[None]:
    """Do a job that asks for a rehearsal. Its result is the rehearsal as JSON, with the first MOST_ANSWERED changes; or
    the error, as its reason. Yields between chunks."""
    answer, why = "", Reason()
    try:
        rehearsal = yield from rehearsing(store, job.particulars["feed_id"])
        del rehearsal.changes[MOST_ANSWERED:]
        answer = _ANSWER.encode(rehearsal).decode()
    except Exception as error:
        if is_outage(error, job.setbacks):
            raise
        log.exception("feed %s cannot be rehearsed", job.particulars.get("feed_id"))
        why = failure_of(error)
    with store.writing() as session:
        finish_job(session, job.id, answer, why)


def rehearse(store: Store, feed_id: int) -> Rehearsal:
    """Rehearse a feed to its end."""
    going = rehearsing(store, feed_id)
    while True:
        try:
            next(going)
        except StopIteration as end:
            rehearsal: Rehearsal = end.value
            return rehearsal


def rehearsing(store: Store, feed_id: int) -> Generator[None, None, Rehearsal]:
    """The same as a generator, which yields between chunks and holds no transaction then."""
    with store.reading() as session:
        feed = session.get_one(Feed, feed_id)
        rules_before = _rules_kept(session, feed.id)
    last = yield from _said_last(store, feed)
    before = _side(last.values(), rules_before)
    verdict, said, rules = yield from _read(store, feed)
    after = _side(said.values(), rules)
    reasons = [ReportedReason(each.rule, each.sentence, each.values) for each in verdict.findings]
    return Rehearsal(feed.id, verdict.state, before, after, list(_changes(last, said)), reasons)


class _Stage:
    """Item outcomes as a release would give them, without writing a row. The first item with a number is a bill."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._here: dict[str, ContentDigests] = {}

    def outcomes(self, session: Session, contents: Iterable[tuple[str | None, ContentDigests | None]]) -> Iterator[str]:
        """The outcome of each (number, content), in order; without content it is rejected."""
        numbered = list(contents)
        there = contents_taken(session, self._feed, [number for number, _ in numbered if number])
        for number, content in numbered:
            if number is None or content is None:
                yield "rejected"
            elif known := there.get(number) or self._here.get(number):
                yield "duplicate" if content.equals(known) else "conflict"
            else:
                self._here[number] = content
                yield "bill"


def _said_last(store: Store, feed: Feed) -> Generator[None, None, dict[int, _Said]]:
    """The items of the last reading, by their number in the feed. There are none if the feed was not whole."""
    stage = _Stage(feed)
    said: dict[int, _Said] = {}
    for first in range(1, feed.entries + 1, CHUNK_SIZE):
        with store.reading() as session:
            items = items_between(session, feed.id, first, first + CHUNK_SIZE - 1)
            staged = [(item.number, _content(item)) for item in items]
            for item, outcome in zip(items, stage.outcomes(session, staged), strict=True):
                amount = None if item.payable is None else Money(item.payable, item.currency or "")
                said[item.seq] = _Said(item.number, item.outcome or outcome, amount)
        yield
    return said


def _content(item: Item) -> ContentDigests | None:
    return None if item.content_sha256 is None else ContentDigests(item.content_sha256, item.body_sha256)


def _rules_kept(session: Session, feed_id: int) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for tally in tallies_of(session, feed_id):
        counts[tally.rule] += tally.count
    return dict(counts)


def _read(
    store: Store, feed: Feed
) -> Generator[None, None, tuple[_Verdict, dict[int, _Said], dict[str, int]]]:  # fmt: skip
    """The feed's next state and why, its items, and how often each rule speaks."""
    with store.reading() as session:
        profile = profile_of(session.get_one(Issuer, feed.issuer_id))
    stage, figures = _Stage(feed), FeedCounts()
    said: dict[int, _Said] = {}
    shas: dict[int, tuple[str | None, str]] = {}
    rules: Counter[str] = Counter()
    survey = AccountSurvey(feed.issuer_id, profile.account_term)
    with store.blobs.open(feed.sha256) as stream:
        reading = open_feed(stream, feed.name, profile)
        for group in in_chunks(reading, lambda entry: entry.weight):
            contents = [_shas(entry) for entry in group]
            with store.reading() as session:
                asking = survey.look(session, {entry.seq: entry.bill for entry in group if entry.bill is not None})
                outcomes = list(stage.outcomes(session, contents))
            rules[ACCOUNT_QUESTION] += len(asking)
            for entry, (_, content), outcome in zip(group, contents, outcomes, strict=True):
                figures.add(entry.amount, is_taken=entry.bill is not None)
                said[entry.seq] = _Said(entry.number, outcome, entry.amount)
                shas[entry.seq] = entry.number, content.content_sha256 if content else entry.body_sha
                rules.update(finding.rule for finding in entry.findings)
            yield
    if reading.has_own_layout:
        for seq in _repeated(shas):
            figures.refused += said[seq].outcome != "rejected"
            rules[REPEATED] += said[seq].outcome != "rejected"
            said[seq] = said[seq]._replace(outcome="rejected")
    rules.update(finding.rule for finding in reading.findings)
    rules += Counter()  # nothing is said of a rule that nothing breaks
    figures.note(survey)
    if not reading.whole or not figures.taken:
        fatal = [finding for finding in reading.findings if finding.severity == "fatal"]
        return _Verdict("rejected", fatal), {} if not reading.whole else said, dict(rules)
    conflicts = sum(each.outcome == "conflict" for each in said.values())
    with store.reading() as session:
        doubts = list(hold_reasons_of(session, feed, profile, reading.declared, figures, conflicts))
    rules.update(doubt.rule for doubt in doubts)
    return _Verdict("held" if doubts else "released", doubts), said, dict(rules)


def _repeated(shas: dict[int, tuple[str | None, str]]) -> Iterator[int]:
    """The items whose bill number comes with several contents: the stage rejects them."""
    contents: dict[str | None, set[str]] = {}
    for number, sha in shas.values():
        contents.setdefault(number, set()).add(sha)
    return (seq for seq, (number, _) in shas.items() if number is not None and len(contents[number]) > 1)


def _shas(entry: FeedItem) -> tuple[str | None, ContentDigests | None]:
    if entry.bill is None:
        return entry.number, None
    return entry.bill.number, ContentDigests(
        hashlib.sha256(pack(without_attachments(entry.bill))).hexdigest(), entry.body_sha
    )


def _side(items: Iterable[_Said], rules: dict[str, int]) -> ReadingTotals:
    side = ReadingTotals(rules=dict(sorted(rules.items())))
    for item in items:
        side.outcomes[item.outcome] = side.outcomes.get(item.outcome, 0) + 1
        if item.outcome == "bill" and item.amount is not None:
            currency = item.amount.currency
            side.totals[currency] = side.totals.get(currency, ZERO) + item.amount.amount
    side.totals = {currency: Decimal(amount_text(total, currency)) for currency, total in side.totals.items()}
    return side


def _changes(last: dict[int, _Said], said: dict[int, _Said]) -> Iterator[OutcomeChange]:
    for seq in sorted(last.keys() | said.keys()):
        was, is_ = last.get(seq), said.get(seq)
        before, after = was.outcome if was else ABSENT, is_.outcome if is_ else ABSENT
        if before != after:
            number = (is_ and is_.number) or (was and was.number) or None
            yield OutcomeChange(seq, number, before, after)
