"""Compare staged items with the bills that have their numbers: the same content (a duplicate) or not (a conflict)."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bill import (
    pack,
    unpack,
)
from store.bills.bill import BillRow, stands
from store.feeds.chunk import CHUNK_SIZE
from store.feeds.feed import Feed
from store.feeds.item import Item


def says_the_same(session: Session, pairs: Sequence[tuple[Item, int]]) -> set[int]:
    """The positions in the feed of those items whose content is that of the bill with their number. *pairs* are staged
    items of one feed, each with the id of that bill. The same content: the same bytes, or the same bill when both are
    packed by today's data classes (an old bill was packed without their new fields). A recalled bill is like nothing:
    what comes under its number, the same bill too, waits for a person (decision 0088)."""
    query = select(BillRow.id, BillRow.content_sha256, BillRow.body_sha256).where(BillRow.state != "recalled")
    rows = session.execute(query.where(BillRow.id.in_({bill_id for _, bill_id in pairs})))
    bills = {bill_id: ContentDigests(content, body) for bill_id, content, body in rows}
    pairs = [(item, bill_id) for item, bill_id in pairs if bill_id in bills]
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
    """The digests of the issuer's bills from other feeds that have one of these numbers, by number; of a recalled
    bill, those of nothing."""
    query = select(BillRow.number, BillRow.state, BillRow.content, BillRow.body_sha256).where(
        BillRow.issuer_id == feed.issuer_id, BillRow.feed_id != feed.id, BillRow.number.in_(numbers), stands()
    )
    rows = session.execute(query)
    return {
        number: ContentDigests("", "") if state == "recalled" else ContentDigests(_digest(content), body)
        for number, state, content, body in rows
    }


def would_conflict(session: Session, feed: Feed) -> int:
    """The number of staged items whose number is taken with other content; asked before anything is claimed."""
    query = (
        select(Item, BillRow.id)
        .join(BillRow, (BillRow.issuer_id == feed.issuer_id) & (BillRow.number == Item.number) & stands())
        .where(Item.feed_id == feed.id, Item.outcome.is_(None))
        .where(
            and_(Item.content_sha256 != BillRow.content_sha256, Item.body_sha256 != BillRow.body_sha256)
            | (BillRow.state == "recalled")
        )
        .order_by(Item.seq)
        .execution_options(yield_per=CHUNK_SIZE)
    )
    unlike = 0
    for group in session.execute(query).partitions():
        unlike += len(group) - len(says_the_same(session, [(item, bill_id) for item, bill_id in group]))
    return unlike
