"""An heir's access to an account ends: by a named person's decision, or because the customer has not died after all."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.consumer import end_holding
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import notify_holder
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.heirs.heir import Heir, close_heir, open_heirs_of_accounts
from store.outbox.account_events import record_holder_event


def end_heir(session: Session, heir_id: int, by: str, reason: str, now: datetime) -> bool:
    """End an heir's access; they are told by mail and on their page (send the wake-up signal after the commit). Returns
    False if it has ended already."""
    heir = session.get_one(Heir, heir_id)
    account = session.get_one(CustomerAccount, heir.account_id, with_for_update=ROW_LOCK, populate_existing=True)
    if not close_heir(session, heir.consumer_id, account.id, now, by, reason):
        return False
    end_holding(session, heir.consumer_id, account.id, now, by)
    append_notice(session, NewNotice(
        account_id=account.id, kind="heir_ended", at=now, consumer_id=heir.consumer_id, by=by, channel="staff",
        basis="decision", words=reason,
    ))  # fmt: skip
    for subject, number in (("account", account.id), ("consumer", heir.consumer_id)):
        record(session, subject, number, "heir ended", now, by=by, why=reason)
    record_holder_event(session, account, "account.left", now, "operator")
    notify_holder(session, heir.consumer_id, account, "heir_ended", account.holder, now)
    return True


def end_heirs_of_living(
    session: Session, account_ids: Collection[int], by: str, reason: str, now: datetime
) -> int:  # fmt: skip
    """End every heir's access to these accounts, whose customers have not died after all. Returns how many."""
    heirs = [each.id for each in open_heirs_of_accounts(session, account_ids)]
    return sum(end_heir(session, each, by, reason, now) for each in heirs)
