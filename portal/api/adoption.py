"""/v1/adoption and /v2/adoption: the measures of adoption of an issuer's contracts and bills."""

from datetime import date, timedelta
from typing import Annotated

import msgspec

from adoption.measures.daily_facts import USUAL_DAYS
from adoption.measures.measure_report import AdoptionReport, adoption_report
from adoption.measures.registry import MEASURES
from bill.json_values import one_of, says
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import operation
from portal.problems import problem
from portal.problems.problem_types import UNREADABLE_PARAMETER


class AdoptionQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which days: thirty up to yesterday, unless others are named."""

    first: Annotated[date | None, says("From this day on; else of thirty days.")] = msgspec.field(
        name="from", default=None
    )
    last: Annotated[date | None, says("Up to the end of this day; else of yesterday.")] = msgspec.field(
        name="to", default=None
    )
    measure: Annotated[str, one_of(MEASURES, "This measure alone.")] | None = None


@pages.get("/adoption")
@operation()
def show_adoption(query: AdoptionQuery) -> AdoptionReport:
    """How many of your customers do without paper, and what that takes and saves.

    Every figure with its definition: contracts as they stand when the last day ends, bills by the day on which they
    were issued, acts by the day on which they were done; euros at your own price of a letter, where your profile says
    it. They are kept by what changes, some seconds after it.
    """
    try:
        last = query.last or app_context.business_today() - timedelta(days=1)
        first = query.first or last - timedelta(days=USUAL_DAYS - 1)
    except OverflowError:
        problem(UNREADABLE_PARAMETER, "to: a day of our times")
    if first > last:
        problem(UNREADABLE_PARAMETER, f"from: {first} is after {last}")
    codes = list(MEASURES) if query.measure is None else [query.measure]
    return adoption_report(app_context.reading(), asking_issuer(), first, last, codes)
