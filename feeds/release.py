"""Release the items of a feed that was read: claim bill numbers and create bills.

Only a feed that was read to its end claims numbers.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import PLATFORMS_SINCE, Bill, fatal, goes_by_platform, unpack
from feeds.accounts.account_assignment import open_accounts
from feeds.accounts.duplicate_accounts import report_duplicate_accounts
from feeds.reference_check import untouched_references
from feeds.same_content import says_the_same
from store.bills.bill import BillRow, new_uid, stands
from store.bills.bill_columns import bill_columns
from store.bills.references_between_bills import keep_references
from store.db.bulk_insert import insert_rows
from store.db.event import record_all
from store.feeds.chunk import CHUNK_SIZE, Chunk
from store.feeds.conflict import open_conflicts
from store.feeds.feed import Feed
from store.feeds.item import Item, items_between, keep_findings
from store.issuer import lock_issuer
from store.payments.bill_key import keep_bill_keys
from store.vault.attachment_staging import clear_attachments
from store.vault.encryption import Encryptor


class ReleaseTerms(NamedTuple):
    """What the issuer's profile says about a release: the term of the account number, the day since when its invoices
    to companies go through an approved platform, and whether duplicate accounts are reported."""

    account_term: str | None = None
    platforms_since: date = PLATFORMS_SINCE
    reports_duplicates: bool = True


def release_items(
    session: Session, encryptor: Encryptor, feed: Feed, first: int, last: int, terms: ReleaseTerms, at: datetime
) -> None:
    """Claim the bill numbers of these items, which makes their outcomes final: a free number becomes a bill, the same
    content again is a duplicate, other content under a taken number is a conflict for a person to decide."""
    staged = [item for item in items_between(session, feed.id, first, last) if item.outcome is None]
    create_bills(session, encryptor, feed, staged, terms, at)
    _settle_outcomes(session, feed, staged, at)
    session.execute(update(Feed).where(Feed.id == feed.id).values(released_upto=last, attempts=1))


def create_bills(
    session: Session, encryptor: Encryptor, feed: Feed, staged: Sequence[Item], terms: ReleaseTerms, at: datetime
) -> None:
    """Create a bill for each of these staged items whose number is free, and its account if it is new. Items that
    become no bill change no account."""
    lock_issuer(session, feed.issuer_id)
    items = _first_to_claim(session, feed.issuer_id, staged)
    bills = {seq: unpack(item.content) for seq, item in items.items() if item.content is not None}
    opened = open_accounts(session, feed.issuer_id, feed.id, bills, terms.account_term, encryptor.encrypt_key, at)
    if terms.reports_duplicates and opened.fresh:
        report_duplicate_accounts(session, feed.issuer_id, feed.id, opened.fresh, items)
    keep_findings(session, feed.id, [(seq, items[seq].number, finding) for seq, finding in opened.findings])
    rows = [_bill_row(feed, items[seq], bill, opened.ids[seq], terms.platforms_since) for seq, bill in bills.items()]
    # In one order, so that two feeds with the same numbers never deadlock.
    rows.sort(key=itemgetter("number"))
    insert_rows(session, BillRow, rows, new=True)
    _keep_references(session, feed, bills)
    keep_bill_keys(session, feed.issuer_id, _by_bill_id(session, feed, bills))
    keep_findings(session, feed.id, untouched_references(session, feed.id, list(bills)))


def _keep_references(session: Session, feed: Feed, bills: Mapping[int, Bill]) -> None:
    """Store which bills the new bills refer to, by position in the feed."""
    naming = {seq: bill for seq, bill in bills.items() if bill.preceding}
    if not naming:
        return
    keep_references(session, feed.issuer_id, _by_bill_id(session, feed, naming))


def _by_bill_id(session: Session, feed: Feed, bills: Mapping[int, Bill]) -> dict[int, Bill]:
    """The new bills by id, given by position in the feed."""
    created = select(BillRow.id, BillRow.item_seq).where(BillRow.feed_id == feed.id, BillRow.item_seq.in_(list(bills)))
    return {row.id: bills[row.item_seq] for row in session.execute(created)}


def _first_to_claim(session: Session, issuer_id: int, staged: Sequence[Item]) -> dict[int, Item]:
    """The first item of each number that no bill has, by position."""
    first = {item.number: item for item in reversed(staged)}
    query = select(BillRow.number).where(BillRow.issuer_id == issuer_id, BillRow.number.in_(first), stands())
    taken = set(session.scalars(query)) if first else set()
    return {item.seq: item for item in staged if item.number not in taken and first[item.number] is item}


def _bill_row(feed: Feed, item: Item, bill: Bill, account_id: int, platforms_since: date) -> dict[str, Any]:
    return {
        "uid": new_uid(), "issuer_id": feed.issuer_id, "feed_id": feed.id, "item_seq": item.seq,
        "account_id": account_id, "state": "released", "content": item.content, "content_sha256": item.content_sha256,
        "body_sha256": item.body_sha256, "received_at": feed.received_at,
        "is_copy": goes_by_platform(bill, platforms_since), "changed_at": datetime.now(UTC), **bill_columns(bill),
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
    query = select(BillRow.id, BillRow.number, BillRow.state, BillRow.feed_id, BillRow.item_seq).where(
        BillRow.issuer_id == feed.issuer_id, BillRow.number.in_([item.number for item in staged]), stands()
    )
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
            other = session.get_one(Feed, bill.feed_id)
            explain = _tell_recalled if bill.state == "recalled" else _tell_conflict
            explain(session, feed.id, item, other)
    if known:
        clear_attachments(session, feed.id, known)
    open_conflicts(session, feed.issuer_id, feed.id, used, at)
    session.flush()


def _tell_recalled(session: Session, feed_id: int, item: Item, other_feed: Feed) -> None:
    finding = fatal(
        "NUMBER-RECALLED",
        "bill {bill} was taken from feed {feed} and recalled: a person decides whether this one takes its number",
        item.place,
        bill=item.number or "",
        feed=f"{other_feed.name} ({other_feed.received_at.date().isoformat()})",
    )
    keep_findings(session, feed_id, [(item.seq, item.number, finding)])


def _tell_conflict(session: Session, feed_id: int, item: Item, other_feed: Feed) -> None:
    finding = fatal(
        "NUMBER-USED",
        "bill {bill} was taken from feed {feed} with other content: send a corrected bill under a number of its own "
        "(BT-3 384), or a credit note (381)",
        item.place,
        bill=item.number or "",
        feed=f"{other_feed.name} ({other_feed.received_at.date().isoformat()})",
    )
    keep_findings(session, feed_id, [(item.seq, item.number, finding)])


def cut_into_chunks(session: Session, feed: Feed) -> int:
    """Create the chunks of a released feed's bills; returns how many."""
    query = select(BillRow.item_seq).where(BillRow.feed_id == feed.id).order_by(BillRow.item_seq)
    seqs = list(session.scalars(query))
    groups = [seqs[at : at + CHUNK_SIZE] for at in range(0, len(seqs), CHUNK_SIZE)]
    rows = [{"feed_id": feed.id, "first_seq": group[0], "last_seq": group[-1]} for group in groups]
    insert_rows(session, Chunk, rows)
    return len(rows)
