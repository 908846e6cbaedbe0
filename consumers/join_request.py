"""Requests to join an account: somebody with an old letter asks the present holders, and one of them may accept."""

from datetime import datetime

from sqlalchemy.orm import Session

from bill import Reason
from store.accounts.consumer import Consumer, enrol, holders_of, is_holder
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import (
    close_asking,
    is_asked,
    notify_holder,
    notify_other_holders,
    shortened_name,
)
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.outbox.account_events import record_holder_event


def ask_to_join(session: Session, account_id: int, asker: Consumer, now: datetime) -> int:
    """Ask every holder whether *asker* may hold the account too; asks once. *asker* has proved by a letter's code to
    live at its address. Returns how many were asked. Send the wake-up signal after the commit."""
    account = session.get_one(CustomerAccount, account_id, with_for_update=ROW_LOCK, populate_existing=True)
    holders = holders_of(session, [account.id]).get(account.id, [])
    unasked = [each for each in holders if not is_asked(session, each.id, account.id, asker.id)]
    for holder in unasked:
        notify_holder(session, holder.id, account, "asks", asker.name, now, asker.id)
    return len(unasked)


def accept_join_request(
    session: Session, account: CustomerAccount, holder: Consumer, asker_id: int, now: datetime
) -> bool:
    """A holder accepts: the asker holds the account, and all holders are notified. Returns False if nobody asks, or
    *holder* is no holder."""
    session.get_one(CustomerAccount, account.id, with_for_update=ROW_LOCK, populate_existing=True)
    if not is_holder(session, account.id, holder.id):
        return False
    if not is_asked(session, holder.id, account.id, asker_id):
        return False
    close_asking(session, account.id, asker_id, now)
    if not enrol(session, asker_id, account.id, now):
        return False
    asker = session.get_one(Consumer, asker_id)
    why = Reason.of("welcomed", consumer_id=holder.id)
    record(session, "account", account.id, "enrolled", now, by=f"consumer {asker_id}", why=why)
    record_holder_event(session, account, "account.claimed", now)
    notify_holder(session, asker_id, account, "welcomed", shortened_name(holder.name), now)
    notify_other_holders(session, account, asker, "joined", now, but=holder.id)
    return True
