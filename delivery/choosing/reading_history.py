"""Reads what became of accounts' latest bills without paper: seen, posted unread, announced in vain. The risk is found
by it (`delivery.choosing.risk_score`), and so is `AT_RISK`."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.risk_score import ReadingHistory
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.delivery import Delivery, Receipt

#: Bills issued longer ago are not looked at.
LOOKED_AT: Final = timedelta(days=400)


class _Shown(NamedTuple):
    """A bill that was to be read on line."""

    account_id: int
    viewed_at: datetime | None
    posted_at: datetime | None


def reading_histories(
    session: Session, account_ids: Collection[int], now: datetime, calendar: Calendar
) -> dict[int, ReadingHistory]:
    """The reading history of each of these accounts by account id, as of *now*; three queries, however many there
    are."""
    if not account_ids:
        return {}
    since = calendar.day_of(now - LOOKED_AT)
    shown = select(BillRow.account_id, BillRow.viewed_at, BillRow.posted_at).where(
        BillRow.account_id.in_(account_ids), BillRow.issue_date >= since, BillRow.state == "chosen",
        BillRow.channel == "portal",
    )  # fmt: skip
    latest_first = shown.order_by(BillRow.account_id, BillRow.issue_date.desc(), BillRow.id.desc())
    by_account = groupby((_Shown(*row) for row in session.execute(latest_first)), lambda each: each.account_id)
    bills = {account_id: list(group) for account_id, group in by_account}
    bounced = dict(
        session.execute(
            select(BillRow.account_id, func.count())
            .join(Delivery, Delivery.bill_id == BillRow.id)
            .join(Receipt, Receipt.delivery_id == Delivery.id)
            .where(BillRow.account_id.in_(account_ids), BillRow.issue_date >= since, Receipt.kind == "bounced")
            .group_by(BillRow.account_id)
        )
        .tuples()
        .all()
    )
    paperless = select(CustomerAccount.id, CustomerAccount.paperless_since).where(CustomerAccount.id.in_(account_ids))
    return {
        account_id: _history(bills.get(account_id, []), bounced.get(account_id, 0), began, calendar)
        for account_id, began in session.execute(paperless)
    }


def _history(bills: list[_Shown], bounces: int, began: datetime | None, calendar: Calendar) -> ReadingHistory:
    return ReadingHistory(
        shown=len(bills),
        last_read=max((calendar.day_of(bill.viewed_at) for bill in bills if bill.viewed_at), default=None),
        unread_in_row=unread_in_row(bills),
        bounces=bounces,
        without_paper_since=None if began is None else calendar.day_of(began),
    )


def unread_in_row(bills: Iterable[_Shown]) -> int:
    """How many of these bills, the latest first, were posted unread one after the other. One that still waits for its
    reader says nothing yet."""
    unread = 0
    for bill in bills:
        if bill.viewed_at is not None:
            break
        unread += bill.posted_at is not None
    return unread
