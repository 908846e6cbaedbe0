"""The accounts behind a figure of journeys, page by page: read from its index, however many accounts there are."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session

from store.accounts.customer_account import CustomerAccount
from store.facts.account_journey import STEPS, AccountJourney

_PAPERLESS = STEPS.index("paperless")
_STAYED = STEPS.index("stayed")


class AskedJourneys(NamedTuple):
    """Which accounts: of these issuers, at one of these steps, begun in the months from *first* to *last*; *snag*: with
    this one only. *today* says what counts as stayed."""

    issuer_ids: Sequence[int]
    steps: Collection[int]
    first: date
    last: date
    today: date
    snag: str = ""


class AskedCohort(NamedTuple):
    """Which accounts: of these issuers, claimed in the months from *claimed* to *until*, that have the bits *among*
    (0: all), and have the bits *so* or, where not *is_so*, have not."""

    issuer_ids: Sequence[int]
    claimed: date
    until: date
    so: int = 0
    among: int = 0
    is_so: bool = True


class AccountOnItsWay(NamedTuple):
    """An account and how far it has come."""

    account: CustomerAccount
    journey: AccountJourney


def journeys_listed(session: Session, asked: AskedJourneys, after: int, limit: int) -> list[AccountOnItsWay]:
    """The next *limit* accounts: by issuer, the furthest first, of these those that began last. *after* is the id of
    the last account of the page before, 0 for the first page."""
    last = session.get(AccountJourney, after) if after else None
    row, found = AccountJourney, list[AccountOnItsWay]()
    for issuer_id, step in _cells(asked):
        if last is not None and (issuer_id, -step) < (last.issuer_id, -last.step):
            continue
        mine = [row.issuer_id == issuer_id, row.step == step, row.began >= asked.first]
        mine += _that_counts(asked, step)
        if asked.snag:
            mine.append(row.snag == asked.snag)
        if last is not None and (issuer_id, step) == (last.issuer_id, last.step):
            mine.append(tuple_(row.began, row.account_id) < (last.began, last.account_id))
        else:
            mine.append(row.began <= asked.last)
        query = _listed(*mine).order_by(row.issuer_id, row.step, row.began.desc(), row.account_id.desc())
        found += [AccountOnItsWay(*each) for each in session.execute(query.limit(limit - len(found))).tuples()]
        if len(found) >= limit:
            break
    return found


def cohort_listed(session: Session, asked: AskedCohort, after: int, limit: int) -> list[AccountOnItsWay]:
    """The next *limit* accounts of cohorts, by issuer, month and account."""
    last = session.get(AccountJourney, after) if after else None
    row, found = AccountJourney, list[AccountOnItsWay]()
    for issuer_id in sorted(asked.issuer_ids):
        if last is not None and issuer_id < last.issuer_id:
            continue
        mine = [
            row.issuer_id == issuer_id,
            row.claimed <= asked.until,
            row.held.op("&")(asked.among) == asked.among,
        ]
        stands = row.held.op("&")(asked.so) == asked.so
        mine.append(stands if asked.is_so else ~stands)
        if last is not None and issuer_id == last.issuer_id:
            mine.append(tuple_(row.claimed, row.account_id) > (last.claimed, last.account_id))
        else:
            mine.append(row.claimed >= asked.claimed)
        query = _listed(*mine).order_by(row.issuer_id, row.claimed, row.account_id)
        found += [AccountOnItsWay(*each) for each in session.execute(query.limit(limit - len(found))).tuples()]
        if len(found) >= limit:
            break
    return found


def _cells(asked: AskedJourneys) -> Iterator[tuple[int, int]]:
    """The issuers and the steps that rows of these accounts have, in the order of the list. Who is paperless may have a
    row of `stayed` that does not count yet."""
    kept = {*asked.steps, *([_STAYED] if _PAPERLESS in asked.steps else [])}
    for issuer_id in sorted(asked.issuer_ids):
        for step in sorted(kept, reverse=True):
            yield issuer_id, step


def _that_counts(asked: AskedJourneys, step: int) -> list[ColumnElement[bool]]:
    """Which rows of a step are meant: of `stayed` those that count by today, and those that do not for `paperless`."""
    if step != _STAYED or {_PAPERLESS, _STAYED} <= set(asked.steps):
        return []
    settled = AccountJourney.settled
    return [settled <= asked.today if _STAYED in asked.steps else settled > asked.today]


def _listed(*conditions: ColumnElement[bool]) -> Select[CustomerAccount, AccountJourney]:
    query = select(CustomerAccount, AccountJourney).join(
        AccountJourney, AccountJourney.account_id == CustomerAccount.id
    )
    return query.where(*conditions)
