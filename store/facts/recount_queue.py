"""Bills and accounts that changed since adoption facts were counted: one row a change, written by database triggers.

A row says what to count again, not what happened. A change that is marked twice, or without need, does no harm.
"""

from collections import defaultdict
from typing import Final, NamedTuple

from sqlalchemy import String, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.bills.bill import BillRow
from store.db.bound_ids import is_among


class FactChange(Base):
    """A bill, an account, or all bills of a feed to count again, as *kind* says; of a feed only items after *upto*."""

    __tablename__ = "fact_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    row_id: Mapped[int]
    upto: Mapped[int] = mapped_column(default=0)


#: Marks looked at for each bill that is taken: one is marked again and again, as it is presented, announced and posted,
#: and counted once.
_AHEAD: Final = 8
_NEXT: Final = select(FactChange).order_by(FactChange.id).limit(bindparam("ahead")).subquery().c
_OLDEST: Final = (
    select(_NEXT.kind, _NEXT.row_id, func.min(_NEXT.upto).label("upto"), func.max(_NEXT.id).label("last"))
    .group_by(_NEXT.kind, _NEXT.row_id)
    .order_by(func.min(_NEXT.id))
    .limit(bindparam("most"))
)
_TAKEN: Final = delete(FactChange).where(
    FactChange.id <= bindparam("last"), FactChange.kind == bindparam("kind"), is_among(FactChange.row_id, "rows")
)


class Changed(NamedTuple):
    """Ids of bills and accounts to count again."""

    bills: set[int]
    accounts: set[int]


def is_any_changed(session: Session) -> bool:
    """Whether a bill or an account waits to be counted again."""
    return session.scalar(select(FactChange.id).limit(1)) is not None


def take_changes(session: Session, most: int) -> Changed | None:
    """Delete the oldest marks of about *most* bills and accounts, and return these; None if there are none.

    A mark that commits after it was looked for is taken later, or is deleted with others of its row. Rows read after
    this call, in READ COMMITTED too, are at least as new as the changes taken.
    """
    rows = session.connection().execute(_OLDEST, {"ahead": most * _AHEAD, "most": most}).all()
    if not rows:
        return None
    last = max(row.last for row in rows)
    taken: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        taken[row.kind].add(row.row_id)
    changed = Changed(taken["bill"], taken["account"])
    for feed in rows:
        if feed.kind == "feed" and not _take_feed(
            session, feed.row_id, feed.upto, most - len(changed.bills), changed.bills
        ):
            taken["feed"].discard(feed.row_id)
    for kind, row_ids in taken.items():
        session.connection().execute(_TAKEN, {"kind": kind, "rows": row_ids, "last": last})
    return changed


def _take_feed(session: Session, feed_id: int, upto: int, room: int, bills: set[int]) -> bool:
    """Add the next bills of a feed to *bills*, *room* at most. Returns False if more of them are left for later."""
    if room <= 0:
        return False
    query = select(BillRow.id, BillRow.item_seq).where(BillRow.feed_id == feed_id, BillRow.item_seq > upto)
    rows = session.execute(query.order_by(BillRow.item_seq).limit(room)).all()
    bills.update(row.id for row in rows)
    if len(rows) < room:
        return True
    of_feed = update(FactChange).where(FactChange.kind == "feed", FactChange.row_id == feed_id)
    session.execute(of_feed.where(FactChange.upto == upto).values(upto=rows[-1].item_seq))
    return False
