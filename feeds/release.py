"""Stage the items of a feed while it is read, then release them: claim bill numbers and create bills.

Only a feed that was read to its end claims numbers.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import (
    PLATFORMS_SINCE,
    ZERO,
    Bill,
    Finding,
    Money,
    amount_due,
    document_amount_of,
    fatal,
    goes_by_platform,
    pack,
    span_of,
    unpack,
)
from feeds.accounts.account_assignment import open_accounts
from feeds.accounts.duplicate_accounts import report_duplicate_accounts
from feeds.reference_check import untouched_references
from store.bills.bill import BillRow, new_uid, pack_instalments, stands
from store.bills.references_between_bills import keep_references
from store.db.bulk_insert import insert_rows
from store.db.event import record, record_all
from store.db.state_change import change_state
from store.feeds.chunk import CHUNK_SIZE, Chunk
from store.feeds.conflict import open_conflicts
from store.feeds.feed import Feed
from store.feeds.feed_outcome_counts import keep_tallies
from store.feeds.item import Item, PlacedFinding, clear_stage, items_between, keep_findings, refuse_stage
from store.issuer import lock_issuer
from store.vault.attachment_staging import clear_attachments, without_attachments
from store.vault.encryption import Encryptor

FeedDecision = Literal["release", "reject"]


class Staged(NamedTuple):
    """What was read at one position of a feed; without a bill the item is refused."""

    seq: int
    place: str
    body_sha256: str
    number: str | None
    bill: Bill | None
    findings: Sequence[Finding]
    amount: Money | None = None  # payable amount if known, also of a refused item


def stage_items(session: Session, feed_id: int, entries: Iterable[Staged]) -> int:
    """Insert staged items and their findings; returns how many were refused."""
    items: list[dict[str, Any]] = []
    said: list[PlacedFinding] = []
    for entry in entries:
        items.append(_item_row(feed_id, entry))
        said += [(entry.seq, entry.number, finding) for finding in entry.findings]
    insert_rows(session, Item, items)
    keep_findings(session, feed_id, said)
    return sum(item["outcome"] == "rejected" for item in items)


def _item_row(feed_id: int, entry: Staged) -> dict[str, Any]:
    bill = entry.bill
    content = None if bill is None else pack(without_attachments(bill))
    amount = entry.amount if bill is None else Money(bill.totals.payable, bill.currency)
    return {
        "feed_id": feed_id, "seq": entry.seq, "place": entry.place[:300], "body_sha256": entry.body_sha256,
        "number": None if entry.number is None else entry.number[:200], "content": content,
        "content_sha256": None if content is None else hashlib.sha256(content).hexdigest(),
        "currency": None if amount is None else amount.currency,
        "payable": None if amount is None else amount.amount,
        "outcome": "rejected" if bill is None else None,
    }  # fmt: skip


class ReleaseTerms(NamedTuple):
    """What the issuer's profile says about a release: the term of the account number, the day since when its invoices
    to companies go through an approved platform, and whether duplicate accounts are reported."""

    account_term: str | None = None
    platforms_since: date = PLATFORMS_SINCE
    reports_duplicates: bool = True


def release_items(
    session: Session, sealer: Encryptor, feed: Feed, first: int, last: int, terms: ReleaseTerms, at: datetime
) -> None:
    """Claim the bill numbers of these items, which makes their outcomes final: a free number becomes a bill, the same
    content again is a duplicate, other content under a taken number is a conflict for a person to decide."""
    staged = [item for item in items_between(session, feed.id, first, last) if item.outcome is None]
    create_bills(session, sealer, feed, staged, terms, at)
    _settle_outcomes(session, feed, staged, at)
    session.execute(update(Feed).where(Feed.id == feed.id).values(released_upto=last, attempts=1))


def create_bills(
    session: Session, sealer: Encryptor, feed: Feed, staged: Sequence[Item], terms: ReleaseTerms, at: datetime
) -> None:
    """Create a bill for each of these staged items whose number is free, and its account if it is new. Items that
    become no bill change no account."""
    lock_issuer(session, feed.issuer_id)
    items = _first_to_claim(session, feed.issuer_id, staged)
    bills = {seq: unpack(item.content) for seq, item in items.items() if item.content is not None}
    opened = open_accounts(session, feed.issuer_id, feed.id, bills, terms.account_term, sealer.seal_key, at)
    if terms.reports_duplicates and opened.fresh:
        report_duplicate_accounts(session, feed.issuer_id, feed.id, opened.fresh, items)
    keep_findings(session, feed.id, [(seq, items[seq].number, finding) for seq, finding in opened.findings])
    rows = [_bill_row(feed, items[seq], bill, opened.ids[seq], terms.platforms_since) for seq, bill in bills.items()]
    # In one order, so that two feeds with the same numbers never deadlock.
    rows.sort(key=itemgetter("number"))
    insert_rows(session, BillRow, rows, new=True)
    _keep_references(session, feed, bills)
    keep_findings(session, feed.id, untouched_references(session, feed.id, list(bills)))


def _keep_references(session: Session, feed: Feed, bills: Mapping[int, Bill]) -> None:
    """Store which bills the new bills refer to, by position in the feed."""
    naming = {seq: bill for seq, bill in bills.items() if bill.preceding}
    if not naming:
        return
    created = select(BillRow.id, BillRow.item_seq).where(BillRow.feed_id == feed.id, BillRow.item_seq.in_(list(naming)))
    keep_references(session, feed.issuer_id, {row.id: naming[row.item_seq] for row in session.execute(created)})


def _first_to_claim(session: Session, issuer_id: int, staged: Sequence[Item]) -> dict[int, Item]:
    """The first item of each number that no bill has, by position."""
    first = {item.number: item for item in reversed(staged)}
    query = select(BillRow.number).where(BillRow.issuer_id == issuer_id, BillRow.number.in_(first), stands())
    taken = set(session.scalars(query)) if first else set()
    return {item.seq: item for item in staged if item.number not in taken and first[item.number] is item}


def _bill_row(feed: Feed, item: Item, bill: Bill, account_id: int, platforms_since: date) -> dict[str, Any]:
    span, due = span_of(bill), amount_due(document_amount_of(bill))
    return {
        "uid": new_uid(), "issuer_id": feed.issuer_id, "number": bill.number, "feed_id": feed.id,
        "item_seq": item.seq, "account_id": account_id, "state": "released", "type_code": bill.type_code,
        "issue_date": bill.issue_date, "due_date": bill.due_date, "currency": bill.currency,
        "gross": bill.totals.gross, "payable": bill.totals.payable,
        "to_pay": due.left if due.is_asking else ZERO, "is_collected": due.is_collected,
        "instalments": pack_instalments(bill.instalments),
        "last_due_date": max((each.due for each in bill.instalments if each.due), default=None),
        "seller_name": bill.seller.name[:300], "buyer_name": bill.buyer.name[:300], "line_count": len(bill.lines),
        "content": item.content, "content_sha256": item.content_sha256, "body_sha256": item.body_sha256,
        "received_at": feed.received_at, "is_copy": goes_by_platform(bill, platforms_since),
        "used_from": span.start, "used_to": span.end, "used": span.used, "used_unit": span.unit,
    }  # fmt: skip


def _settle_outcomes(session: Session, feed: Feed, staged: Sequence[Item], at: datetime) -> None:
    """Set the outcome `bill` on items with a new bill; the others depend on the bill that has their number."""
    if not staged:
        return
    first, last = staged[0].seq, staged[-1].seq
    created = session.scalars(
        select(BillRow.id).where(BillRow.feed_id == feed.id, BillRow.item_seq.between(first, last))
    ).all()
    session.execute(
        update(Item)
        .where(Item.feed_id == feed.id, Item.seq.between(first, last))
        .where(BillRow.feed_id == Item.feed_id, BillRow.item_seq == Item.seq)
        .values(outcome="bill", bill_id=BillRow.id, content=None),
        execution_options={"synchronize_session": False},
    )
    record_all(session, "bill", created, "released", at)
    if len(created) < len(staged):
        _settle_others(session, feed, staged, at)


def _settle_others(session: Session, feed: Feed, staged: Sequence[Item], at: datetime) -> None:
    """Set the outcome of items whose number was taken: duplicate for the same content, else conflict."""
    query = select(
        BillRow.id, BillRow.number, BillRow.feed_id, BillRow.item_seq, BillRow.content_sha256, BillRow.body_sha256
    ).where(BillRow.issuer_id == feed.issuer_id, BillRow.number.in_([item.number for item in staged]), stands())
    there = {row.number: row for row in session.execute(query)}
    others = [
        item for item in staged if (there[item.number].feed_id, there[item.number].item_seq) != (feed.id, item.seq)
    ]
    same = says_the_same(session, [(item, there[item.number].id) for item in others])
    known: list[int] = []
    used: list[tuple[int, str, int]] = []
    for item in others:
        bill = there[item.number]
        if item.seq in same:
            item.outcome, item.bill_id, item.content = "duplicate", bill.id, None
            known.append(item.seq)
        else:
            item.outcome = "conflict"
            used.append((item.seq, bill.number, bill.id))
            _tell_conflict(session, feed.id, item, bill.feed_id)
    if known:
        clear_attachments(session, feed.id, known)
    open_conflicts(session, feed.issuer_id, feed.id, used, at)
    session.flush()


def _tell_conflict(session: Session, feed_id: int, item: Item, other_feed: int) -> None:
    finding = fatal(
        "NUMBER-USED",
        "bill {bill} was taken from feed {feed} with other content: send a corrected bill under a number of its own "
        "(BT-3 384), or a credit note (381)",
        item.place,
        bill=item.number or "",
        feed=str(other_feed),
    )
    keep_findings(session, feed_id, [(item.seq, item.number, finding)])


def says_the_same(session: Session, pairs: Sequence[tuple[Item, int]]) -> set[int]:
    """Of staged items of one feed, each with the id of the bill that has its number: the positions of those with the
    same content. Same means the same bytes, or the same bill as packed today (an old bill was packed without new
    fields)."""
    query = select(BillRow.id, BillRow.content_sha256, BillRow.body_sha256)
    rows = session.execute(query.where(BillRow.id.in_({bill_id for _, bill_id in pairs})))
    bills = {bill_id: ContentDigests(content, body) for bill_id, content, body in rows}
    same = {
        item.seq
        for item, bill_id in pairs
        if ContentDigests(item.content_sha256 or "", item.body_sha256).equals(bills[bill_id])
    }  # fmt: skip
    unlike = [(item, bill_id) for item, bill_id in pairs if item.seq not in same]
    packed = _packed_today(session, {bill_id for _, bill_id in unlike})
    return same | {item.seq for item, bill_id in unlike if item.content and _digest(item.content) == packed[bill_id]}


def _packed_today(session: Session, bill_ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(select(BillRow.id, BillRow.content).where(BillRow.id.in_(list(bill_ids))))
    return {bill_id: _digest(content) for bill_id, content in rows}


def _digest(content: bytes) -> str:
    """SHA-256 of a packed bill, unpacked and packed again by today's data classes."""
    return hashlib.sha256(pack(unpack(content))).hexdigest()


class ContentDigests(NamedTuple):
    """Digests to tell whether two items have the same content: of the packed bill, and of its own bytes."""

    content_sha256: str
    body_sha256: str

    def equals(self, other: "ContentDigests") -> bool:
        """Whether it is the same bill, or the same bytes (which a newer reader may read differently)."""
        return self.content_sha256 == other.content_sha256 or self.body_sha256 == other.body_sha256


def contents_taken(session: Session, feed: Feed, numbers: Sequence[str]) -> dict[str, ContentDigests]:
    """The content of those of these numbers that are bills of the issuer from another feed, by number."""
    query = select(BillRow.number, BillRow.content, BillRow.body_sha256).where(
        BillRow.issuer_id == feed.issuer_id, BillRow.feed_id != feed.id, BillRow.number.in_(numbers), stands()
    )
    rows = session.execute(query)
    return {number: ContentDigests(_digest(content), body) for number, content, body in rows}


def would_conflict(session: Session, feed: Feed) -> int:
    """The number of staged items whose number is taken with other content; asked before anything is claimed."""
    query = (
        select(Item, BillRow.id)
        .join(BillRow, (BillRow.issuer_id == feed.issuer_id) & (BillRow.number == Item.number) & stands())
        .where(Item.feed_id == feed.id, Item.outcome.is_(None))
        .where(Item.content_sha256 != BillRow.content_sha256, Item.body_sha256 != BillRow.body_sha256)
        .order_by(Item.seq)
        .execution_options(yield_per=CHUNK_SIZE)
    )
    unlike = 0
    for group in session.execute(query).partitions():
        unlike += len(group) - len(says_the_same(session, [(item, bill_id) for item, bill_id in group]))
    return unlike


def cut_into_chunks(session: Session, feed: Feed) -> int:
    """Create the chunks of a released feed's bills; returns how many."""
    query = select(BillRow.item_seq).where(BillRow.feed_id == feed.id).order_by(BillRow.item_seq)
    seqs = list(session.scalars(query))
    groups = [seqs[at : at + CHUNK_SIZE] for at in range(0, len(seqs), CHUNK_SIZE)]
    rows = [{"feed_id": feed.id, "first_seq": group[0], "last_seq": group[-1]} for group in groups]
    insert_rows(session, Chunk, rows)
    return len(rows)


def decide_feed(session: Session, feed: Feed, decision: FeedDecision, by: str, reason: str, now: datetime) -> bool:
    """A named person releases or rejects a held feed, with a reason. Returns False if the feed is not held or was
    decided already.

    The pipeline goes on with a released feed; nothing of a rejected one is delivered. A feed of which some numbers are
    claimed can only be released.
    """
    may_be = (Feed.state == "held") & (Feed.decided_by == "")
    if decision == "reject":
        may_be &= Feed.released_upto == 0
    anew = {"attempts": 0, "setbacks": 0, "not_before": 0.0}  # retries begin anew after a decision
    decided = session.execute(
        update(Feed).where(Feed.id == feed.id, may_be).values(decided_by=by, reason=reason, **anew)
    )
    if decided.rowcount != 1:  # type: ignore[attr-defined]
        return False
    if decision == "release":
        record(session, "feed", feed.id, "release decided", now, by=by, why=reason)
        return True
    if feed.read_at is None:
        clear_stage(session, feed.id)
    else:
        refuse_stage(session, feed.id)
    keep_tallies(session, feed.id)
    return change_state(session, Feed, feed.id, "held", "rejected", now, by=by, why=reason)
