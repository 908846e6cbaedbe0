"""Checks the clock of a return to paper: a bill released after the promised day went on paper."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from audit.invariant_violations import Violations, told_apart
from delivery.calendar.postal_calendar import Calendar
from delivery.paper_again_deadline import promised_day
from store.accounts.consent import Consent
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.feeds.feed import Feed


def paper_refused(session: Session, calendar: Calendar) -> Violations:
    """Bills of accounts that asked for paper, released after the day by which it was promised, and not on paper: id,
    number and that day."""
    later = aliased(Consent)
    is_last = ~exists().where(later.account_id == Consent.account_id, later.id > Consent.id)
    since = (
        select(BillRow.id, BillRow.number, Consent.at, Feed.released_at, CustomerAccount)
        .join(CustomerAccount, CustomerAccount.id == Consent.account_id)
        .join(BillRow, BillRow.account_id == Consent.account_id)
        .join(Feed, Feed.id == BillRow.feed_id)
        .where(Consent.act == "paper", is_last, BillRow.channel == "portal", Feed.released_at > Consent.at)
        .order_by(BillRow.id)
    )
    found = [
        (bill_id, number, by)
        for bill_id, number, asked_at, released_at, account in session.execute(since)
        if released_at is not None
        and calendar.day_of(released_at) > (by := promised_day(session, account, asked_at, calendar))
    ]
    return told_apart(session, found, BillRow.id)
