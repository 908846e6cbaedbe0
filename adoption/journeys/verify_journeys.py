"""Recounts all journeys from the rows, and compares them with the kept ones and the kept counts."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, tzinfo
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from adoption.journeys.count_journeys import journeys_of
from store.accounts.customer_account import CustomerAccount
from store.facts.account_journey import STEPS, Journey, kept_journeys, reached, stood

#: Accounts recounted together.
_TOGETHER: Final = 500
#: Issuer, month, measure.
_Cell = tuple[int, date, str]


def journey_differences(session: Session, zone: tzinfo, until: date) -> list[tuple[int, date, str, int, int]]:
    """The issuer, month, measure, kept and counted number of each count that differs from a recount up to this day."""
    counted: Counter[_Cell] = Counter()
    rows: Counter[_Cell] = Counter()
    issuers: set[int] = set()
    for accounts in _accounts(session):
        counted.update(_cells(journeys_of(session, accounts, zone, until).values()))
        rows.update(_cells(kept_journeys(session, accounts).values()))
    issuers.update(issuer_id for issuer_id, _, _ in (*counted, *rows))
    kept = _kept(session, issuers)
    return [
        (*cell, min(kept[cell], rows[cell]) if counted[cell] else max(kept[cell], rows[cell]), counted[cell])
        for cell in sorted(kept.keys() | counted.keys() | rows.keys())
        if not kept[cell] == rows[cell] == counted[cell]
    ]


def _accounts(session: Session) -> Iterator[list[int]]:
    after = 0
    query = select(CustomerAccount.id).order_by(CustomerAccount.id).limit(_TOGETHER)
    while accounts := list(session.scalars(query.where(CustomerAccount.id > after))):
        yield accounts
        after = accounts[-1]


def _cells(journeys: Iterable[Journey]) -> Iterator[_Cell]:
    for each in journeys:
        yield each.issuer_id, each.began, _reached(each.step, each.settled, each.snag)
        if each.claimed is not None:
            yield each.issuer_id, each.claimed, _stood(each.held)


def _kept(session: Session, issuers: Collection[int]) -> Counter[_Cell]:
    kept: Counter[_Cell] = Counter()
    for far in reached(session, issuers, date.min, date.max):
        kept[far.issuer_id, far.began, _reached(far.step, far.settled, far.snag)] += far.number
    for cohort in stood(session, issuers, date.min, date.max):
        kept[cohort.issuer_id, cohort.claimed, _stood(cohort.held)] += cohort.number
    return kept


def _reached(step: int, settled: date, snag: str) -> str:
    return f"journey {STEPS[step]} {settled} {snag}".rstrip()


def _stood(held: int) -> str:
    return f"cohort {held:x}"
