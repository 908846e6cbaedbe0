"""Adoption facts by day: figures of each issuer, under the relationship state and the arm of an experiment.

They are stored as steps, as the monthly ones are (`store.facts.monthly_fact`): what a day adds, or, for a level, how it
differs from the day before. `adoption.monthly_facts` keeps both up to date in one transaction.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, String, false, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.begins_with import begins_with

#: Longest name of a measure: `letters:` and the code of a reason.
MEASURE_LENGTH: Final = 60


class DailyStep(Base):
    """The step of one measure of an issuer on this day, in this state and arm ("" where none is known)."""

    __tablename__ = "daily_step"
    __table_args__ = (Index("ix_daily_step_issuer_id_measure_day", "issuer_id", "measure", "day"),)

    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    state: Mapped[str] = mapped_column(String(16), primary_key=True)
    arm: Mapped[str] = mapped_column(String(20), primary_key=True)
    measure: Mapped[str] = mapped_column(String(MEASURE_LENGTH), primary_key=True)
    value: Mapped[int]


class Days(NamedTuple):
    """From the first to the last day, both included (None: since ever, for ever)."""

    first: date | None = None
    last: date | None = None

    def hold(self, day: date) -> bool:
        """Whether this day is one of them."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class DailyCell(NamedTuple):
    """The key of a step."""

    issuer_id: int
    day: date
    state: str
    arm: str
    measure: str


def add_daily_steps(session: Session, steps: Mapping[DailyCell, int]) -> None:
    """Add these differences to the stored steps."""
    rows = [cell._asdict() | {"value": value} for cell, value in sorted(steps.items()) if value]
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(DailyStep)
    added = insert.on_conflict_do_update(
        index_elements=list(DailyCell._fields), set_={"value": DailyStep.value + insert.excluded.value}
    )
    session.connection().execute(added, rows)


def daily_steps(
    session: Session, issuer_ids: Collection[int], measures: Iterable[str], days: Days
) -> dict[DailyCell, int]:
    """The steps of these measures on these days. A measure that ends with `:` stands for all that begin with it."""
    row = DailyStep
    query = select(row.issuer_id, row.day, row.state, row.arm, row.measure, row.value).where(
        row.value != 0, row.issuer_id.in_(issuer_ids), _is_one_of(measures), *_within(days)
    )
    return {DailyCell(*each[:5]): each[5] for each in session.execute(query)}


def all_daily_steps(session: Session) -> dict[DailyCell, int]:
    """Every step there is, of every issuer."""
    row = DailyStep
    query = select(row.issuer_id, row.day, row.state, row.arm, row.measure, row.value).where(row.value != 0)
    return {DailyCell(*each[:5]): each[5] for each in session.execute(query)}


def levels_before(
    session: Session, issuer_ids: Collection[int], measures: Collection[str], day: date
) -> dict[tuple[int, str, str, str], int]:
    """The levels of these measures when this day began, by issuer, state, arm and measure: their steps added up by the
    database."""
    row = DailyStep
    key = (row.issuer_id, row.state, row.arm, row.measure)
    query = select(*key, func.sum(row.value)).where(
        row.issuer_id.in_(issuer_ids), row.measure.in_(measures), row.day < day
    )
    return {
        (issuer_id, state, arm, measure): int(value)
        for issuer_id, state, arm, measure, value in session.execute(query.group_by(*key))
        if value
    }


def sums_of_steps(
    session: Session, issuer_ids: Collection[int], measures: Iterable[str], days: Days
) -> dict[tuple[int, str], int]:
    """The sums of all steps of these days, by issuer and measure: what the days add, or, since ever, how a level stands
    at the end of the last one."""
    row = DailyStep
    query = select(row.issuer_id, row.measure, func.sum(row.value)).where(
        row.issuer_id.in_(issuer_ids), _is_one_of(measures), *_within(days)
    )
    summed = session.execute(query.group_by(row.issuer_id, row.measure))
    return {(issuer_id, measure): int(value) for issuer_id, measure, value in summed if value}


def all_sums(session: Session, issuer_ids: Collection[int], days: Days) -> dict[tuple[int, str], int]:
    """The sums of the steps of these days of every measure there is, by issuer and measure: read by days, which is
    quicker than by so many names."""
    row = DailyStep
    query = select(row.issuer_id, row.measure, func.sum(row.value)).where(row.issuer_id.in_(issuer_ids), *_within(days))
    summed = session.execute(query.group_by(row.issuer_id, row.measure))
    return {(issuer_id, measure): int(value) for issuer_id, measure, value in summed if value}


def _is_one_of(measures: Iterable[str]) -> ColumnElement[bool]:
    known = list(measures)
    named = DailyStep.measure.in_([each for each in known if not each.endswith(":")])
    families = [begins_with(DailyStep.measure, each) for each in known if each.endswith(":")]
    return or_(false(), named, *families)


def _within(days: Days) -> list[ColumnElement[bool]]:
    first = [] if days.first is None else [DailyStep.day >= days.first]
    return first if days.last is None else [*first, DailyStep.day <= days.last]
