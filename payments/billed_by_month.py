"""What a consumer was billed, summed by month, account and currency, however many bills there are.

A bill counts with its whole amount in the month of its issue date, whether paid or not; a credit note is deducted in
its own month. A bill that a corrective replaced does not count: the corrective does, in its month. A copy counts as
the invoice whose copy it is. Currencies are never added up.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, case, extract, func
from sqlalchemy.orm import Session

from bill import CREDIT_NOTE_TYPES, ZERO
from bill.payment.credit_set_off import remaining_amount
from bill.payment.document_amount import CORRECTIVE_TYPES
from payments.related_bills import RelatedBills
from store.bills.bill import BillRow
from store.bills.bill_filter import EVERYTHING, BillFilter
from store.bills.filtered_bills import every_filtered, has_later_correctives
from store.bills.listed_bill import LISTED, ListedBill
from store.bills.references_between_bills import naming_bills_of
from store.db.constant_in_sql import is_one_of


class MonthlySum(NamedTuple):
    """What one account was billed in one month, in one currency: the first of the month, the amount (negative if more
    was credited), and the number of documents."""

    account_id: int
    month: date
    currency: str
    amount: Decimal
    bills: int


def billed_by_month(
    session: Session, consumer_id: int, days: tuple[date, date], only: BillFilter = EVERYTHING
) -> list[MonthlySum]:
    """The sums of the consumer's bills that the filter leaves and that were issued on these *days* (first and last,
    both included), oldest month first."""
    query = every_filtered(session, consumer_id, only, _SUMS, days, _KEYS)
    rows = query.rows(session)
    if any(has_correctives for *_, has_correctives in rows):
        replaced = replaced_bills(session, consumer_id, days[0], days)
        rows = query._replace(statement=query.statement.where(BillRow.id.not_in(replaced))).rows(session)
    found = [
        MonthlySum(account_id, date(int(year), int(month), 1), currency, amount, bills)
        for account_id, year, month, currency, amount, bills, _ in rows
    ]
    return sorted(found, key=lambda each: (each.month, each.account_id, each.currency))


def billed_of_all(rows: Iterable[ListedBill]) -> list[MonthlySum] | None:
    """What `billed_by_month` says of a consumer of whom these are all bills, which are read already; each by itself,
    oldest month first. None where a corrective may stand in the place of one."""
    rows = list(rows)
    if any(row.type_code in CORRECTIVE_TYPES for row in rows):
        return None
    found = [MonthlySum(row.account_id, row.issue_date.replace(day=1), row.currency, _billed(row), 1) for row in rows]
    return sorted(found, key=lambda each: (each.month, each.account_id, each.currency))


def _billed(row: ListedBill) -> Decimal:
    """What `billed` says, of a bill that is read."""
    amount = row.payable if row.gross is None else row.gross
    return -amount if row.type_code in CREDIT_NOTE_TYPES else amount


def replaced_bills(
    session: Session, consumer_id: int, since: date, of: tuple[date, date] | None = None
) -> set[int]:  # fmt: skip
    """The ids of the bills in whose place a corrective stands that was issued to this consumer on that day or later. Of
    bills that were issued on the days *of* all are found, of others perhaps some."""
    rows = every_filtered(session, consumer_id, _CORRECTIVES, LISTED, (since, date.max)).rows(session)
    correctives = [ListedBill(*row) for row in rows]
    if of is not None:
        naming = naming_bills_of(session, [each.id for each in correctives], of)
        correctives = [each for each in correctives if each.id in naming]
    if not correctives:
        return set()
    related = RelatedBills(session, correctives)
    return {
        row.id
        for row in related.known.values()
        if remaining_amount(related.demand(row), related.related_to(row)).is_replaced
    }


def billed() -> ColumnElement[Decimal]:
    """SQL expression: what a bill amounts to with VAT, before what was paid in advance; negative for a credit note."""
    amount = func.coalesce(BillRow.gross, BillRow.payable)
    return case((is_one_of(BillRow.type_code, CREDIT_NOTE_TYPES), -amount), else_=amount)


_CORRECTIVES: Final = BillFilter(kind="corrective")
_KEYS: Final = (
    BillRow.account_id, extract("year", BillRow.issue_date), extract("month", BillRow.issue_date), BillRow.currency,
)  # fmt: skip
#: As a rule there are none, and no bill is replaced.
_SUMS: Final = (*_KEYS, func.sum(billed()), func.count(), has_later_correctives())


def summed(sums: Iterable[MonthlySum]) -> Mapping[str, Decimal]:
    """These sums added up, by currency; the largest first."""
    found: dict[str, Decimal] = {}
    for each in sums:
        found[each.currency] = found.get(each.currency, ZERO) + each.amount
    return dict(sorted(found.items(), key=lambda each: -abs(each[1])))
