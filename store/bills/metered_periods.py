"""What a consumer's bills say was used, by account, unit and period."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import case, func
from sqlalchemy.orm import Session

from bill import CREDIT_NOTE_TYPES
from bill.metered_period import MeteredPeriod
from store.bills.bill import BillRow
from store.bills.bill_filter import EVERYTHING
from store.bills.filtered_bills import every_filtered
from store.db.constant_in_sql import is_one_of

#: A bill comes at most so long after the days that it is about.
_LATEST: Final = timedelta(days=400)

_END: Final = func.coalesce(BillRow.used_to, BillRow.issue_date)
_START: Final = func.coalesce(BillRow.used_from, _END)
_KEYS: Final = (BillRow.account_id, BillRow.used_unit, _START, _END)
_USED: Final = case((is_one_of(BillRow.type_code, CREDIT_NOTE_TYPES), -func.abs(BillRow.used)), else_=BillRow.used)
_COLUMNS: Final = (*_KEYS, func.sum(_USED))

#: An account, and a unit of UN/ECE Recommendation 20.
Meter = tuple[int, str]


def metered_periods(
    session: Session, consumer_id: int, account_ids: Collection[int], days: tuple[date, date], without: Collection[int]
) -> dict[Meter, list[MeteredPeriod]]:
    """The periods that touch these *days* (first and last, both included), by account and unit, for those of the
    accounts that the consumer holds. Bills of one period are summed, credit notes deducted; *without* are ids of bills
    that do not count. A bill that gives no first day is taken for a period of one day."""
    issued = days[0] - _LATEST, days[1] + _LATEST
    statement, values = every_filtered(session, consumer_id, EVERYTHING, _COLUMNS, issued, _KEYS)
    statement = statement.where(BillRow.account_id.in_(account_ids), BillRow.used.is_not(None))
    statement = statement.where(days[1] >= _START, days[0] <= _END)
    if without:
        statement = statement.where(BillRow.id.not_in(without))
    found: dict[Meter, list[MeteredPeriod]] = {}
    for account_id, unit, first, last, sum_used in session.execute(statement, values):
        found.setdefault((account_id, unit), []).append(_period(first, last, sum_used))
    return {meter: sorted(periods) for meter, periods in sorted(found.items())}


def _period(first: date, last: date, used: Decimal) -> MeteredPeriod:
    """Days that stand the wrong way round are the last day alone."""
    return MeteredPeriod(min(first, last), last, used)
