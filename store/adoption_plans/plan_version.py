"""Every adoption plan that an issuer ever had: who set it, when and why. None is changed or deleted."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, Blanks, insert_new
from words.catalogue import M_
from words.spoken_error import SpokenError


class PlanChangedError(SpokenError):
    """Somebody has set another plan since the one that this change began with."""


class PlanVersion(Base):
    """One version of an issuer's adoption plan, *number* from 1 without gaps; the highest is the present one.
    *begins_at*, *target* and the *milestones* (by their month after the *start*) are shares, 0 to 1."""

    __tablename__ = "adoption_plan"
    __table_args__ = (UniqueConstraint("issuer_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    number: Mapped[int]
    start: Mapped[date] = mapped_column(Date)
    months: Mapped[int]
    begins_at: Mapped[Decimal]
    target: Mapped[Decimal]
    milestones: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    by: Mapped[str] = mapped_column(String(254))
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


def add_plan(session: Session, issuer_id: int, base: int, **columns: Any) -> PlanVersion:
    """Add the version after *base*; raises PlanChangedError if that is no longer the present one."""
    before = present_plan(session, issuer_id)
    row = {"issuer_id": issuer_id, "number": base + 1, **columns}
    if (before.number if before else 0) != base or not insert_new(session, PlanVersion, [row]):
        raise PlanChangedError(M_("another plan was set meanwhile: look at it first"))
    version = present_plan(session, issuer_id)
    assert version is not None
    return version


def present_plan(session: Session, issuer_id: int) -> PlanVersion | None:
    """The issuer's plan; None where it has none."""
    return present_plans(session, [issuer_id]).get(issuer_id)


def present_plans(session: Session, issuer_ids: Collection[int]) -> dict[int, PlanVersion]:
    """The plans of these issuers, by issuer; those without one are absent."""
    latest = (
        select(PlanVersion.issuer_id, func.max(PlanVersion.number).label("number"))
        .where(PlanVersion.issuer_id.in_(issuer_ids))
        .group_by(PlanVersion.issuer_id)
        .subquery()
    )
    query = select(PlanVersion).join(
        latest, (PlanVersion.issuer_id == latest.c.issuer_id) & (PlanVersion.number == latest.c.number)
    )
    return {each.issuer_id: each for each in session.scalars(query)}


def plan_versions(session: Session, issuer_id: int) -> list[PlanVersion]:
    """All plans that the issuer had, the present one first."""
    query = select(PlanVersion).where(PlanVersion.issuer_id == issuer_id).order_by(PlanVersion.number.desc())
    return list(session.scalars(query))
