"""Choices of a channel: for each time that a bill's channel was chosen, the answer and what it was decided by."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
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
