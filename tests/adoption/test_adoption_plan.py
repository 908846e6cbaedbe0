"""Adoption plans: what may be planned, by month, and who set which version."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from adoption.plans.adoption_plan import AdoptionPlan, AdoptionPlanError, PlanMilestone
from adoption.plans.set_plan import as_plan, set_plan
from adoption.plans.typed_plan import typed_plan
from store.adoption_plans.plan_version import PlanChangedError, plan_versions, present_plan
from store.db.event import events_of
from store.issuer import Issuer
from tests.adoption.sample_accounts import World, moment

NOW = moment(date(2026, 3, 3))


@dataclass
class Typed:
    """What Claire types: four years from 8 % to 60 %, with 20 % after one."""

    start: str = "2026-01"
    months: str = "48"
    begins_at: str = "8"
    target: str = "60"
    first_year: str = "20 %"
    second_year: str = ""

    def plan(self) -> AdoptionPlan:
        milestones = {12: self.first_year, 24: self.second_year}
        return typed_plan(self.start, self.months, self.begins_at, self.target, milestones)


@pytest.fixture
def issuer(session: Session) -> Issuer:
    found = World(session).issuer("eaux")
    session.commit()
    return found


@pytest.mark.beside_any_database
def test_the_plan_is_a_line_from_milestone_to_milestone() -> None:
    plan = Typed().plan()
    assert plan.milestones == (PlanMilestone(12, Decimal("0.2")),)
    planned = {date(2026, 1, 1): 0.08, date(2026, 7, 1): 0.14, date(2027, 1, 1): 0.2, date(2030, 1, 1): 0.6}
    assert {month: plan.planned(month) for month in planned} == pytest.approx(planned)
    assert plan.planned(date(2025, 12, 1)) is plan.planned(date(2030, 2, 1)) is None
    assert [share for _, share in plan.by_month()] == sorted(share for _, share in plan.by_month())
    assert len(list(plan.by_month())) == 49


@pytest.mark.beside_any_database
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Typed(start="janvier"), "start"), (Typed(start="2026-01-15"), "start"), (Typed(start="2026-13"), "start"),
        (Typed(months="35"), "months"), (Typed(months="61"), "months"), (Typed(months="quatre"), "months"),
        (Typed(months="٤٨"), "months"), (Typed(begins_at="-1"), "begins_at"), (Typed(begins_at="NaN"), "begins_at"),
        (Typed(target="8"), "target"), (Typed(target="100,1"), "target"), (Typed(target="beaucoup"), "target"),
        (Typed(target="1e999999"), "target"), (Typed(first_year="61"), "milestones"),
        (Typed(second_year="19"), "milestones"),
    ],
    ids=str,
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused(typed: Typed, field: str) -> None:
    with pytest.raises(AdoptionPlanError) as refused:
        typed.plan()
    assert refused.value.field == field


def test_each_plan_is_a_version_by_somebody(session: Session, issuer: Issuer) -> None:
    first, second = Typed().plan(), Typed(target="62,5").plan()
    assert set_plan(session, issuer, first, "claire@eaux.example", "budget", NOW, base=0) is not None
    assert set_plan(session, issuer, first, "claire@eaux.example", "again", NOW, base=1) is None
    for base in (0, 7):
        with pytest.raises(PlanChangedError):
            set_plan(session, issuer, second, "bob@eaux.example", "he looked earlier", NOW, base=base)
    assert set_plan(session, issuer, second, "claire@eaux.example", "more", NOW, base=1) is not None
    session.commit()
    session.expire_all()
    present = present_plan(session, issuer.id)
    assert present is not None
    assert (present.number, as_plan(present)) == (2, second)
    assert [(each.number, each.by, each.why) for each in plan_versions(session, issuer.id)] == [
        (2, "claire@eaux.example", "more"), (1, "claire@eaux.example", "budget")
    ]  # fmt: skip
    events = [each for each in events_of(session, "issuer", issuer.id) if each.what == "adoption plan set"]
    assert [each.why for each in events] == ["budget", "more"]
