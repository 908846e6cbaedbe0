"""The bill that a route is about: one of an account that the consumer holds, and their look at it."""

from collections.abc import Sequence

from flask import abort

from delivery.feedback.views_bounces_returns import bill_looked_at
from delivery.feedback.what_counts_as_seen import Look
from portal import app_context
from portal.access import current_user
from portal.consumers.presenters.bill_page.bill_timeline import looks_of
from portal.fetched_by_itself import is_fetched_by_itself
from store.accounts.consumer import last_seen_on, note_seen
from store.bills.bill import BillRow
from store.bills.bills_of_consumer import bill_of_consumer
from store.delivery import Delivery
from store.issuer import Issuer


def held_bill(uid: str) -> tuple[BillRow, Issuer]:
    """Returns the bill and its issuer if the consumer holds its account; else aborts with 404."""
    found = bill_of_consumer(app_context.reading(), current_user.consumer_id(), uid)
    return found or abort(404)


def note_look(row: BillRow, deliveries: Sequence[Delivery]) -> None:
    """Record this holder's first look at the bill: from the first of all on, no reminder or letter is needed. Record
    too that they were here today. Nothing that a program fetches by itself is a look."""
    me, today = current_user.consumer_id(), app_context.today()
    look = Look("machine" if is_fetched_by_itself() else "holder", me)
    if not look.counts:
        return
    is_news = me not in looks_of(deliveries)
    if not is_news and last_seen_on(app_context.reading(), me, row.account_id) == today:
        return
    with app_context.store().writing() as session:
        note_seen(session, me, row.account_id, today)
        if is_news:
            bill_looked_at(session, session.get_one(BillRow, row.id), look, app_context.now(), app_context.calendar())
