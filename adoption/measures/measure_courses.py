"""The course of each measure, month by month, of several issuers together."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from adoption.calendar_months import later, months_until
from adoption.costs.ledger import LedgerPrices
from adoption.measures.measure import Counts, Measure
from adoption.measures.registry import MEASURES, kept_for
from store.facts.daily_fact import Days, all_sums, sums_of_steps


class MeasureCourse(NamedTuple):
    """A measure of all months together (a level as it stands at the end of the last day), and of each month, the oldest
    first; None where nothing can be said. *parts* are the reasons of what is counted by reason."""

    measure: Measure
    value: Decimal | None
    by_month: tuple[Decimal | None, ...]
    parts: dict[str, int]


def measure_courses(
    session: Session, prices: Mapping[int, LedgerPrices], first_month: date, last_day: date
) -> list[MeasureCourse]:
    """Every measure of these issuers together, each at its prices, from the month that begins on *first_month* to
    the end of *last_day*. The database adds up the days, by month."""
    kept = kept_for(MEASURES)
    levels = {name for name, measure in kept.items() if measure.kind == "level"}
    standing = _standing_before(session, prices, levels, first_month)
    added = _added_by_month(session, prices, first_month, last_day)
    flows: dict[int, Counter[str]] = {issuer_id: Counter() for issuer_id in prices}
    months = []
    for month in months_until(first_month, last_day):
        shown: dict[int, Counts] = {}
        for issuer_id in prices:
            of_month = added[issuer_id, month]
            lasting = {name: value for name, value in of_month.items() if name in levels}
            passing = {name: value for name, value in of_month.items() if name not in levels}
            standing[issuer_id].update(lasting)
            flows[issuer_id].update(passing)
            shown[issuer_id] = {**passing, **standing[issuer_id]}
        months.append(values_together(shown, prices))
    of_all = {each: {**flows[each], **standing[each]} for each in prices}
    whole, together = values_together(of_all, prices), counts_together(of_all)
    return [
        MeasureCourse(
            each, whole[code], tuple(month[code] for month in months),
            each.parts(together) if each.is_by_reason else {},
        )
        for code, each in MEASURES.items()
    ]  # fmt: skip


def values_together(counts: Mapping[int, Counts], prices: Mapping[int, LedgerPrices]) -> dict[str, Decimal | None]:
    """Every measure of several issuers together, by code, from the counts and prices of each: reckoned from all counts
    added up, or, where it is reckoned at prices, the sum of theirs."""
    together = counts_together(counts)
    return {
        code: _at_prices(measure, counts, prices) if measure.is_priced else measure.value(together)
        for code, measure in MEASURES.items()
    }


def counts_together(counts: Mapping[int, Counts]) -> Counter[str]:
    """The counts of all these issuers."""
    found: Counter[str] = Counter()
    for each in counts.values():
        found.update(each)
    return found


def _at_prices(measure: Measure, counts: Mapping[int, Counts], prices: Mapping[int, LedgerPrices]) -> Decimal:
    return sum((measure.value(each, prices[issuer]) or Decimal(0) for issuer, each in counts.items()), Decimal(0))


def _standing_before(
    session: Session, issuer_ids: Collection[int], levels: Collection[str], day: date
) -> dict[int, Counter[str]]:
    """How levels stand when this day begins, by issuer."""
    found: dict[int, Counter[str]] = {issuer_id: Counter() for issuer_id in issuer_ids}
    sums = sums_of_steps(session, issuer_ids, levels, Days(None, day - timedelta(days=1)))
    for (issuer_id, name), value in sums.items():
        found[issuer_id][name] = value
    return found


def _added_by_month(
    session: Session, issuer_ids: Collection[int], first_month: date, last_day: date
) -> dict[tuple[int, date], Counter[str]]:
    """The steps of each issuer and month, added up by name."""
    found: dict[tuple[int, date], Counter[str]] = defaultdict(Counter)
    for month in months_until(first_month, last_day):
        days = Days(month, min(later(month) - timedelta(days=1), last_day))
        for (issuer_id, name), value in all_sums(session, issuer_ids, days).items():
            found[issuer_id, month][name] = value
    return found
