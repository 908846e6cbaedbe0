"""Contracts that were offered to a person who said that they are not theirs: they are not offered again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new


class DeclinedOffer(Base):
    """One account that a consumer was offered and declined (`consumers.known_contacts`)."""

    __tablename__ = "declined_offer"
    __table_args__ = (Index("ix_declined_offer_account_id", "account_id"),)

    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    at: Mapped[datetime]


def keep_declined(session: Session, consumer_id: int, account_id: int, at: datetime) -> bool:
    """Keep that the person declined. Returns False if they had already."""
    return insert_new(session, DeclinedOffer, [{"consumer_id": consumer_id, "account_id": account_id, "at": at}]) == 1


def declined_among(session: Session, consumer_id: int, account_ids: Collection[int]) -> set[int]:
    """Which of these accounts the person has declined."""
    mine = (DeclinedOffer.consumer_id == consumer_id, DeclinedOffer.account_id.in_(account_ids))
    return set(session.scalars(select(DeclinedOffer.account_id).where(*mine)))
