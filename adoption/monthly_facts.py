"""Keeps the adoption facts: who went digital, by issuer and month, and by issuer, day, state and arm.

`adoption.measures.registry` defines the figures. Accounts are counted as they stood when a day or month ended; bills
follow the day and the month in which they were *issued*, whenever things happen to them; an act, its own day.

The facts are updated incrementally (decision 0032): for each bill and account marked as changed, what it adds now is
compared with what it added before, and the difference is added, to the months that curves are drawn from
(`store.facts.monthly_fact`) and to the days (`store.facts.daily_fact`). The clock only decides which month is shown
last.
"""

import time
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from adoption.account_day_changes import unpack_changes
from adoption.account_measures import account_figures
from adoption.bill_contribution import MONTHLY_BILL_MEASURES, bill_figures, daily_measures_of, monthly_measures_of
from adoption.journeys.count_journeys import count_journeys, of_bill
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.facts.counted_contribution import (
    OfAccount,
    OfBill,
    counted_accounts,
    counted_bills,
    days_of_accounts,
    keep_accounts,
    keep_bills,
)
from store.facts.daily_fact import DailyCell, add_daily_steps
from store.facts.monthly_fact import LASTING, Cell, FactCount, add_steps, locked_fact_count, show_until
from store.facts.recount_queue import is_any_changed, take_changes

MONTHLY_MEASURES: Final = (*LASTING, *MONTHLY_BILL_MEASURES)
PARIS: Final = ZoneInfo("Europe/Paris")
#: Bills and accounts counted in one transaction, which takes some hundredths of a second.
BATCH: Final = 1000
#: Seconds that one call may take; the next call does the rest.
TURN_SECONDS: Final = 5.0


def measure(store: Store, now: datetime, zone: tzinfo = PARIS, seconds: float = TURN_SECONDS) -> bool:
    """Bring the facts up to date with what has changed. Returns True when *seconds* did not suffice: call again.

    Repeated, interrupted, or run by two workers at once, it gives the same figures. A month ends at midnight in *zone*;
    the current month is shown as it stands *now*.
    """
    month = month_of(now, zone)
    until = time.monotonic() + seconds
    while _is_behind(store, month, zone):
        with store.writing() as session:
            row = locked_fact_count(session, str(zone))
            _count_changed(session, zone)
            if not row.is_full:
                _count_on(session, row, zone)
            if row.is_full and row.month != month:
                show_until(session, month)
        if time.monotonic() > until:
            return _is_behind(store, month, zone)
    return False


def month_of(now: datetime, zone: tzinfo) -> date:
    """Return the first day of the current month in *zone*."""
    return now.astimezone(zone).date().replace(day=1)


def _is_behind(store: Store, month: date, zone: tzinfo) -> bool:
    """Whether there is anything to write; asked in a reading transaction, so that nobody waits for it."""
    with store.reading() as session:
        row = session.get(FactCount, 1)
        is_current = row is not None and row.is_full and (row.time_zone, row.month) == (str(zone), month)
        return not is_current or is_any_changed(session)


def _count_changed(session: Session, zone: tzinfo) -> None:
    """Count again the bills and accounts that were marked as changed."""
    changed = take_changes(session, BATCH)
    if changed is not None:
        moved = _count_bills(session, changed.bills, zone)
        _count_accounts(session, changed.accounts | moved.counted, zone)
        count_journeys(session, changed.accounts | moved.on_their_way, zone)


def _count_on(session: Session, row: FactCount, zone: tzinfo) -> None:
    """Continue a full count: the next bills, or after the last of them the next accounts."""
    bills = _next_ids(session, BillRow.id, row.bills_upto)
    if bills:
        moved = _count_bills(session, bills, zone)
        if row.month is not None:  # shown facts stay right during a recount; a first count reaches the accounts anyway
            _count_accounts(session, moved.counted, zone)
            count_journeys(session, moved.on_their_way, zone)
        row.bills_upto = bills[-1]
        return
    accounts = _next_ids(session, CustomerAccount.id, row.accounts_upto)
    if accounts:
        _count_accounts(session, accounts, zone)
        count_journeys(session, accounts, zone)
        row.accounts_upto = accounts[-1]
        return
    row.is_full = True


def _next_ids(session: Session, column: InstrumentedAttribute[int], after: int) -> Sequence[int]:
    return session.scalars(select(column).where(column > after).order_by(column).limit(BATCH)).all()


class Steps(NamedTuple):
    """Differences to the kept facts."""

    monthly: Counter[Cell]
    daily: Counter[DailyCell]

    def keep(self, session: Session) -> None:
        """Add these differences to the kept facts."""
        add_steps(session, self.monthly)
        add_daily_steps(session, self.daily)

    def add_bills(self, bill: OfBill, times: int) -> None:
        """Add what a bill adds, so many times: bills of one day mostly add the same."""
        month = bill.day.replace(day=1)
        for measure in monthly_measures_of(bill.figures):
            self.monthly[bill.issuer_id, month, measure] += times
        for measure, value in daily_measures_of(bill):
            self.daily[DailyCell(bill.issuer_id, bill.day, bill.state, bill.arm, measure)] += times * value

    def add_accounts(self, account: OfAccount, times: int) -> None:
        """Add an account's changes to its issuer's, so many times."""
        for change in unpack_changes(account.changes):
            day, value = change.date, times * change.value
            self.daily[DailyCell(account.issuer_id, day, change.state, account.arm, change.measure)] += value
            if change.measure in LASTING:
                self.monthly[account.issuer_id, day.replace(day=1), change.measure] += value


class Moved(NamedTuple):
    """Accounts whose figures may have changed by their bills, and those whose journeys may have."""

    counted: set[int]
    on_their_way: set[int]


def _count_bills(session: Session, bill_ids: Collection[int], zone: tzinfo) -> Moved:
    """Count these bills again. Returns the accounts that may have changed by it."""
    before, now = counted_bills(session, bill_ids), bill_figures(session, bill_ids, zone)
    added: Counter[OfBill] = Counter()
    moved = Moved(set(), set())
    changed = {bill_id for bill_id in bill_ids if before.get(bill_id) != now.get(bill_id)}
    for bill_id in changed:
        old, new = before.get(bill_id), now.get(bill_id)
        if old is not None:
            added[old.without_account()] -= 1
        if new is not None:
            added[new.without_account()] += 1
        if old is None or new is None or _of_account(old) != _of_account(new):
            moved.counted.update(each.account_id for each in (old, new) if each is not None)
        if (old and of_bill(old)) != (new and of_bill(new)):
            moved.on_their_way.update(each.account_id for each in (old, new) if each is not None)
    keep_bills(session, {bill_id: now[bill_id] for bill_id in changed & now.keys()}, changed - now.keys())
    steps = Steps(Counter(), Counter())
    for bill, times in added.items():
        steps.add_bills(bill, times)
    steps.keep(session)
    return moved


def _of_account(bill: OfBill) -> tuple[int, date, date | None]:
    """What of a bill its account's figures follow from."""
    return bill.account_id, bill.day, bill.coded_on


def _count_accounts(session: Session, account_ids: Collection[int], zone: tzinfo) -> None:
    """Count these accounts again, from their bills as last counted."""
    if not account_ids:
        return
    before = counted_accounts(session, account_ids)
    now = account_figures(session, days_of_accounts(session, account_ids), zone)
    changed = {account_id for account_id in account_ids if before.get(account_id) != now.get(account_id)}
    added = Counter(now[each] for each in changed & now.keys())
    added.subtract(before[each] for each in changed & before.keys())
    steps = Steps(Counter(), Counter())
    for account, times in added.items():
        steps.add_accounts(account, times)
    keep_accounts(session, {each: now[each] for each in changed & now.keys()}, changed - now.keys())
    steps.keep(session)
