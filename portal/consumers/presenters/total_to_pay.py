"""What is to pay by hand now, all issuers together."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from bill import ASKED_FOR, AmountDue
from payments.amounts_due import amounts_due
from store.bills.bill import BillRow, long_past_due, owed_by_consumer

#: So many are looked at: the page does not count them.
_SOME: Final = 20


class Asking(NamedTuple):
    """A bill, and what it asks now."""

    row: BillRow
    due: AmountDue


class TotalToPay(NamedTuple):
    """The sum in one currency: of so many bills, so many of them past their day without a word."""

    amount: Decimal
    currency: str
    bills: int
    past: int
    soonest: Asking  # the one to begin with


def asking_of(session: Session, consumer_id: int, today: date) -> list[Asking]:
    """A consumer's bills that count as something to pay today."""
    rows = [row for row, _ in owed_by_consumer(session, consumer_id, today - ASKED_FOR)]
    dues = amounts_due(session, rows, today)
    return [Asking(row, dues[row.id]) for row in rows if dues[row.id].is_current(today, row.issue_date)]


def past_without_a_word(session: Session, consumer_id: int, today: date) -> int:
    """Of how many bills whose day passed long ago nobody has said whether they were paid: none, one, or some."""
    rows = long_past_due(session, consumer_id, today - ASKED_FOR, _SOME)
    return sum(due.is_asking for due in amounts_due(session, rows, today).values())


def totals_to_pay(asking: Iterable[Asking]) -> list[TotalToPay]:
    """The sums by currency, the largest first."""
    by_currency: dict[str, list[Asking]] = {}
    for each in sorted(asking, key=lambda each: (each.due.due or each.row.issue_date, each.row.id)):
        by_currency.setdefault(each.due.currency, []).append(each)
    return sorted((_sum(mine) for mine in by_currency.values()), key=lambda each: -each.amount)


def _sum(asking: list[Asking]) -> TotalToPay:
    amount = sum((each.due.amount for each in asking), Decimal(0))
    return TotalToPay(amount, asking[0].due.currency, len(asking), sum(each.due.is_past for each in asking), asking[0])
