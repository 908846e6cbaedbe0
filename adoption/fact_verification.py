"""Recounts every adoption figure from the rows, and compares it with the kept monthly facts.

Takes minutes with millions of bills; only `facteur adoption verify` runs it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from adoption.account_day_changes import ACTIVE_MONTHS
from adoption.account_measures import account_figures, accounts_at_end
from adoption.bill_contribution import bill_figures, bills_by_month
from adoption.calendar_months import earlier, later
from adoption.fact_steps import no_steps
from adoption.journeys.verify_journeys import journey_differences
from adoption.monthly_facts import BATCH, MONTHLY_MEASURES, PARIS, measure, month_of
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.facts.counted_contribution import DaysOfBills
from store.facts.daily_fact import DailyCell, all_daily_steps
from store.facts.monthly_fact import FactCount, Facts, facts
from store.facts.recount_queue import is_any_changed

#: Attempts at finding a moment at which nothing is left to count.
TRIES: Final = 100


#: Accounts whose bills are recounted together.
TOGETHER: Final = 500


class Difference(NamedTuple):
    """A figure whose kept value differs from the recount: of the month that begins *on* a day, or (*state* is not None)
    a step of that day in this state and arm."""

    issuer_id: int
    on: date
    measure: str
    kept: int
    counted: int
    state: str | None = None
    arm: str = ""


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
                counted, upto = recount(session, now, zone, tell), session.get_one(FactCount, 1).upto
                return (
                    _differences(facts(session), counted)
                    + _daily_differences(session, zone, upto)
                    + [Difference(*each) for each in journey_differences(session, zone, upto)]
                )
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
        for measure in MONTHLY_MEASURES
    ]
    return [pair for pair in pairs if pair.kept != pair.counted]


def recount_days(session: Session, zone: tzinfo, until: date) -> Counter[DailyCell]:
    """Return the steps of all days, those of accounts up to this one, from the rows of bills and accounts."""
    steps, after = no_steps(), 0
    while accounts := _next_accounts(session, after):
        after = accounts[-1]
        bills = session.scalars(select(BillRow.id).where(BillRow.account_id.in_(accounts))).all()
        days: dict[int, tuple[set[date], set[date]]] = defaultdict(lambda: (set(), set()))
        for start in range(0, len(bills), BATCH):
            for bill in bill_figures(session, bills[start : start + BATCH], zone).values():
                steps.add_bills(bill.what_it_adds(), 1)
                days[bill.account_id][0].add(bill.day)
                days[bill.account_id][1].update([] if bill.coded_on is None else [bill.coded_on])
        billed = {each: DaysOfBills(frozenset(issued), frozenset(coded)) for each, (issued, coded) in days.items()}
        for account in account_figures(session, billed, zone, until).values():
            steps.add_accounts(*account.what_it_adds(), 1)
    return steps.daily


def _next_accounts(session: Session, after: int) -> Sequence[int]:
    query = select(CustomerAccount.id).where(CustomerAccount.id > after).order_by(CustomerAccount.id)
    return session.scalars(query.limit(TOGETHER)).all()


def _daily_differences(session: Session, zone: tzinfo, upto: date) -> list[Difference]:
    kept, counted = all_daily_steps(session), recount_days(session, zone, upto)
    return [
        Difference(cell.issuer_id, cell.day, cell.measure, kept.get(cell, 0), counted[cell], cell.state, cell.arm)
        for cell in sorted(kept.keys() | counted.keys())
        if kept.get(cell, 0) != counted[cell]
    ]
