"""How many bills of a span of days went on paper, by the reason of their letter, and what the letters cost."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from adoption.bill_contribution import LETTERS
from adoption.costs.cost_parameters import letter_cost
from issuers.registry import profile_of
from store.facts.daily_fact import Days, sums_of_steps
from store.issuer import Issuer


class OnPaper(NamedTuple):
    """Bills of an issuer that were posted for this reason, and what their letters cost in EUR."""

    issuer_id: int
    code: str
    bills: int
    cost: Decimal


class BilledOnPaper(NamedTuple):
    """The bills of a span of days, and those of them that went on paper, by issuer and reason."""

    bills: int
    letters: list[OnPaper]


def letters_by_reason(session: Session, issuers: Mapping[int, Issuer], first: date, last: date) -> BilledOnPaper:
    """What was billed on the days from *first* to *last*, and what of it went on paper for which reason, read from the
    kept facts of these days."""
    sums = sums_of_steps(session, list(issuers), ["bills", LETTERS], Days(first, last))
    prices = {issuer_id: letter_cost(profile_of(issuer)) for issuer_id, issuer in issuers.items()}
    letters = [
        OnPaper(issuer_id, measure.removeprefix(LETTERS), number, number * prices[issuer_id])
        for (issuer_id, measure), number in sums.items()
        if measure.startswith(LETTERS)
    ]
    bills = sum(number for (_, measure), number in sums.items() if measure == "bills")
    return BilledOnPaper(bills, sorted(letters, key=lambda each: (-each.bills, each.code, each.issuer_id)))
