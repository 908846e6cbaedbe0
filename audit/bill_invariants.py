"""Invariants of bills: one item each, one bill a number, and work left for each unfinished bill."""

from sqlalchemy import exists, func, select

from audit.invariant_violations import Question
from store.accounts.consumer import Enrolment
from store.bills.bill import PRESENTABLE, BillRow
from store.delivery import Delivery
from store.feeds.chunk import Chunk
from store.feeds.feed import OUT, Feed
from store.feeds.item import Item
from store.leaving.space_closing import SpaceClosing
from store.search.search_entry import SearchEntry
from store.vault.attachment_staging import StoredAttachment


def bills_without_birth() -> Question:
    """Bills of released feeds that do not have exactly one item they were created from."""
    is_birth = (Item.outcome == "bill", Item.feed_id == BillRow.feed_id)
    created = exists().where(Item.bill_id == BillRow.id, *is_birth)
    twice = select(Item.bill_id).where(Item.outcome == "bill").group_by(Item.bill_id, Item.feed_id)
    of_feeds_out = select(BillRow.id, BillRow.number).join(Feed, Feed.id == BillRow.feed_id).where(Feed.state.in_(OUT))
    created_twice = of_feeds_out.where(BillRow.id.in_(twice.having(func.count() > 1)))
    wrong = of_feeds_out.where(~created).union_all(created_twice).subquery()
    return select(wrong.c.id, wrong.c.number)


def bills_of_nothing() -> Question:
    """Bills of feeds that were rejected or are not read yet."""
    return (
        select(BillRow.id, BillRow.number).join(Feed, Feed.id == BillRow.feed_id)
        .where(Feed.state.in_(["received", "rejected"]))
    )  # fmt: skip


def superseded_by_nothing() -> Question:
    """Superseded bills without another bill of the same number."""
    other = BillRow.__table__.alias("other")
    stands = exists().where(
        other.c.issuer_id == BillRow.issuer_id, other.c.number == BillRow.number, other.c.id != BillRow.id,
        other.c.state != "superseded",
    )  # fmt: skip
    return select(BillRow.id, BillRow.number).where(BillRow.state == "superseded", ~stands)


def superseded_sent() -> Question:
    """Superseded bills of which something was sent, or is still to be sent."""
    return (
        select(BillRow.id, Delivery.id).join(Delivery, Delivery.bill_id == BillRow.id)
        .where(BillRow.state == "superseded", Delivery.state != "cancelled")
    )  # fmt: skip


def recalled_sent() -> Question:
    """Recalled bills that somebody has seen, or of which something was sent or is still to be sent."""
    owed = exists().where(Delivery.bill_id == BillRow.id, Delivery.state != "cancelled")
    is_reached = BillRow.viewed_at.is_not(None) | BillRow.posted_at.is_not(None) | owed
    return select(BillRow.id, BillRow.number).where(BillRow.state == "recalled", is_reached)


def unworked_bills() -> Question:
    """Released bills that are in no unfinished chunk and have not failed: nothing would work on them."""
    waits = exists().where(
        Chunk.feed_id == BillRow.feed_id, BillRow.item_seq.between(Chunk.first_seq, Chunk.last_seq),
        Chunk.state != "done",
    )  # fmt: skip
    return (
        select(BillRow.id, BillRow.number).join(Feed, Feed.id == BillRow.feed_id)
        .where(Feed.state.in_(OUT), BillRow.state.in_(["released", "rendered"]), ~waits)
    )  # fmt: skip


def not_found_in_search() -> Question:
    """Bills that people may see without an entry of their account in the search index. It may forget accounts that
    nobody holds since their holder was erased."""
    entry = exists().where(SearchEntry.bill_id == BillRow.id, SearchEntry.account_id == BillRow.account_id)
    of_account = Enrolment.account_id == BillRow.account_id
    was_erased = exists().where(
        of_account, Enrolment.consumer_id == SpaceClosing.consumer_id, SpaceClosing.state == "erased"
    )
    is_forgotten = was_erased & ~exists().where(of_account, Enrolment.ended_at.is_(None))
    return select(BillRow.id, BillRow.number).where(BillRow.state.in_(PRESENTABLE), ~entry, ~is_forgotten)


def attachments_unencrypted() -> Question:
    """Attachments of rendered bills that are not encrypted with the account's key."""
    return (
        select(StoredAttachment.feed_id, StoredAttachment.seq, StoredAttachment.n)
        .join(BillRow, (BillRow.feed_id == StoredAttachment.feed_id) & (BillRow.item_seq == StoredAttachment.seq))
        .where(BillRow.state.in_(PRESENTABLE), StoredAttachment.is_encrypted.is_(False))
    )
