"""The present adoption plans of issuers."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from adoption.plans.adoption_plan import AdoptionPlan
from adoption.plans.set_plan import as_plan
from store.adoption_plans.plan_version import present_plans


def known_plans(session: Session, issuer_ids: Collection[int]) -> dict[int, AdoptionPlan]:
    """Return the present plan of each of these issuers; those without one are absent."""
    return {each: as_plan(version) for each, version in present_plans(session, issuer_ids).items()}
