"""Sets an issuer's adoption plan as its next version."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from adoption.plans.adoption_plan import AdoptionPlan, PlanMilestone, check_plan
from store.adoption_plans.plan_version import PlanVersion, add_plan, present_plan
from store.db.event import record
from store.issuer import Issuer

LONGEST_WHY: Final = 500


def set_plan(
    session: Session, issuer: Issuer, plan: AdoptionPlan, by: str, why: str, now: datetime, *, base: int
) -> PlanVersion | None:
    """Make *plan* the issuer's plan, as the version after *base* (0: the first); None if it is the present plan
    already. Raises AdoptionPlanError for a plan that cannot be, and PlanChangedError if another version was set
    meanwhile."""
    check_plan(plan)
    before = present_plan(session, issuer.id)
    if before is not None and before.number == base and as_plan(before) == plan:
        return None
    milestones = {str(each.after): each.share for each in plan.milestones}
    version = add_plan(
        session, issuer.id, base, start=plan.start, months=plan.months, begins_at=plan.begins_at, target=plan.target,
        milestones=milestones, by=by, why=why[:LONGEST_WHY], at=now,
    )  # fmt: skip
    record(session, "issuer", issuer.id, "adoption plan set", now, by=by, why=version.why)
    return version


def as_plan(version: PlanVersion) -> AdoptionPlan:
    """Return the plan that a version says."""
    found = sorted((int(after), share) for after, share in version.milestones.items())
    return AdoptionPlan(
        start=version.start, months=version.months, begins_at=version.begins_at, target=version.target,
        milestones=tuple(PlanMilestone(*each) for each in found),
    )  # fmt: skip
