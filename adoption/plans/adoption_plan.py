"""An issuer's adoption plan. Pure: the planned share by month, and what a plan may be."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final

from msgspec import Struct

from adoption.calendar_months import earlier
from words.catalogue import M_
from words.spoken_error import SpokenError

#: The least and the most months of a plan: what issuers have patience for.
LEAST_MONTHS: Final = 36
MOST_MONTHS: Final = 60
#: A milestone stands at the end of a year of the plan.
YEAR: Final = 12
_ALL: Final = Decimal(1)


class AdoptionPlanError(SpokenError):
    """A plan cannot be so. *field* is the part that is wrong: `start`, `months`, `begins_at`, `target` or
    `milestones`."""

    def __init__(self, field: str, text: str, /, **values: object) -> None:
        self.field = field
        super().__init__(text, **values)


class PlanMilestone(Struct, frozen=True):
    """The share (0 to 1) to be reached *after* so many months."""

    after: int
    share: Decimal


class AdoptionPlan(Struct, frozen=True, kw_only=True):
    """From the share *begins_at* in the month *start* (its first day) to the share *target* after *months* months, by
    way of the milestones. Shares are 0 to 1, of active accounts."""

    start: date
    months: int
    begins_at: Decimal
    target: Decimal
    milestones: tuple[PlanMilestone, ...] = ()

    @property
    def end(self) -> date:
        """The month in which the target is to be reached."""
        return earlier(self.start, -self.months)

    def planned(self, month: date) -> float | None:
        """Return the share planned for the end of this month: a straight line from one milestone to the next. None
        outside the plan."""
        at = (month.year - self.start.year) * 12 + month.month - self.start.month
        for (begin, low), (end, high) in pairwise(self._turns()):
            if begin <= at <= end:
                return float(low + (high - low) * (at - begin) / (end - begin))
        return None

    def by_month(self) -> Iterator[tuple[date, float]]:
        """Yield each month of the plan with its planned share."""
        for n in range(self.months + 1):
            month = earlier(self.start, -n)
            share = self.planned(month)
            assert share is not None
            yield month, share

    def _turns(self) -> list[tuple[int, Decimal]]:
        """The months after the start, and shares, at which the line may turn."""
        between = [(each.after, each.share) for each in self.milestones]
        return [(0, self.begins_at), *between, (self.months, self.target)]


def check_plan(plan: AdoptionPlan) -> None:
    """Raise AdoptionPlanError unless the plan can be kept: from the first day of a month, 36 to 60 months long, rising
    from one milestone to the next, at the ends of its years."""
    if plan.start.day != 1:
        raise AdoptionPlanError("start", M_("a plan begins with a month"))
    if not LEAST_MONTHS <= plan.months <= MOST_MONTHS:
        raise AdoptionPlanError(
            "months", M_("a plan lasts {least} to {most} months"), least=LEAST_MONTHS, most=MOST_MONTHS
        )
    if not 0 <= plan.begins_at < _ALL:
        raise AdoptionPlanError("begins_at", M_("a share lies between 0 and 100 %"))
    if not plan.begins_at < plan.target <= _ALL:
        raise AdoptionPlanError("target", M_("the target lies above the share at the beginning, and is 100 % at most"))
    _check_milestones(plan)


def _check_milestones(plan: AdoptionPlan) -> None:
    months = [each.after for each in plan.milestones]
    if months != sorted(set(months)) or any(each % YEAR or not 0 < each < plan.months for each in months):
        raise AdoptionPlanError("milestones", M_("milestones stand at the ends of the plan’s years, each once"))
    shares = [plan.begins_at, *(each.share for each in plan.milestones), plan.target]
    if any(low > high for low, high in pairwise(shares)):
        raise AdoptionPlanError("milestones", M_("each milestone lies above the one before, and below the target"))
