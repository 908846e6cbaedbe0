"""The accounts behind a figure: those that stood so when a day ended, or did something on some days."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from sqlalchemy.orm import Session

from adoption.account_day_changes import traces_of, unpack_changes
from store.accounts.customer_account import CustomerAccount
from store.facts.daily_fact import Days, sums_of_steps
from store.facts.listed_month import accounts_in_order, counted_accounts_of


def accounts_of_month(
    session: Session, issuer_ids: Sequence[int], measure: str, end: date, after: int, limit: int
) -> list[CustomerAccount]:
    """The next *limit* accounts of these issuers of which *measure*, a lasting one, was true on the last day before
    *end*, by id above *after*."""
    if not _is_any(session, issuer_ids, measure, Days(None, end - timedelta(days=1))):
        return []
    traced = counted_accounts_of(session, issuer_ids, traces_of(measure), after)
    stood = (each.account_id for each in traced if _stood(each.changes, measure, end))
    return accounts_in_order(session, list(islice(stood, limit)))


class AccountActs(NamedTuple):
    """An account, and how often it did something."""

    account: CustomerAccount
    times: int


def accounts_that_did(
    session: Session, issuer_ids: Sequence[int], act: str, days: Days, after: int, limit: int
) -> list[AccountActs]:
    """The next *limit* accounts of these issuers that did *act* on these days, by id above *after*. An act that ends
    with `:` stands for all that begin with it."""
    if not _is_any(session, issuer_ids, act, days):
        return []
    traced = counted_accounts_of(session, issuer_ids, traces_of(act), after)
    did = ((each.account_id, times) for each in traced if (times := _times(each.changes, act, days)))
    times_of = dict(islice(did, limit))
    return [AccountActs(each, times_of[each.id]) for each in accounts_in_order(session, list(times_of))]


def _is_any(session: Session, issuer_ids: Sequence[int], measure: str, days: Days) -> bool:
    """Whether the kept figures say that there is any, so that nobody is looked for who is not there."""
    return any(sums_of_steps(session, issuer_ids, [measure], days).values())


@lru_cache(maxsize=4096)
def _times(changes: bytes, act: str, days: Days) -> int:
    return sum(
        each.value
        for each in unpack_changes(changes)
        if (each.measure == act or (act.endswith(":") and each.measure.startswith(act))) and days.hold(each.date)
    )


@lru_cache(maxsize=4096)
def _stood(changes: bytes, measure: str, end: date) -> bool:
    return sum(each.value for each in unpack_changes(changes) if each.measure == measure and each.date < end) > 0
