"""Reads the adoption facts by day, state and arm, and reckons measures from them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from adoption.costs.ledger import PUBLIC_PRICES, LedgerPrices
from adoption.measures.registry import MEASURES, kept_for
from store.facts.daily_fact import Days, daily_steps, levels_before, sums_of_steps

#: Days that are told of when no others are asked for.
USUAL_DAYS: Final = 30


class DayFigures(NamedTuple):
    """The kept counts of an issuer on one day, in one relationship state ("" where none was kept) and one arm ("" where
    none was assigned)."""

    issuer_id: int
    day: date
    state: str
    arm: str
    counts: Mapping[str, int]

    def value(self, code: str, prices: LedgerPrices = PUBLIC_PRICES) -> Decimal | None:
        """This measure of these counts, at an issuer's prices; None where nothing can be said."""
        return MEASURES[code].value(self.counts, prices)


def daily(
    session: Session, issuer_ids: Collection[int], first_day: date, last_day: date, codes: Iterable[str]
) -> list[DayFigures]:
    """The counts that these measures are reckoned from, for each of these days, by issuer, day, state and arm, without
    those of which all are 0. Levels stand on each day; what bills and acts add stands on theirs alone."""
    kept = kept_for(codes)
    levels = [name for name, measure in kept.items() if measure.kind == "level"]
    flows = [name for name in kept if name not in levels]
    days = Days(first_day, last_day)
    cells: dict[tuple[int, date, str, str], dict[str, int]] = defaultdict(dict)
    for (issuer_id, day, state, arm, measure), value in daily_steps(session, issuer_ids, flows, days).items():
        cells[issuer_id, day, state, arm][measure] = value
    running = levels_before(session, issuer_ids, levels, first_day)
    steps: dict[date, list[tuple[tuple[int, str, str, str], int]]] = defaultdict(list)
    for (issuer_id, day, state, arm, measure), value in daily_steps(session, issuer_ids, levels, days).items():
        steps[day].append(((issuer_id, state, arm, measure), value))
    for n in range((last_day - first_day).days + 1 if levels else 0):
        day = first_day + timedelta(days=n)
        for cell, value in steps[day]:
            running[cell] = running.get(cell, 0) + value
        for (issuer_id, state, arm, measure), value in running.items():
            if value:
                cells[issuer_id, day, state, arm][measure] = value
    return [DayFigures(*cell, cells[cell]) for cell in sorted(cells)]


def added_up(figures: Iterable[DayFigures]) -> dict[tuple[int, date], dict[str, int]]:
    """The counts of each issuer and day, in all states and arms."""
    found: dict[tuple[int, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in figures:
        for name, value in each.counts.items():
            found[each.issuer_id, each.day][name] += value
    return {cell: dict(counts) for cell, counts in found.items()}


def counts_of_days(
    session: Session, issuer_ids: Collection[int], first_day: date, last_day: date, codes: Iterable[str]
) -> dict[int, dict[str, int]]:
    """The counts that these measures are reckoned from, of all these days together, by issuer: levels as they stand at
    the end of the last day. Added up by the database, however many days."""
    kept = kept_for(codes)
    levels = [name for name, measure in kept.items() if measure.kind == "level"]
    flows = [name for name in kept if name not in levels]
    found: dict[int, dict[str, int]] = {issuer_id: {} for issuer_id in issuer_ids}
    for names, days in ((levels, Days(None, last_day)), (flows, Days(first_day, last_day))):
        for (issuer_id, name), value in sums_of_steps(session, issuer_ids, names, days).items() if names else ():
            found[issuer_id][name] = value
    return found


def values_of_days(
    session: Session, issuers: Mapping[int, LedgerPrices], first_day: date, last_day: date, codes: Collection[str]
) -> dict[int, dict[str, Decimal | None]]:
    """These measures of all these days together, by issuer (each with its prices) and code."""
    counts = counts_of_days(session, list(issuers), first_day, last_day, codes)
    return {
        issuer_id: {code: MEASURES[code].value(counts[issuer_id], prices) for code in codes}
        for issuer_id, prices in issuers.items()
    }
