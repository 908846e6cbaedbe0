"""Rate limits, counted in the database: all web processes share one count, and a restart loses nothing.

Each count is one moment (the theoretical arrival time of the generic cell rate algorithm). A try moves it on by the
rate's interval, and is refused where it would lie further ahead than the rate's period. So *most* tries may come at
once, and then one each interval: who tries too often is slowed down, never shut out for good.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Index, String, Table, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base

#: Expired counts deleted by one try: more than a try creates.
_SWEPT = 20


class Rate(NamedTuple):
    """A limit: *most* tries at once, and as many in *seconds*."""

    most: int
    seconds: int

    @property
    def interval(self) -> int:
        """Milliseconds from one try to the next."""
        return self.seconds * 1000 // self.most


class RateLimit(Base):
    """One count. *key* is a digest and holds no address. *until* is in milliseconds since 1970; a value in the past has
    no effect."""

    __tablename__ = "rate_limit"
    __table_args__ = (Index("ix_rate_limit_until", "until"),)

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    until: Mapped[int]


def take(session: Session, key: str, rate: Rate, now: datetime) -> int:
    """Count one try, in one statement. Returns 0 if it may go on, else the seconds until the next try is allowed."""
    return take_several(session, key, rate, 1, now)[0]


def take_several(session: Session, key: str, rate: Rate, number: int, now: datetime) -> tuple[int, int]:
    """Count *number* tries, all or none, in one statement. Returns 0 and how many are left after them; or the seconds
    until so many are allowed, and 0."""
    table, at = RateLimit.__table__, _milliseconds(now)
    assert isinstance(table, Table)
    cost = rate.interval * number
    ahead = at + rate.seconds * 1000 - cost
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    counted = (
        dialect.insert(table)
        .values(key=key, until=at + cost)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"until": case((table.c.until > at, table.c.until), else_=at) + cost},
            where=table.c.until <= ahead,
        )
        .returning(table.c.until)
    )
    if (reached := session.execute(counted).scalar()) is not None:
        _sweep(session, at)
        return 0, (at + rate.seconds * 1000 - reached) // rate.interval
    until = session.scalar(select(RateLimit.until).where(RateLimit.key == key)) or at
    return max(1, -(-(until - ahead) // 1000)), 0


def give_back(session: Session, key: str, rate: Rate) -> None:
    """Uncount a try that was successful."""
    session.execute(update(RateLimit).where(RateLimit.key == key).values(until=RateLimit.until - rate.interval))


def _sweep(session: Session, at: int) -> None:
    """Delete expired counts, except those that another transaction is using."""
    old = select(RateLimit.key).where(RateLimit.until < at).order_by(RateLimit.until).limit(_SWEPT)
    session.execute(delete(RateLimit).where(RateLimit.key.in_(old.with_for_update(skip_locked=True))))


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
