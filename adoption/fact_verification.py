"""Recounts every adoption figure from the rows, and compares it with the kept monthly facts.

Takes minutes with millions of bills; only `facteur adoption verify` runs it.
"""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from adoption.account_measures import accounts_at_end
from adoption.account_month_changes import ACTIVE_MONTHS
from adoption.bill_contribution import bills_by_month
from adoption.calendar_months import earlier, later
from adoption.monthly_facts import MEASURES, PARIS, measure, month_of
from store import Store
from store.facts.monthly_fact import Facts, facts
from store.facts.recount_queue import is_any_changed

#: Attempts at finding a moment at which nothing is left to count.
TRIES: Final = 100


class Difference(NamedTuple):
    """A figure whose kept value differs from the recount."""

    issuer_id: int
    month: date
    measure: str
    kept: int
    counted: int


class TooBusy(Exception):  # noqa: N818
    """Too much changes: there was no moment at which everything was counted. Try again when less is going on."""


def verify(
    store: Store, now: datetime, zone: tzinfo = PARIS, tell: Callable[[date], None] = lambda _: None
) -> list[Difference]:
    """Bring the facts up to date and compare them with a recount of the same moment. Returns the differences.

    *tell* is called with each month. Raises TooBusy after TRIES attempts.
    """
    for _ in range(TRIES):
        while measure(store, now, zone):
            pass
        with store.looking_once() as session:
            if not is_any_changed(session):
                return _differences(facts(session), recount(session, now, zone, tell))
    raise TooBusy


def recount(session: Session, now: datetime, zone: tzinfo, tell: Callable[[date], None] = lambda _: None) -> Facts:
    """Return the figures of every month up to the current one. *tell* is called with each month."""
    this_month = month_of(now, zone)
    figures = bills_by_month(session, later(this_month))
    issued = {month for _, month in figures}
    for month in sorted({earlier(month, -n) for month in issued for n in range(ACTIVE_MONTHS)}):
        if month <= this_month:
            tell(month)
            for issuer_id, stood in accounts_at_end(session, month, zone).items():
                figures.setdefault((issuer_id, month), {}).update(stood)
    return figures


def _differences(kept: Facts, counted: Facts) -> list[Difference]:
    pairs = [
        Difference(*cell, measure, kept.get(cell, {}).get(measure, 0), counted.get(cell, {}).get(measure, 0))
        for cell in sorted(kept.keys() | counted.keys())
        for measure in MEASURES
    ]
    return [pair for pair in pairs if pair.kept != pair.counted]
