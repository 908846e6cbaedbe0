"""Facts: what dashboards read. Kept by the road, a figure a day or month, issuer and measure; never counted live."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base


class Fact(Base):
    """So many of something, of one issuer, in the month that begins on this day."""

    __tablename__ = "fact"
    __table_args__ = (Index("ix_fact_month", "month"),)

    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    measure: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[int]


def keep(session: Session, issuer_id: int, month: date, values: dict[str, int]) -> None:
    """Write an issuer's figures of a month over those of before; two workers who measure at once both may."""
    rows = [
        {"issuer_id": issuer_id, "month": month, "measure": measure, "value": value}
        for measure, value in sorted(values.items())
    ]
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(Fact)
    over = insert.on_conflict_do_update(
        index_elements=["issuer_id", "month", "measure"], set_={"value": insert.excluded.value}
    )
    session.execute(over, rows)


def facts(session: Session, issuer_ids: Iterable[int] | None = None) -> dict[tuple[int, date], dict[str, int]]:
    """All figures by (issuer, month)."""
    query = select(Fact).order_by(Fact.month, Fact.issuer_id)
    if issuer_ids is not None:
        query = query.where(Fact.issuer_id.in_(list(issuer_ids)))
    result: dict[tuple[int, date], dict[str, int]] = {}
    for fact in session.scalars(query):
        result.setdefault((fact.issuer_id, fact.month), {})[fact.measure] = fact.value
    return result
