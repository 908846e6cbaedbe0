"""Leave an account: the consumer no longer holds it. When the last holder leaves, it goes back to paper."""

from datetime import datetime

from sqlalchemy.orm import Session

from consumers.mandate_endings import end_mandate_of_signer
from consumers.paperless_consent import BACK_TO_PAPER
from store.accounts.consent import give
from store.accounts.consumer import Consumer, end_holding, holders_of
from store.accounts.customer_account import CustomerAccount
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.outbox.account_events import record_holder_event


def leave_account(session: Session, account: CustomerAccount, consumer: Consumer, now: datetime) -> bool:
    """End the consumer's enrolment. When the last holder leaves, the account goes back to paper, since nobody would see
    its bills. A mandate that they signed ends (wake the workers). Returns False if the consumer did not hold it."""
    # Locked, so that of two who leave at once the second is the last.
    session.get_one(CustomerAccount, account.id, with_for_update=ROW_LOCK, populate_existing=True)
    if not end_holding(session, consumer.id, account.id, now):
        return False
    record(session, "account", account.id, "left", now, by=f"consumer {consumer.id}")
    record_holder_event(session, account, "account.left", now)
    end_mandate_of_signer(session, account.id, consumer.id, now)
    if not holders_of(session, [account.id]):
        give(session, account, consumer.id, "paper", now, BACK_TO_PAPER.version, basis="no_reader")
    return True
