"""A consumer's own note on a bill. Nobody else sees it: no other holder of the account, no issuer, no operator."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.bills.bill import BillRow

#: The most characters of a note.
LONGEST_NOTE: Final = 2_000


class BillNote(Base):
    """A consumer's note on a bill: one, as it was written last."""

    __tablename__ = "bill_note"

    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


def note_on(session: Session, consumer_id: int, bill_id: int) -> str:
    """The consumer's note on a bill; "" if there is none."""
    note = session.get(BillNote, (consumer_id, bill_id))
    return "" if note is None else note.text


def write_note(session: Session, consumer_id: int, bill_id: int, text: str, at: datetime) -> None:
    """Write the consumer's note on a bill, of `LONGEST_NOTE` characters at most, in place of the one before; an empty
    one takes it away. Lock the consumer's row before, so that of two at once the later stands."""
    if not text:
        session.execute(delete(BillNote).where(BillNote.consumer_id == consumer_id, BillNote.bill_id == bill_id))
    else:
        session.merge(BillNote(consumer_id=consumer_id, bill_id=bill_id, text=text[:LONGEST_NOTE], written_at=at))


def forget_notes(session: Session, consumer_id: int, account_ids: Collection[int]) -> None:
    """Delete the consumer's notes on the bills of these accounts."""
    bills = select(BillRow.id).where(BillRow.account_id.in_(account_ids))
    session.execute(delete(BillNote).where(BillNote.consumer_id == consumer_id, BillNote.bill_id.in_(bills)))
