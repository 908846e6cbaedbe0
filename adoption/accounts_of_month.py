"""The accounts behind a monthly figure: those that stood so when the month ended."""

from collections.abc import Sequence
from datetime import date
from itertools import islice

from sqlalchemy.orm import Session

from adoption.account_day_changes import unpack_changes
from store.accounts.customer_account import CustomerAccount
from store.facts.listed_month import counted_accounts_of


def accounts_of_month(
    session: Session, issuer_ids: Sequence[int], measure: str, end: date, after: int, limit: int
) -> list[CustomerAccount]:
    """The next *limit* accounts of these issuers of which *measure*, a lasting one, was true on the last day before
    *end*, by id above *after*. Few among many are found by looking at all: some hundred thousand a second."""
    stood = (
        each.account for each in counted_accounts_of(session, issuer_ids, after) if _stood(each.changes, measure, end)
    )
    return list(islice(stood, limit))


def _stood(changes: bytes, measure: str, end: date) -> bool:
    return sum(each.value for each in unpack_changes(changes) if each.measure == measure and each.date < end) > 0
