"""A page of a consumer's list of bills with what is due of each, and the total of each month on it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import MAXYEAR, date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from bill import ZERO, AmountDue
from payments.amounts_due import amounts_due
from payments.billed_by_month import MonthlySum, billed_by_month, billed_of_all, summed
from store.bills.bill_filter import BillFilter
from store.bills.bills_of_consumer import listed_bills
from store.bills.filtered_bills import ListKey
from store.bills.listed_bill import ListedBill

#: Bills on a page.
PAGE: Final = 24
#: So many unpaid bills are looked at together, so that those which others paid or credited are left out before the
#: page is cut. Of more only those of the page are, and no sums are told.
MOST_UNPAID: Final = 500

Sums = Mapping[str, Decimal]  # by currency, the largest first


class BillMonth(NamedTuple):
    """The bills of one month on a page, and the total of the whole month (of what the filter leaves), by currency:
    what was billed (`payments.billed_by_month`), of unpaid bills what is left to pay. Empty where it is not told.
    *is_continued*: the page before has bills of this month, too."""

    month: date
    bills: Sequence[ListedBill]
    totals: Sums
    is_continued: bool


class BillListing(NamedTuple):
    """A page of the list. *older* is the key of the next page. *unpaid* are all the unpaid bills that the filter
    leaves; None unless it asks for these, or where they are too many. *owed* are all bills that may ask for something
    now, where these were asked for."""

    months: Sequence[BillMonth]
    dues: Mapping[int, AmountDue]
    older: ListKey | None
    unpaid: Sequence[ListedBill] | None = None
    owed: Sequence[ListedBill] = ()

    @property
    def bills(self) -> list[ListedBill]:
        return [each for month in self.months for each in month.bills]


def bill_listing(
    session: Session, consumer_id: int, only: BillFilter, before: ListKey | None, today: date,
    owed: Callable[[], Sequence[ListedBill]] | None = None,
) -> BillListing:  # fmt: skip
    """Returns the page after *before* (the first one: None). The bills that *owed* reads are told with it, and what is
    due of them; a first page that has all bills has these, too, and reads none."""
    if only.is_unpaid:
        return _unpaid(session, consumer_id, only, before, today)
    found = listed_bills(session, consumer_id, only, before, PAGE + 1)
    shown = found[:PAGE]
    are_all = owed is not None and len(found) == len(shown)
    asked: Sequence[ListedBill] = () if owed is None else shown if are_all else owed()
    rows = {row.id: row for row in (*asked, *shown)}
    sums = billed_of_all(shown) if are_all else None
    if sums is None:
        sums = _billed_since(session, consumer_id, shown, only)
    totals = {month: summed(each) for month, each in groupby(sums, lambda each: each.month)}
    dues = amounts_due(session, rows.values(), today)
    return BillListing(_months(shown, totals, before), dues, _older(found), owed=asked)


def _billed_since(
    session: Session, consumer_id: int, shown: Sequence[ListedBill], only: BillFilter
) -> list[MonthlySum]:  # fmt: skip
    """The sums of the months of these bills."""
    if not shown:
        return []
    return billed_by_month(
        session, consumer_id, (shown[-1].issue_date.replace(day=1), last_day(shown[0].issue_date)), only
    )


def _unpaid(
    session: Session, consumer_id: int, only: BillFilter, before: ListKey | None, today: date
) -> BillListing:  # fmt: skip
    """The page of bills that are still to be paid by hand, whatever was told of the others."""
    found = listed_bills(session, consumer_id, only, None, MOST_UNPAID + 1)
    are_all = len(found) <= MOST_UNPAID
    if not are_all:
        found = listed_bills(session, consumer_id, only, before, PAGE + 1)
    dues = amounts_due(session, found, today)
    if not are_all:
        asking = [each for each in found[:PAGE] if dues[each.id].is_asking]
        return BillListing(_months(asking, {}, before), dues, _older(found))
    asking = [each for each in found if dues[each.id].is_asking]
    page = [each for each in asking if before is None or _key(each) < before]
    totals = unpaid_by_month([(row.issue_date, dues[row.id]) for row in asking])
    return BillListing(_months(page[:PAGE], totals, before), dues, _older(page), asking)


def unpaid_by_month(asking: Iterable[tuple[date, AmountDue]]) -> dict[date, Sums]:
    """Returns what is left to pay of these bills, given with their issue dates, by the first day of the month. Pure."""
    found: dict[date, dict[str, Decimal]] = {}
    for issued, due in asking:
        sums = found.setdefault(issued.replace(day=1), {})
        sums[due.currency] = sums.get(due.currency, ZERO) + due.left
    return {month: dict(sorted(sums.items(), key=lambda each: -each[1])) for month, sums in found.items()}


def last_day(day: date) -> date:
    """Returns the last day of its month."""
    if (day.year, day.month) == (MAXYEAR, 12):
        return date.max
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _months(
    shown: Sequence[ListedBill], totals: Mapping[date, Sums], before: ListKey | None
) -> list[BillMonth]:  # fmt: skip
    of_page = groupby(shown, lambda each: each.issue_date.replace(day=1))
    began = None if before is None else before[0].replace(day=1)
    return [BillMonth(month, list(bills), totals.get(month, {}), month == began) for month, bills in of_page]


def _older(found: Sequence[ListedBill]) -> ListKey | None:
    return _key(found[PAGE - 1]) if len(found) > PAGE else None


def _key(row: ListedBill) -> ListKey:
    return row.issue_date, row.id
