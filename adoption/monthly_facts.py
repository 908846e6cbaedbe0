"""Keeps the adoption facts: who went digital, by issuer and month, and by issuer, day, state and arm.

`adoption.measures.registry` defines the figures. Accounts are counted as they stood when a day or month ended; bills
follow the day and the month in which they were *issued*, whenever things happen to them; an act, its own day.

The facts are updated incrementally (decision 0032): for each bill and account marked as changed, what it adds now is
compared with what it added before, and the difference is added, to the months that curves are drawn from
(`store.facts.monthly_fact`) and to the days (`store.facts.daily_fact`). What happens by itself, as an account that is
billed no more, is counted on its day (decision 0105).
"""

import time
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from adoption.bill_contribution import MONTHLY_BILL_MEASURES
from adoption.count_accounts import count_accounts, put_off_ends
from adoption.count_bills import count_bills
from adoption.journeys.count_journeys import count_journeys, moved_by
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.facts.account_journey import journeys_due
from store.facts.counted_contribution import accounts_due
from store.facts.monthly_fact import LASTING, FactCount, locked_fact_count, show_until
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
    today = now.astimezone(zone).date()
    over = time.monotonic() + seconds
    while _is_behind(store, today, zone):
        with store.writing() as session:
            row = locked_fact_count(session, str(zone))
            until = max(row.upto, today)
            _count_changed(session, zone, until)
            if not row.is_full:
                _count_on(session, row, zone, until)
            elif row.upto < until:
                _count_days(session, row, zone, until)
            if row.is_full and row.month != today.replace(day=1):
                show_until(session, today.replace(day=1))
        if time.monotonic() > over:
            return _is_behind(store, today, zone)
    return False


def month_of(now: datetime, zone: tzinfo) -> date:
    """Return the first day of the current month in *zone*."""
    return now.astimezone(zone).date().replace(day=1)


def _is_behind(store: Store, today: date, zone: tzinfo) -> bool:
    """Whether there is anything to write; asked in a reading transaction, so that nobody waits for it."""
    with store.reading() as session:
        row = session.get(FactCount, 1)
        if row is None or not row.is_full or row.upto < today:
            return True
        return (row.time_zone, row.month) != (str(zone), today.replace(day=1)) or is_any_changed(session)


def _count_changed(session: Session, zone: tzinfo, until: date) -> None:
    """Count again the bills and accounts that were marked as changed."""
    changed = take_changes(session, BATCH)
    if changed is not None:
        bills = count_bills(session, changed.bills, zone)
        count_accounts(session, changed.accounts | put_off_ends(session, bills), zone, until)
        count_journeys(session, changed.accounts | moved_by(session, bills), zone, until)


def _count_days(session: Session, row: FactCount, zone: tzinfo, until: date) -> None:
    """Count again the next accounts and journeys that changed by themselves up to this day; after the last of them the
    facts are counted up to it."""
    accounts, journeys = accounts_due(session, until, BATCH), journeys_due(session, until, BATCH)
    count_accounts(session, accounts, zone, until)
    count_journeys(session, journeys, zone, until)
    if not accounts and not journeys:
        row.upto = until


def _count_on(session: Session, row: FactCount, zone: tzinfo, until: date) -> None:
    """Continue a full count: the next bills, or after the last of them the next accounts."""
    bills = _next_ids(session, BillRow.id, row.bills_upto)
    if bills:
        changed = count_bills(session, bills, zone)
        # Shown facts stay right during a recount; a first count reaches all accounts but those that it has passed.
        if row.month is not None or row.accounts_upto:
            count_accounts(session, put_off_ends(session, changed), zone, until)
            count_journeys(session, moved_by(session, changed), zone, until)
        row.bills_upto = bills[-1]
        return
    accounts = _next_ids(session, CustomerAccount.id, row.accounts_upto)
    if accounts:
        count_accounts(session, accounts, zone, until)
        count_journeys(session, accounts, zone, until)
        row.accounts_upto = accounts[-1]
        return
    row.is_full = True


def _next_ids(session: Session, column: InstrumentedAttribute[int], after: int) -> Sequence[int]:
    return session.scalars(select(column).where(column > after).order_by(column).limit(BATCH)).all()
