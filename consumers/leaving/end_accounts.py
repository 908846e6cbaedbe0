"""A person who leaves holds no contract any more: each goes back to paper where they were its last holder."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consumers.leave_account import leave_account
from consumers.leaving.leaving_step import rows_of
from consumers.mandate_endings import end_mandate_of_signer
from store.accounts.consumer import Consumer, Enrolment, end_holding
from store.accounts.customer_account import CustomerAccount
from store.accounts.holder_dispute import Dispute
from store.accounts.joint_holder_notice import HolderNotice
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.issuer import Issuer
from store.payments.payment_plan import PlanRequest


def leave_all_accounts(session: Session, consumer_id: int, now: datetime) -> int:
    """Leave every account that the consumer holds, but those of their own documents, which stay until they are erased.
    Accounts from which they are suspended are left too: the bar stays, so that nobody comes back by leaving."""
    consumer = session.get_one(Consumer, consumer_id)
    mine = (
        select(Enrolment.account_id)
        .join(CustomerAccount, CustomerAccount.id == Enrolment.account_id)
        .join(Issuer, Issuer.id == CustomerAccount.issuer_id)
        .where(Enrolment.consumer_id == consumer_id, Enrolment.ended_at.is_(None), Issuer.private_to.is_(None))
    )
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


def end_disputes(session: Session, consumer_id: int, now: datetime) -> int:
    """End the disputes in which this consumer is the suspended holder: they have left, and the earlier one stays."""
    mine = select(Dispute.id).where(Dispute.later_id == consumer_id, Dispute.state == "open").order_by(Dispute.id)
    by = f"consumer {consumer_id}"
    ended = [
        change_state(session, Dispute, each, "open", "removed", now, by=by, decided_by=by, settled_at=now)
        for each in session.scalars(mine).all()
    ]
    return sum(ended)


def withdraw_plan_requests(session: Session, consumer_id: int, now: datetime) -> int:
    """Withdraw the requests to pay in parts that wait for their answer. A plan that was granted is agreed with the
    issuer, and stays."""
    mine = (PlanRequest.consumer_id == consumer_id, PlanRequest.state == "asked")
    by = f"consumer {consumer_id}"
    ended = [
        change_state(session, PlanRequest, each, "asked", "withdrawn", now, by=by, settled_at=now)
        for each in session.scalars(select(PlanRequest.id).where(*mine).order_by(PlanRequest.id)).all()
    ]
    return sum(ended)
