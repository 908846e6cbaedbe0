"""A person who leaves holds no contract any more: each goes back to paper where they were its last holder."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consumers.leave_account import leave_account
from consumers.leaving.leaving_step import rows_of
from consumers.mandate_endings import end_mandate_of_signer
from store.accounts.consumer import Consumer, Enrolment, end_holding
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import HolderNotice
from store.db.row_locks import lock_rows


def leave_all_accounts(session: Session, consumer_id: int, now: datetime) -> int:
    """Leave every account that the consumer holds. Accounts from which they are suspended are left too: the bar stays,
    so that nobody comes back by leaving."""
    consumer = session.get_one(Consumer, consumer_id)
    mine = select(Enrolment.account_id).where(Enrolment.consumer_id == consumer_id, Enrolment.ended_at.is_(None))
    account_ids = lock_rows(session, CustomerAccount, CustomerAccount.id.in_(mine))
    barred = set(session.scalars(mine.where(Enrolment.suspended_at.is_not(None))))
    for account_id in account_ids:
        if account_id in barred:
            end_holding(session, consumer_id, account_id, now)
            end_mandate_of_signer(session, account_id, consumer_id, now)
        else:
            leave_account(session, session.get_one(CustomerAccount, account_id), consumer, now)
    return len(account_ids)


def withdraw_join_requests(session: Session, consumer_id: int, now: datetime) -> int:
    """Dismiss what this consumer asked of other holders: to hold their account too."""
    asked = (HolderNotice.asker_id == consumer_id, HolderNotice.seen_at.is_(None))
    return rows_of(session.execute(update(HolderNotice).where(*asked).values(seen_at=now)))
