"""Counts accounts again, up to a day: what each adds now in place of what it added before (decision 0032). An account
whose new bills only put off what was foreseen of it is not counted again (decision 0105)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date, tzinfo

from sqlalchemy.orm import Session

from adoption.account_day_changes import put_off
from adoption.account_measures import account_figures
from adoption.fact_steps import no_steps
from store.facts.counted_contribution import (
    CountedAnew,
    Foreseen,
    OfBill,
    counted_accounts,
    days_of_accounts,
    foreseen_of,
    keep_accounts,
    keep_foreseen,
)


def count_accounts(session: Session, account_ids: Collection[int], zone: tzinfo, until: date) -> None:
    """Count these accounts again up to this day, from their bills as last counted."""
    if not account_ids:
        return
    before = counted_accounts(session, account_ids)
    now = account_figures(session, days_of_accounts(session, account_ids), zone, until)
    changed = {account_id for account_id in account_ids if before.get(account_id) != now.get(account_id)}
    added = Counter(now[each].what_it_adds() for each in changed & now.keys())
    added.subtract(before[each].what_it_adds() for each in changed & before.keys())
    steps = no_steps()
    for account, times in added.items():
        if times:
            steps.add_accounts(*account, times)
    keep_accounts(session, {each: now[each] for each in changed & now.keys()}, changed - now.keys())
    steps.keep(session)


def put_off_ends(session: Session, bills: Iterable[CountedAnew]) -> set[int]:
    """Put off what was foreseen of the accounts of these bills. Returns the accounts that changed by more than that,
    which are to be counted again."""
    anew: set[int] = set()
    came: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for old, new in bills:
        if new is not None and (old is None or _has_left(old, new)):
            came[new.account_id].append((new.day, new.coded_on))
        elif old is None or new is None or _of_account(old) != _of_account(new):
            anew.update(each.account_id for each in (old, new) if each is not None)
    foreseen = foreseen_of(session, came.keys() - anew)
    later: dict[int, Foreseen] = {}
    for account_id, new_bills in came.items():
        known = foreseen.get(account_id)
        then = None if known is None else put_off(known, new_bills)
        if then is None:
            anew.add(account_id)
        elif then != known:
            later[account_id] = then
    keep_foreseen(session, later)
    return anew


def _has_left(old: OfBill, new: OfBill) -> bool:
    """Whether nothing of this bill changed for its account but that a letter with a code left."""
    return new.coded_on is not None and _of_account(old) == (new.account_id, new.day, None)


def _of_account(bill: OfBill) -> tuple[int, date, date | None]:
    """What of a bill its account's figures follow from."""
    return bill.account_id, bill.day, bill.coded_on
