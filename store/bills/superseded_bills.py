"""Find the bills that were superseded, and those that stand in their place under the same number."""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from store.bills.bill import BillRow, stands
from store.feeds.conflict import Conflict

#: The most bills of one IN list.
_GROUP: Final = 400


def superseded_by(session: Session, rows: Iterable[BillRow]) -> list[int]:
    """The ids of the bills that a decision on a conflict replaced by one of these."""
    by_feed: dict[int, list[int]] = {}
    for row in rows:
        by_feed.setdefault(row.feed_id, []).append(row.item_seq)
    found: list[int] = []
    for feed_id, seqs in sorted(by_feed.items()):
        for at in range(0, len(seqs), _GROUP):
            here = (Conflict.feed_id == feed_id, Conflict.seq.in_(seqs[at : at + _GROUP]))
            found += session.scalars(select(Conflict.first_id).where(*here, Conflict.state == "replaced"))
    return found


def bills_in_place_of(session: Session, bill_ids: Collection[int]) -> dict[int, int]:
    """The bill that stands under the number of each of these that is superseded, in the same currency, by id."""
    found: dict[int, int] = {}
    ordered = sorted(bill_ids)
    for at in range(0, len(ordered), _GROUP):
        gone = aliased(BillRow)
        query = (
            select(gone.id, BillRow.id)
            .join(BillRow, (BillRow.issuer_id == gone.issuer_id) & (BillRow.number == gone.number) & stands())
            .where(gone.id.in_(ordered[at : at + _GROUP]), gone.state == "superseded")
            .where(BillRow.currency == gone.currency)
        )
        found |= dict(session.execute(query).tuples().all())
    return found
