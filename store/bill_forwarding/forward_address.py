"""Addresses that a consumer's new bills are forwarded to. Each is asked first, and may end it at any time."""

from datetime import datetime
from typing import Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.event import record
from store.db.state_change import change_state

FORWARD_STATES: Final = ("asked", "confirmed", "ended")
#: Addresses of one consumer at a time.
MOST_FORWARDS: Final = 5
#: `owner`: the consumer; `recipient`: whoever reads the address; `bounced`: it does not exist any more; `unwanted`: a
#: mail was reported as spam; `left`: the consumer has left the contract, or their space was closed.
ForwardEnd = Literal["owner", "recipient", "bounced", "unwanted", "left"]
_IN_FORCE: Final = text("state <> 'ended'")


class ForwardAddress(Base):
    """An address that a consumer's new bills go to, of one account or (*account_id* NULL) of all that they hold."""

    __tablename__ = "forward_address"
    __table_args__ = (
        CheckConstraint(f"state IN {FORWARD_STATES}", name="state"),
        Index("ix_forward_address_consumer_id", "consumer_id", sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    email: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(10))


def forwards_of(session: Session, consumer_id: int) -> list[ForwardAddress]:
    """The consumer's addresses that were asked or have confirmed, oldest first."""
    query = select(ForwardAddress).where(ForwardAddress.consumer_id == consumer_id, ForwardAddress.state != "ended")
    return list(session.scalars(query.order_by(ForwardAddress.id)))


def confirm_forward(session: Session, forward_id: int, now: datetime) -> bool:
    """The address agrees: bills that come from now on go there. Returns False if it was not asked, or ended."""
    if not change_state(
        session, ForwardAddress, forward_id, "asked", "confirmed", now, by="the link of a mail", confirmed_at=now
    ):
        return False
    forward = session.get_one(ForwardAddress, forward_id, populate_existing=True)
    record(session, "consumer", forward.consumer_id, "forward confirmed", now, by="the link of a mail")
    return True


def end_forward(session: Session, forward_id: int, why: ForwardEnd, now: datetime, by: str = "road") -> bool:
    """Send nothing there any more. Returns False if it had ended."""
    if not change_state(
        session, ForwardAddress, forward_id, ("asked", "confirmed"), "ended", now, by=by, why=why, ended_at=now,
        ended_because=why,
    ):  # fmt: skip
        return False
    forward = session.get_one(ForwardAddress, forward_id, populate_existing=True)
    record(session, "consumer", forward.consumer_id, "forward ended", now, by=by, why=why)
    return True


def end_forwards_of_account(session: Session, consumer_id: int, account_id: int, now: datetime, by: str) -> int:
    """End those of the consumer's addresses that get the bills of this account alone. Returns how many."""
    return _end_all(session, consumer_id, now, by, account_id)


def end_all_forwards(session: Session, consumer_id: int, now: datetime) -> int:
    """End all of the consumer's addresses. Returns how many."""
    return _end_all(session, consumer_id, now, f"consumer {consumer_id}")


def forget_forwards(session: Session, consumer_id: int, now: datetime) -> int:
    """End all, and forget whose addresses they were, for an erased person. Returns how many."""
    _end_all(session, consumer_id, now, f"consumer {consumer_id}")
    mine = update(ForwardAddress).where(ForwardAddress.consumer_id == consumer_id, ForwardAddress.email != "")
    return session.execute(mine.values(email="")).rowcount  # type: ignore[attr-defined,no-any-return]


def _end_all(session: Session, consumer_id: int, now: datetime, by: str, account_id: int | None = None) -> int:
    found = [each for each in forwards_of(session, consumer_id) if account_id in (None, each.account_id)]
    return sum(end_forward(session, each.id, "left", now, by) for each in found)
