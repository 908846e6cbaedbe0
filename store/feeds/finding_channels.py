"""By which channel the bills of a rule's findings went."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.feeds.item import FindingRow, Item

#: So many findings tell for all of their rule: what is asked is a share.
_SAMPLE: Final = 300


def paper_share(session: Session, feed_ids: Collection[int], rule: str) -> float:
    """Which share of the bills with a finding of this rule, in these feeds, goes on paper: 0 to 1, by the first of them
    whose channel is chosen. 0 where none is."""
    found = (
        select(FindingRow.feed_id, FindingRow.seq)
        .where(FindingRow.feed_id.in_(feed_ids), FindingRow.rule == rule)
        .limit(_SAMPLE)
        .subquery()
    )
    on_paper = func.sum(case((BillRow.channel == "paper", 1), else_=0))
    query = (
        select(on_paper, func.count())
        .select_from(found)
        .join(Item, and_(Item.feed_id == found.c.feed_id, Item.seq == found.c.seq))
        .join(BillRow, BillRow.id == Item.bill_id)
        .where(BillRow.channel.is_not(None))
    )
    part, whole = session.execute(query).one()
    return int(part) / whole if whole else 0.0
