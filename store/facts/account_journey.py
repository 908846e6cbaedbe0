"""How far each account has come on its way from paper, and how many came how far: kept rows that pages read.

An account has one row, and adds 1 to one count of its month and one of its cohort. `adoption.journeys` keeps all three
in one transaction (decision 0032).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, Index, SmallInteger, String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.bound_ids import is_among

#: The steps, in their order; a row has the number of the furthest. A new one changes what rows say: count anew.
STEPS: Final = ("invited", "opened", "started", "claimed", "digital_bill", "paperless", "stayed")
#: Why a claim that was begun is not finished: the code that was typed opens nothing, or the sign-up stopped half way.
SNAGS: Final = ("wrong_code", "sign_up")


class AccountJourney(Base):
    """The furthest *step* of an account, whose first step was in the month *began*. It counts from *settled* on (of
    `stayed`: the month after the ninetieth day; else *began*). *snag*: of a claim that was begun. *claimed*: the month
    of its first claim; *held*: how it stood some months later, the bits of `adoption.journeys.journey`. It was looked
    at last on *looked_on*, at first on the day of the claim, and will be on *next_on*."""

    __tablename__ = "account_journey"
    __table_args__ = (
        Index("ix_account_journey_issuer_id_step_began", "issuer_id", "step", "began", "account_id"),
        Index("ix_account_journey_issuer_id_claimed", "issuer_id", "claimed", "account_id", "held"),
        Index("ix_account_journey_next_on", "next_on"),
    )

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    issuer_id: Mapped[int]
    began: Mapped[date] = mapped_column(Date)
    step: Mapped[int] = mapped_column(SmallInteger)
    settled: Mapped[date] = mapped_column(Date)
    snag: Mapped[str] = mapped_column(String(12))
    claimed: Mapped[date | None] = mapped_column(Date)
    held: Mapped[int]
    looked_on: Mapped[date] = mapped_column(Date)
    next_on: Mapped[date] = mapped_column(Date)


class JourneyCount(Base):
    """How many accounts of an issuer that began in this month have come this far."""

    __tablename__ = "journey_count"

    issuer_id: Mapped[int] = mapped_column(primary_key=True)
    began: Mapped[date] = mapped_column(Date, primary_key=True)
    step: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    settled: Mapped[date] = mapped_column(Date, primary_key=True)
    snag: Mapped[str] = mapped_column(String(12), primary_key=True)
    number: Mapped[int]


class CohortCount(Base):
    """How many accounts of an issuer that were first claimed in this month stood so afterwards."""

    __tablename__ = "cohort_count"

    issuer_id: Mapped[int] = mapped_column(primary_key=True)
    claimed: Mapped[date] = mapped_column(Date, primary_key=True)
    held: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class Journey(NamedTuple):
    """What is kept of an account's way, in the order of the columns."""

    issuer_id: int
    began: date
    step: int
    settled: date
    snag: str
    claimed: date | None
    held: int
    looked_on: date
    next_on: date


class CameThisFar(NamedTuple):
    """Accounts that began in this month and came this far."""

    issuer_id: int
    began: date
    step: int
    settled: date
    snag: str
    number: int


class Stood(NamedTuple):
    """Accounts that were claimed in this month and stood so afterwards."""

    issuer_id: int
    claimed: date
    held: int
    number: int


def kept_journeys(session: Session, account_ids: Collection[int]) -> dict[int, Journey]:
    """The journeys of these accounts as last counted; an account without one is left out."""
    rows = session.connection().execute(_KEPT, {"accounts": account_ids}).all()
    return {account_id: Journey._make(of_account) for account_id, *of_account in rows}


def journeys_due(session: Session, day: date, most: int) -> Sequence[int]:
    """Up to *most* accounts that are to be looked at on this day or before."""
    due = select(AccountJourney.account_id).where(AccountJourney.next_on <= day)
    return session.scalars(due.order_by(AccountJourney.next_on).limit(most)).all()


def keep_journeys(session: Session, now: Mapping[int, Journey], gone: Collection[int]) -> None:
    """Store these accounts' journeys, and delete those of the *gone* ones."""
    rows = [{"account_id": account_id} | each._asdict() for account_id, each in sorted(now.items())]
    if rows:
        insert = _insert(session, AccountJourney)
        over = {name: insert.excluded[name] for name in Journey._fields}
        session.connection().execute(insert.on_conflict_do_update(index_elements=["account_id"], set_=over), rows)
    if gone:
        session.execute(delete(AccountJourney).where(AccountJourney.account_id.in_(gone)))


def add_journeys(session: Session, reached: Iterable[CameThisFar], stood: Iterable[Stood]) -> None:
    """Add these differences to the kept counts."""
    _add(session, JourneyCount, reached)
    _add(session, CohortCount, stood)


def reached(session: Session, issuer_ids: Collection[int], first: date, last: date) -> list[CameThisFar]:
    """The counts of accounts that began in the months from *first* to *last*, both included."""
    row = JourneyCount
    query = select(row.issuer_id, row.began, row.step, row.settled, row.snag, row.number).where(
        row.issuer_id.in_(issuer_ids), row.began >= first, row.began <= last, row.number != 0
    )
    return [CameThisFar(*each) for each in session.execute(query)]


def stood(session: Session, issuer_ids: Collection[int], first: date, last: date) -> list[Stood]:
    """The counts of accounts that were claimed in the months from *first* to *last*, both included."""
    row = CohortCount
    query = select(row.issuer_id, row.claimed, row.held, row.number).where(
        row.issuer_id.in_(issuer_ids), row.claimed >= first, row.claimed <= last, row.number != 0
    )
    return [Stood(*each) for each in session.execute(query)]


def _add(session: Session, row: type[Base], differences: Iterable[CameThisFar | Stood]) -> None:
    rows = [each._asdict() for each in sorted(differences) if each.number]
    if not rows:
        return
    insert = _insert(session, row)
    key = [column.name for column in row.__table__.primary_key]
    added = {"number": row.__table__.c.number + insert.excluded.number}
    session.connection().execute(insert.on_conflict_do_update(index_elements=key, set_=added), rows)


def _insert(session: Session, row: type[Base]) -> Any:
    return (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(row)


_COLUMNS: Final[Sequence[Any]] = [getattr(AccountJourney, name) for name in Journey._fields]
_KEPT: Final = select(AccountJourney.account_id, *_COLUMNS).where(is_among(AccountJourney.account_id, "accounts"))
