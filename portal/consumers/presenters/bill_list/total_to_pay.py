"""The total that a consumer has to pay now, by currency, over all issuers."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from bill import ASKED_FOR, AmountDue
from payments.amounts_due import amounts_due
from store.bills.bills_of_consumer import long_past_due
from store.bills.listed_bill import ListedBill

#: So many are looked at: the page does not count them.
_SOME: Final = 20


class Asking(NamedTuple):
    """A bill and its amount due now."""

    row: ListedBill
    due: AmountDue


class TotalToPay(NamedTuple):
    """A sum in one currency: of how many bills, and how many of them are past due and not said to be paid."""

    amount: Decimal
    currency: str
    bills: int
    past: int
    soonest: Asking  # the one to begin with


def asking_among(rows: Iterable[ListedBill], dues: Mapping[int, AmountDue], today: date) -> list[Asking]:
    """Returns those of these bills with something to pay today."""
    return [Asking(row, dues[row.id]) for row in rows if dues[row.id].is_current(today, row.issue_date)]


def past_without_a_word(session: Session, consumer_id: int, today: date) -> int:
    """Returns 0, 1 or 2 (several): how many bills are long past due and not said to be paid."""
    rows = long_past_due(session, consumer_id, today - ASKED_FOR, _SOME)
    return sum(due.is_asking for due in amounts_due(session, rows, today).values())


def totals_to_pay(asking: Iterable[Asking]) -> list[TotalToPay]:
    """Returns the totals by currency, the largest first."""
    by_currency: dict[str, list[Asking]] = {}
    for each in sorted(asking, key=lambda each: (each.due.due or each.row.issue_date, each.row.id)):
        by_currency.setdefault(each.due.currency, []).append(each)
    return sorted((_sum(mine) for mine in by_currency.values()), key=lambda each: -each.amount)


def _sum(asking: list[Asking]) -> TotalToPay:
    amount = sum((each.due.amount for each in asking), Decimal(0))
    return TotalToPay(amount, asking[0].due.currency, len(asking), sum(each.due.is_past for each in asking), asking[0])
