"""Reads an adoption plan as people type it, on the page and on the command line: months as `2026-01`, shares as
`62,5 %`."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from adoption.plans.adoption_plan import AdoptionPlan, AdoptionPlanError, PlanMilestone, check_plan
from words.catalogue import M_

#: More places than these nobody plans.
_PLACES: Final = Decimal("0.0001")
_NUMBER: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")


def typed_plan(start: str, months: str, begins_at: str, target: str, milestones: Mapping[int, str]) -> AdoptionPlan:
    """Return the plan that was typed; *milestones* by their month after the start, empty ones left out. Raises
    AdoptionPlanError."""
    plan = AdoptionPlan(
        start=_month(start),
        months=_count(months),
        begins_at=typed_share(begins_at, "begins_at"),
        target=typed_share(target, "target"),
        milestones=tuple(
            PlanMilestone(after, typed_share(text, "milestones"))
            for after, text in sorted(milestones.items())
            if text.strip()
        ),
    )
    check_plan(plan)
    return plan


def typed_share(text: str, field: str) -> Decimal:
    """Return a share from per cent as typed: `62,5 %` is 0.625. Raises AdoptionPlanError."""
    bare = "".join(text.split()).removesuffix("%").replace(",", ".")
    if not _NUMBER.fullmatch(bare):
        raise AdoptionPlanError(field, M_("a share is a number of per cent, such as 62.5"))
    return (Decimal(bare) / 100).quantize(_PLACES)


def _month(text: str) -> date:
    bare = text.strip()
    try:
        return date.fromisoformat(f"{bare}-01" if len(bare) == len("2026-01") else bare)
    except ValueError:
        raise AdoptionPlanError("start", M_("a month is written 2026-01")) from None


def _count(text: str) -> int:
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 3):
        raise AdoptionPlanError("months", M_("a number of months is written 48"))
    return int(bare)
