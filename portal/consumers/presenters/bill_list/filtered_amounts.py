"""How many bills a filter leaves and what they amount to: the answer above a filtered list."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from bill import ZERO
from payments.amounts_due import amounts_due
from payments.billed_by_month import billed_by_month, summed
from portal.consumers.presenters.bill_list.bill_listing import MOST_UNPAID, BillListing, Sums
from portal.consumers.presenters.bill_list.total_to_pay import TotalToPay, asking_among, totals_to_pay
from store.bills.bill_filter import BillFilter
from store.bills.bills_of_consumer import issue_dates, listed_bills

#: So many bills are counted, and added up: of more it is said that they are more.
MOST_COUNTED: Final = 1_000


class FilteredAmounts(NamedTuple):
    """What a filter leaves. *bills*: how many; *are_more*: that they are more than so many, and no sums are told.
    *totals*: what they amount to (of unpaid bills: what is left to pay), by currency. *to_pay*: what is to pay now.
    *unknown*: of unpaid bills, how many are so long past due that nobody tells whether they are paid."""

    bills: int
    are_more: bool
    totals: Sums
    to_pay: Sequence[TotalToPay]
    unknown: int = 0


def filtered_amounts(
    session: Session, consumer_id: int, only: BillFilter, listing: BillListing, today: date
) -> FilteredAmounts:
    """Returns what the filter of this listing leaves."""
    if only.is_unpaid:
        return _of_unpaid(listing, today)
    issued = issue_dates(session, consumer_id, only, MOST_COUNTED + 1)
    if len(issued) > MOST_COUNTED:
        return FilteredAmounts(MOST_COUNTED, True, {}, ())
    if not issued:
        return FilteredAmounts(0, False, {}, ())
    totals = summed(billed_by_month(session, consumer_id, (issued[-1], issued[0]), only))
    return FilteredAmounts(len(issued), False, totals, _to_pay(session, consumer_id, only, today))


def _of_unpaid(listing: BillListing, today: date) -> FilteredAmounts:
    if listing.unpaid is None:
        return FilteredAmounts(MOST_UNPAID, True, {}, ())
    sums: dict[str, Decimal] = {}
    for row in listing.unpaid:
        due = listing.dues[row.id]
        sums[due.currency] = sums.get(due.currency, ZERO) + due.left
    asking = asking_among(listing.unpaid, listing.dues, today)
    unknown = len(listing.unpaid) - len(asking)
    return FilteredAmounts(len(listing.unpaid), False, sums, totals_to_pay(asking), unknown)


def _to_pay(session: Session, consumer_id: int, only: BillFilter, today: date) -> Sequence[TotalToPay]:
    rows = listed_bills(session, consumer_id, replace(only, is_unpaid=True), None, MOST_COUNTED)
    return totals_to_pay(asking_among(rows, amounts_due(session, rows, today), today))
