"""A bill as a row of the list: its figure and where it stands. Pure."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bill import AmountDue
from portal.due_words import Words, figure_of, words_of
from store.bill import BillRow


class Listed(NamedTuple):
    """*is_open*: its reader has something to do."""

    figure: Decimal
    words: Words
    is_open: bool


def listed(row: BillRow, due: AmountDue, today: date) -> Listed:
    is_current = due.is_current(today, row.issue_date)
    return Listed(figure_of(due, row.payable), words_of(due, short=True, is_current=is_current), is_current)
