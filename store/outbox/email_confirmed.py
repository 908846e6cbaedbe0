"""The event that a holder of an account has confirmed an e-mail address."""

from datetime import datetime

from sqlalchemy.orm import Session

from store.accounts.consumer import accounts_of
from store.outbox.outbox_event import record_outbox_event


def tell_email_confirmed(session: Session, consumer_id: int, at: datetime) -> None:
    """Record the event for each account that the consumer holds."""
    for account in accounts_of(session, consumer_id):
        data = {"account": account.id, "account_number": account.number}
        record_outbox_event(session, account.issuer_id, "account.email_confirmed", data, at)
