"""Where a bill stands, in the words of its reader. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from bill.bill import CREDIT_NOTE_TYPES
from store.bill import BillRow

#: After so many days past its due date we no longer ask for a bill: issuers do not tell us what was paid.
ASKED_FOR: Final = timedelta(days=30)

Kind = Literal["credit", "nothing", "debit", "paid", "due", "late", "past"]


class Standing(NamedTuple):
    """*day* is the one that matters: due or collected; it may be unknown."""

    kind: Kind
    day: date | None

    @property
    def is_asking(self) -> bool:
        """Whether the reader has something to do."""
        return self.kind in {"due", "late"}


def standing(row: BillRow, today: date) -> Standing:
    """A direct debit is never something to pay (it would be paid twice), nor is a credit note."""
    if row.type_code in CREDIT_NOTE_TYPES:
        return Standing("credit", row.due_date)
    if row.payable <= 0:
        return Standing("nothing", None)
    if row.to_pay <= 0:
        return Standing("debit", row.due_date)
    if row.said_paid_at is not None:
        return Standing("paid", row.said_paid_at.date())
    if row.due_date is None or row.due_date >= today:
        return Standing("due", row.due_date)
    return Standing("late" if today - row.due_date <= ASKED_FOR else "past", row.due_date)


class Owed(NamedTuple):
    """What is to be paid by hand in one currency, all issuers together."""

    amount: Decimal
    currency: str
    bills: int
    late: int
    soonest: BillRow  # the one to begin with


def owed(rows: Iterable[BillRow], today: date) -> list[Owed]:
    """The sums by currency, the largest first; *rows* come soonest first."""
    by_currency: dict[str, list[BillRow]] = {}
    for row in rows:
        by_currency.setdefault(row.currency, []).append(row)
    sums = [_sum(currency, mine, today) for currency, mine in by_currency.items()]
    return sorted(sums, key=lambda each: -each.amount)


def _sum(currency: str, rows: list[BillRow], today: date) -> Owed:
    amount = sum((row.to_pay for row in rows), Decimal(0))
    late = sum(1 for row in rows if row.due_date and row.due_date < today)
    return Owed(amount, currency, len(rows), late, rows[0])
