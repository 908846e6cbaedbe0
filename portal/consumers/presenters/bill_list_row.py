"""A bill as a row of the list: its amount and payment status. Pure."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bill import AmountDue
from portal.presenters.amount_due_text import AmountDueText, amount_due_text, figure_of
from store.bills.bill import BillRow


class BillListRow(NamedTuple):
    """*is_open* says whether the reader still has something to do."""

    figure: Decimal
    words: AmountDueText
    is_open: bool


def bill_list_row(row: BillRow, due: AmountDue, today: date) -> BillListRow:
    """Returns the row of a bill in a list."""
    is_current = due.is_current(today, row.issue_date)
    return BillListRow(figure_of(due, row.payable), amount_due_text(due, short=True, is_current=is_current), is_current)
