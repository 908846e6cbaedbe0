"""Rate limits, counted in the database: all web processes share one count, and a restart loses nothing.

Each count is one moment (the theoretical arrival time of the generic cell rate algorithm). A try moves it on by the
rate's interval, and is refused where it would lie further ahead than the rate's period. So *most* tries may come at
once, and then one each interval: who tries too often is slowed down, never shut out for good.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Index, String, bindparam, case, delete, select, update
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
    at, connection = _milliseconds(now), session.connection()
    cost = rate.interval * number
    ahead = at + rate.seconds * 1000 - cost
    values = {"of": key, "first": at + cost, "at": at, "cost": cost, "ahead": ahead}
    if (reached := connection.execute(_COUNT[connection.dialect.name], values).scalar()) is not None:
        connection.execute(_SWEEP, {"at": at})
        return 0, (at + rate.seconds * 1000 - reached) // rate.interval
    until = session.scalar(select(RateLimit.until).where(RateLimit.key == key)) or at
    return max(1, -(-(until - ahead) // 1000)), 0


def _count(insert: Any) -> Any:
    """The statement that counts a try, by a dialect's `insert`. It is built once: a page asks for it up to four times,
    and to build it took longer than to run it."""
    table = RateLimit.__table__
    at, cost = bindparam("at", type_=table.c.until.type), bindparam("cost", type_=table.c.until.type)
    return (
        insert(table)
        .values(key=bindparam("of"), until=bindparam("first"))
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"until": case((table.c.until > at, table.c.until), else_=at) + cost},
            where=table.c.until <= bindparam("ahead", type_=table.c.until.type),
        )
        .returning(table.c.until)
    )


_COUNT: Final = {"sqlite": _count(sqlite.insert), "postgresql": _count(postgresql.insert)}


def give_back(session: Session, key: str, rate: Rate) -> None:
    """Uncount a try that was successful."""
    session.execute(update(RateLimit).where(RateLimit.key == key).values(until=RateLimit.until - rate.interval))


_OLD: Final = select(RateLimit.key).where(RateLimit.until < bindparam("at")).order_by(RateLimit.until).limit(_SWEPT)
#: Deletes expired counts, except those that another transaction is using.
_SWEEP: Final = delete(RateLimit).where(RateLimit.key.in_(_OLD.with_for_update(skip_locked=True)))


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
