"""The bill that a page of staff's is about, where it may be seen."""

from flask import abort

from portal import app_context
from portal.access import staff_scope
from store.bills.bill import PRESENTABLE, BillRow
from store.feeds.feed import OUT, Feed


def traced_bill(bill_id: int) -> tuple[BillRow, Feed]:
    """Returns a released bill and its feed. Aborts with 404 if there is none or it is not in the visitor's scope."""
    session = app_context.reading()
    bill = session.get(BillRow, bill_id)
    feed = session.get(Feed, bill.feed_id) if bill else None
    if bill is None or feed is None or feed.state not in OUT:
        abort(404)
    staff_scope.check(bill.issuer_id)
    return bill, feed


def archived_bill(bill_id: int) -> BillRow:
    """Returns a bill that has its PDF. Aborts with 404 if there is none or it is not in the visitor's scope."""
    bill, _ = traced_bill(bill_id)
    return bill if bill.state in PRESENTABLE else abort(404)
