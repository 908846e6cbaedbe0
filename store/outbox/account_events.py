"""Events that concern one account of an issuer."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from store.accounts.consumer import holders_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.outbox.outbox_event import record_outbox_event


def record_account_event(
    session: Session, account: CustomerAccount, event_type: str, now: datetime, **data: Any
) -> None:  # fmt: skip
    """Record an event of an account, with *data* beside its id and number."""
    mine = {"account": account.id, "account_number": account.number}
    record_outbox_event(session, account.issuer_id, event_type, mine | data, now)


def record_holder_event(session: Session, account: CustomerAccount, event_type: str, now: datetime) -> None:
    """Record that somebody follows an account from now on, or no longer; who it is, is not told."""
    holders = len(holders_of(session, [account.id]).get(account.id, []))
    record_account_event(session, account, event_type, now, holders=holders)


def record_bill_event(session: Session, bill: BillRow, event_type: str, now: datetime, **data: Any) -> None:
    """Record an event of a bill, with *data* beside its number and account."""
    account = session.get_one(CustomerAccount, bill.account_id)
    record_account_event(session, account, event_type, now, bill_number=bill.number, **data)
