"""A bill as a row of the list, with all that the row says: the template only sets it."""

from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from bill import AmountDue
from portal.page_address import bill_address, url_for
from portal.presenters.amount_due_text import amount_due_text, figure_of
from portal.presenters.amounts_and_dates import exact_day, money
from portal.presenters.issuer_badge import IssuerBadge, drawn
from store.bills.listed_bill import ListedBill


class BillListRow(NamedTuple):
    """*figure* is the amount to show large, *words* the payment status with its *tone*. *is_open* says whether the
    reader still has something to do, *is_new* that they have not looked at it."""

    url: str
    mark: Markup
    issuer: str
    day: Markup
    figure: Markup
    words: str
    tone: str
    is_open: bool
    is_copy: bool
    is_new: bool


def bill_list_row(
    row: ListedBill, badge: IssuerBadge, due: AmountDue, today: date, asked: str = "", *, is_new: bool
) -> BillListRow:  # fmt: skip
    """Returns the row of a bill in a list; its page marks the words that were *asked* for."""
    is_current = due.is_current(today, row.issue_date)
    words = amount_due_text(due, short=True, is_current=is_current)
    return BillListRow(
        url=url_for("bill.show", uid=row.uid, cherche=asked) if asked else bill_address(row.uid),
        mark=drawn(badge), issuer=badge.name, day=exact_day(row.issue_date, year=False),
        figure=money(figure_of(due, row.payable), row.currency), words=words.text, tone=words.tone,
        is_open=is_current, is_copy=row.is_copy, is_new=is_new,
    )  # fmt: skip
