"""What calendars were last told of each due date of a bill, so that a later change is told as a change of the same
entry (RFC 5545 3.8.7.4: its sequence number only rises)."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new

#: asks: to be paid by hand; collected: a direct debit; cancelled: nothing is due on that day any more.
ENTRY_STATES: Final = ("asks", "collected", "cancelled")


class DueDateEntry(Base):
    """One due date of a bill, by its *part*: 0, or the instalments in the order in which they were first told.
    *changed_at* is when it was last told otherwise. A cancelled entry keeps its day and amount."""

    __tablename__ = "due_date_entry"
    __table_args__ = (CheckConstraint(f"state IN {ENTRY_STATES}", name="state"),)

    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[Decimal]
    state: Mapped[str] = mapped_column(String(10))
    sequence: Mapped[int]
    changed_at: Mapped[datetime]


def entries_of_bills(session: Session, bill_ids: Collection[int]) -> dict[int, list[DueDateEntry]]:
    """The entries of these bills, by bill id and in the order of their parts."""
    found: dict[int, list[DueDateEntry]] = {}
    query = select(DueDateEntry).where(DueDateEntry.bill_id.in_(bill_ids))
    query = query.order_by(DueDateEntry.bill_id, DueDateEntry.part).execution_options(populate_existing=True)
    for each in session.scalars(query):
        found.setdefault(each.bill_id, []).append(each)
    return found


def keep_entry(
    session: Session, bill_id: int, part: int, due_on: date, amount: Decimal, state: str, sequence: int, now: datetime
) -> None:
    """Keep what is told of a due date from now on. *sequence* is 0 for a new entry, else one more than it has; whoever
    told of another change meanwhile was first, and their word stands."""
    values = {"due_on": due_on, "amount": amount, "state": state, "sequence": sequence, "changed_at": now}
    if not sequence:
        insert_new(session, DueDateEntry, [values | {"bill_id": bill_id, "part": part}])
        return
    mine = update(DueDateEntry).where(DueDateEntry.bill_id == bill_id, DueDateEntry.part == part)
    session.execute(mine.where(DueDateEntry.sequence == sequence - 1).values(**values))
