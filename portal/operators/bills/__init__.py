"""Bills as staff see them: found, traced from their feed to the letter box, shown on paper, taken back, sent
again."""

from typing import Final

from flask import Blueprint

from portal.operators.bills import bill_paper, bill_trace, find_bill, recall_bill, send_bill_again

#: The blueprint of all of these routes, once its modules have added theirs.
pages: Final[Blueprint] = bill_trace.pages

__all__ = ["bill_paper", "bill_trace", "find_bill", "pages", "recall_bill", "send_bill_again"]
