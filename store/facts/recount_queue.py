"""Bills and accounts that changed since adoption facts were counted: one row a change, written by database triggers.

A row says what to count again, not what happened. A change that is marked twice, or without need, does no harm.
"""

from typing import Final, NamedTuple

from sqlalchemy import String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.bills.bill import BillRow

CHANGE_KINDS: Final = ("bill", "account", "feed")


class FactChange(Base):
    """A bill, an account, or all bills of a feed to count again; of a feed only items after *upto*."""

    __tablename__ = "fact_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    row_id: Mapped[int]
    upto: Mapped[int] = mapped_column(default=0)


class Changed(NamedTuple):
    """Ids of bills and accounts to count again."""

    bills: set[int]
    accounts: set[int]


def is_any_changed(session: Session) -> bool:
    """Whether a bill or an account waits to be counted again."""
    return session.scalar(select(FactChange.id).limit(1)) is not None


def take_changes(session: Session, most: int) -> Changed | None:
    """Delete about *most* change rows and return what they mark; None if there are none.

    Rows are deleted by their ids, so a change that commits later is taken later. Rows read after this call, in READ
    COMMITTED too, are at least as new as the changes taken.
    """
    query = select(FactChange.id, FactChange.kind, FactChange.row_id, FactChange.upto)
    rows = session.execute(query.order_by(FactChange.id).limit(most)).all()
    if not rows:
        return None
    changed, done = Changed(set(), set()), []
    for change_id, kind, row_id, upto in rows:
        if kind == "bill":
            changed.bills.add(row_id)
        elif kind == "account":
            changed.accounts.add(row_id)
        elif (room := most - len(changed.bills)) <= 0 or not _take_feed(
            session, change_id, row_id, upto, room, changed.bills
        ):
            break
        done.append(change_id)
    session.execute(delete(FactChange).where(FactChange.id.in_(done)))
    return changed


def _take_feed(session: Session, change_id: int, feed_id: int, upto: int, room: int, bills: set[int]) -> bool:
    """Add the next bills of a feed to *bills*, *room* at most. Returns False if more of them are left for later."""
    if room <= 0:
        return False
    query = select(BillRow.id, BillRow.item_seq).where(BillRow.feed_id == feed_id, BillRow.item_seq > upto)
    rows = session.execute(query.order_by(BillRow.item_seq).limit(room)).all()
    bills.update(row.id for row in rows)
    if len(rows) < room:
        return True
    session.execute(update(FactChange).where(FactChange.id == change_id).values(upto=rows[-1].item_seq))
    return False
