"""Choices of a channel: for each time that a bill's channel was chosen, the answer and what it was decided by."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, String, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from store.base import Base
from store.bills.bill import BillRow
from store.db.bulk_insert import insert_rows


class ChannelChoice(Base):
    """One choice of a bill's channel. *inputs* are packed by `delivery.choosing.choice_inputs` in this *version*; they
    name consumers by their ids only. *relationship* is the state in which its account stood, "" where that was not
    kept."""

    __tablename__ = "channel_choice"
    __table_args__ = (Index("ix_channel_choice_bill_id", "bill_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(10))
    relationship: Mapped[str] = mapped_column(String(16), default="", server_default="")
    version: Mapped[int] = mapped_column(SmallInteger)
    inputs: Mapped[bytes] = mapped_column(LargeBinary)


def keep_choices(session: Session, choices: Sequence[Mapping[str, Any]]) -> None:
    """Insert choices, as column values."""
    insert_rows(session, ChannelChoice, choices)


def choices_of(session: Session, bill_id: int) -> list[ChannelChoice]:
    """Each choice of a bill's channel, oldest first."""
    query = select(ChannelChoice).where(ChannelChoice.bill_id == bill_id).order_by(ChannelChoice.id)
    return list(session.scalars(query))


class FirstChoice(NamedTuple):
    """A bill of an issuer with what its channel was first chosen by."""

    bill_id: int
    number: str
    viewed_at: datetime | None
    version: int
    inputs: bytes


def first_choices(session: Session, issuer_id: int, issued_from: date, limit: int) -> list[FirstChoice]:
    """The first choice of each of an issuer's bills that were issued on this day or later, the newest bills first,
    *limit* at most. Superseded and recalled bills are left out."""
    newest = (
        select(BillRow.id, BillRow.number, BillRow.viewed_at, BillRow.issue_date)
        .where(BillRow.issuer_id == issuer_id, BillRow.issue_date >= issued_from, BillRow.state == "chosen")
        .order_by(BillRow.issue_date.desc(), BillRow.id.desc())
        .limit(limit)
        .subquery()
    )
    made = aliased(ChannelChoice)
    first = select(func.min(made.id)).where(made.bill_id == newest.c.id).correlate(newest).scalar_subquery()
    query = (
        select(newest.c.id, newest.c.number, newest.c.viewed_at, ChannelChoice.version, ChannelChoice.inputs)
        .join(ChannelChoice, ChannelChoice.id == first)
        .order_by(newest.c.issue_date.desc(), newest.c.id.desc())
    )
    return [FirstChoice(*row) for row in session.execute(query)]
