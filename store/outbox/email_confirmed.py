"""The event that a holder of an account has confirmed an e-mail address."""

from datetime import datetime

from sqlalchemy.orm import Session

from store.accounts.consumer import accounts_of
from store.outbox.account_events import record_account_event


def tell_email_confirmed(session: Session, consumer_id: int, at: datetime) -> None:
    """Record the event for each account that the consumer holds."""
    for account in accounts_of(session, consumer_id):
        record_account_event(session, account, "account.email_confirmed", at, actor="holder")
