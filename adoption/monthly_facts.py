"""Keeps the monthly adoption facts: who went digital, by issuer and month, as it stood when the month ended.

Measures, per issuer and month of business time:

* `accounts`: active accounts, that is with a bill issued in the thirteen months up to the month's end (a yearly bill
  that comes a few weeks late does not close an account);
* `enrolled`: of these, held by at least one consumer when the month ended;
* `paperless`: of these, whose last consent when the month ended was to do without paper. Enrolled is not paperless.

The others follow the bills *issued* in the month, whenever things happen to them:

* `bills`: released bills, without the recalled and the superseded;
* `presented`: bills made viewable to a consumer (a `present` delivery was sent);
* `read7`: of these, seen by somebody who signed in within seven days of being presented. Opened mails are not
  counted: mail programs open mails by themselves;
* `letters`: bills handed over to the print house; `fallbacks`: of these, bills that had been announced by e-mail to a
  consumer without paper;
* `letters_saved`: bills whose channel was chosen, and for which no letter was posted or is to be posted;
* `bounced`: bills whose notice or reminder came back.

The facts are updated incrementally (decision 0032): for each bill and account marked as changed, what it adds now is
compared with what it added before, and the difference is added. The clock only decides which month is shown last.
"""

import time
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from adoption.account_measures import account_figures
from adoption.account_month_changes import unpack_steps
from adoption.bill_contribution import BILL_MEASURES, bill_figures, measures_of
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.facts.counted_contribution import OfAccount, counted_accounts, counted_bills, keep_accounts, keep_bills
from store.facts.monthly_fact import LASTING, Cell, FactCount, add_steps, locked_fact_count, show_until
from store.facts.recount_queue import is_any_changed, take_changes

MEASURES: Final = (*LASTING, *BILL_MEASURES)
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
        moved = _count_bills(session, changed.bills)
        _count_accounts(session, changed.accounts | moved, zone)


def _count_on(session: Session, row: FactCount, zone: tzinfo) -> None:
    """Continue a full count: the next bills, or after the last of them the next accounts."""
    bills = _next_ids(session, BillRow.id, row.bills_upto)
    if bills:
        moved = _count_bills(session, bills)
        if row.month is not None:  # shown facts stay right during a recount; a first count reaches the accounts anyway
            _count_accounts(session, moved, zone)
        row.bills_upto = bills[-1]
        return
    accounts = _next_ids(session, CustomerAccount.id, row.accounts_upto)
    if accounts:
        _count_accounts(session, accounts, zone)
        row.accounts_upto = accounts[-1]
        return
    row.is_full = True


def _next_ids(session: Session, column: InstrumentedAttribute[int], after: int) -> Sequence[int]:
    return session.scalars(select(column).where(column > after).order_by(column).limit(BATCH)).all()


def _count_bills(session: Session, bill_ids: Collection[int]) -> set[int]:
    """Count these bills again. Returns the accounts that may have become active or inactive by it."""
    before, now = counted_bills(session, bill_ids), bill_figures(session, bill_ids)
    steps: Counter[Cell] = Counter()
    moved: set[int] = set()
    changed = {bill_id for bill_id in bill_ids if before.get(bill_id) != now.get(bill_id)}
    for bill_id in changed:
        old, new = before.get(bill_id), now.get(bill_id)
        for each, sign in ((old, -1), (new, 1)):
            if each is not None:
                for measure in measures_of(each.figures):
                    steps[each.issuer_id, each.month, measure] += sign
        if old is None or new is None or (old.account_id, old.month) != (new.account_id, new.month):
            moved.update(each.account_id for each in (old, new) if each is not None)
    keep_bills(session, {bill_id: now[bill_id] for bill_id in changed & now.keys()}, changed - now.keys())
    add_steps(session, steps)
    return moved


def _count_accounts(session: Session, account_ids: Collection[int], zone: tzinfo) -> None:
    """Count these accounts again, from their bills as last counted."""
    if not account_ids:
        return
    before, now = counted_accounts(session, account_ids), account_figures(session, account_ids, zone)
    changed = {account_id for account_id in account_ids if before.get(account_id) != now.get(account_id)}
    steps: Counter[Cell] = Counter()
    for account_id in changed:
        _add(steps, before.get(account_id), -1)
        _add(steps, now.get(account_id), 1)
    keep_accounts(session, {each: now[each] for each in changed & now.keys()}, changed - now.keys())
    add_steps(session, steps)


def _add(steps: Counter[Cell], account: OfAccount | None, sign: int) -> None:
    """Add an account's changes, times *sign*, to its issuer's."""
    if account is None:
        return
    for step in unpack_steps(account.steps):
        for measure, value in zip(LASTING, step[1:], strict=True):
            if value:
                steps[account.issuer_id, step.first_day, measure] += sign * value
