"""The mobile phone that a consumer gets SMS on: one a person, confirmed by a code before anything else goes there."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.event import record


class Phone(Base):
    """A consumer's number, in E.164. Of the code that confirms it nothing is kept but what it is derived from with a
    key (*nonce*), and how often it was tried. *failed_at* is set when an SMS could not be delivered for good; none is
    sent until the number is confirmed anew."""

    __tablename__ = "phone"
    __table_args__ = (Index("ix_phone_number", "number"),)

    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(16))
    nonce: Mapped[str] = mapped_column(String(32))
    code_until: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(String(500), default="")

    @property
    def can_be_texted(self) -> bool:
        """Whether SMS about bills may go there."""
        return self.confirmed_at is not None and self.failed_at is None


def phones_of(session: Session, consumer_ids: Collection[int]) -> dict[int, Phone]:
    """The phones of these consumers, by consumer; who has given none is left out."""
    query = select(Phone).where(Phone.consumer_id.in_(consumer_ids))
    return {each.consumer_id: each for each in session.scalars(query.execution_options(populate_existing=True))}


def consumers_with_number(session: Session, number: str) -> list[int]:
    """Everybody who has given this number, in the order of their ids."""
    return list(session.scalars(select(Phone.consumer_id).where(Phone.number == number).order_by(Phone.consumer_id)))


def confirmed_with_number(session: Session, number: str) -> list[int]:
    """Everybody who has confirmed this number, in the order of their ids."""
    mine = (Phone.number == number, Phone.confirmed_at.is_not(None))
    return list(session.scalars(select(Phone.consumer_id).where(*mine).order_by(Phone.consumer_id)))


def withdraw_phone(session: Session, consumer_id: int, now: datetime, by: str = "") -> bool:
    """Forget a consumer's number at once, with the event that tells it. Returns False if there was none. *by* is who
    withdraws it, where it is not the consumer."""
    gone = session.execute(delete(Phone).where(Phone.consumer_id == consumer_id))
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, "consumer", consumer_id, "phone withdrawn", now, by=by or f"consumer {consumer_id}")
    return True
