"""Adoption facts: monthly figures by issuer, which dashboards read instead of counting live.

They are stored as steps: what a month adds (`bills`), or how it differs from the month before (`accounts`).
`adoption.monthly_facts` keeps them up to date.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final

from sqlalchemy import Boolean, Date, ForeignKey, Index, String, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new

#: Measures of a state that lasts until it changes: their steps are summed from the first month on.
LASTING: Final = ("accounts", "enrolled", "paperless")

#: The key of a figure or step: (issuer, first day of the month, measure).
Cell = tuple[int, date, str]
Facts = dict[tuple[int, date], dict[str, int]]


class FactStep(Base):
    """The step of one measure of an issuer in the month that begins on this day."""

    __tablename__ = "fact_step"

    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    measure: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[int]


class FactCount(Base):
    """The one row with the progress of counting, locked by whoever counts, so that only one process does.

    A full count goes through bills, then accounts, by id; *is_full* when it has ended. *month* is the last one shown;
    None until the first full count is done. What happens by itself is counted up to the end of the day *upto*.
    """

    __tablename__ = "fact_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    time_zone: Mapped[str] = mapped_column(String(60))  # in which months end
    bills_upto: Mapped[int] = mapped_column(default=0)
    accounts_upto: Mapped[int] = mapped_column(default=0)
    is_full: Mapped[bool] = mapped_column(Boolean, default=False)
    month: Mapped[date | None] = mapped_column(Date)
    upto: Mapped[date] = mapped_column(Date, default=date.min)


class AdoptionFact(Base):
    """Figures measured before steps existed: shown until the first full count is done, then deleted."""

    __tablename__ = "fact"
    __table_args__ = (Index("ix_fact_month", "month"),)

    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    measure: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[int]


def locked_fact_count(session: Session, time_zone: str) -> FactCount:
    """The progress row, locked until the transaction ends; created if missing. Another time zone starts a full count,
    since months end at other moments."""
    begun = {
        "id": 1, "time_zone": time_zone, "bills_upto": 0, "accounts_upto": 0, "is_full": False, "month": None,
        "upto": date.min,
    }  # fmt: skip
    locked = select(FactCount).where(FactCount.id == 1).with_for_update()
    row = session.scalar(locked)
    if row is None:
        insert_new(session, FactCount, [begun])
        row = session.scalars(locked).one()
    if row.time_zone != time_zone:
        row.time_zone = time_zone
        count_anew(row)
    return row


def count_anew(row: FactCount) -> None:
    """Start a full count. Figures shown stay until they are found to be wrong."""
    row.bills_upto, row.accounts_upto, row.is_full = 0, 0, False


def show_until(session: Session, month: date) -> None:
    """Make this month the last one shown."""
    session.execute(update(FactCount).values(month=month))
    session.execute(delete(AdoptionFact))


def add_steps(session: Session, steps: Mapping[Cell, int]) -> None:
    """Add these differences to the stored steps."""
    rows = [
        {"issuer_id": issuer_id, "month": month, "measure": measure, "value": value}
        for (issuer_id, month, measure), value in sorted(steps.items())
        if value
    ]
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(FactStep)
    added = insert.on_conflict_do_update(
        index_elements=["issuer_id", "month", "measure"], set_={"value": FactStep.value + insert.excluded.value}
    )
    session.connection().execute(added, rows)


def facts(session: Session, issuer_ids: Iterable[int] | None = None) -> Facts:
    """All figures by (issuer, month); absent figures are 0."""
    chosen = None if issuer_ids is None else list(issuer_ids)
    until = session.scalar(select(FactCount.month))
    return _before(session, chosen) if until is None else _levels(session, chosen, until)


def counted_bill_total(session: Session) -> int:
    """All bills that the facts count, of every issuer: a sum over issuers and months, never over bills."""
    return session.scalar(select(func.sum(FactStep.value)).where(FactStep.measure == "bills")) or 0


def _before(session: Session, issuer_ids: Collection[int] | None) -> Facts:
    query = select(AdoptionFact.issuer_id, AdoptionFact.month, AdoptionFact.measure, AdoptionFact.value)
    if issuer_ids is not None:
        query = query.where(AdoptionFact.issuer_id.in_(issuer_ids))
    result: Facts = {}
    for issuer_id, month, measure, value in session.execute(query.order_by(AdoptionFact.month, AdoptionFact.issuer_id)):
        result.setdefault((issuer_id, month), {})[measure] = value
    return result


def _levels(session: Session, issuer_ids: Collection[int] | None, until: date) -> Facts:
    """Running totals of the steps, month by month up to *until*."""
    query = select(FactStep.issuer_id, FactStep.month, FactStep.measure, FactStep.value)
    query = query.where(FactStep.value != 0, FactStep.month <= until)
    if issuer_ids is not None:
        query = query.where(FactStep.issuer_id.in_(issuer_ids))
    steps: dict[int, dict[date, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for issuer_id, month, measure, value in session.execute(query):
        steps[issuer_id][month][measure] = value
    result: Facts = {}
    for issuer_id, by_month in sorted(steps.items()):
        state = dict.fromkeys(LASTING, 0)
        month = min(by_month)
        while month <= until:
            added = by_month.get(month, {})
            state = {measure: value + added.get(measure, 0) for measure, value in state.items()}
            figures = {measure: value for measure, value in (added | state).items() if value}
            if figures:
                result[issuer_id, month] = figures
            month = _next(month)
    return result


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
