"""A holder's return to paper, as a whole: the withdrawal, the letters that need not wait any more, the day that is
promised, and the e-mail that confirms it."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Reason
from consumers.paperless_consent import back_to_paper
from delivery.calendar.postal_calendar import Calendar
from delivery.paper_again_deadline import promised_day
from delivery.suitability.answer_check import answer_check
from delivery.waiting_letters import post_waiting_letters
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.event import record_all
from store.db.row_locks import lock_rows
from store.delivery import Delivery
from store.job import request_job

WITHDRAWN = Reason("paper_after_withdrawal")


def return_to_paper(
    session: Session, account: CustomerAccount, consumer: Consumer, now: datetime, calendar: Calendar | None = None
) -> date | None:
    """Send paper again, free of charge: bills chosen from now on, and at once those that nobody has seen. Returns the
    day by which that is promised, or None if the account had paper already. Raises NotAHolder. Send the wake-up signal
    after the commit."""
    answer_check(session, account, consumer, "paper", now)
    if not back_to_paper(session, account, consumer, now):
        return None
    post_unread_bills(session, account.id, now)
    by = promised_day(session, account, now, calendar or Calendar())
    particulars = {"account_id": account.id, "consumer_id": consumer.id, "by": by.isoformat()}
    request_job(session, "paper_again", particulars, now)
    return by


def post_unread_bills(session: Session, account_id: int, now: datetime) -> int:
    """Bring forward the letters of this account's unread bills, and cancel the reminders of what is posted now. Returns
    the number of letters."""
    letters = post_waiting_letters(session, [account_id], WITHDRAWN, now)
    posted = select(BillRow.id).where(BillRow.account_id == account_id, BillRow.viewed_at.is_(None))
    reminders = (Delivery.bill_id.in_(posted), Delivery.purpose.like("remind-%"))
    ids = lock_rows(session, Delivery, *reminders, Delivery.state.in_(["waiting", "ready"]))
    if ids:
        cancelled = update(Delivery).where(Delivery.id.in_(ids)).values(state="cancelled", reason=WITHDRAWN)
        session.execute(cancelled, execution_options={"synchronize_session": False})
        record_all(session, "delivery", ids, "cancelled", now, why=WITHDRAWN)
    return letters
