"""Ends the yearly questions that nobody has answered in time, as the law file has it."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bill import Reason
from consumers.suitability_wording import SUITABILITY
from delivery.calendar.postal_calendar import Calendar
from delivery.delivery_articles import laws_of
from delivery.law.sector_law import SectorLaw
from delivery.suitability.check_dates import a_year_before
from delivery.waiting_letters import post_waiting_letters
from store.accounts.consent import give
from store.accounts.customer_account import CustomerAccount
from store.accounts.suitability_event import SuitabilityAct, SuitabilityEvent, append_suitability, is_open_question
from store.bills.bill import BillRow
from store.db.event import record

#: Questions that are ended in one transaction.
GROUP: Final = 200
UNANSWERED: Final = Reason("suitability_unanswered")


def close_unanswered(session: Session, now: datetime, calendar: Calendar) -> int:
    """End questions whose day is over. Returns how many; call again until it is 0.

    Where the law file says so, the account goes back to paper, and its bills that nobody has seen are posted: always,
    or unless somebody has looked at a bill within the year.
    """
    overdue = select(SuitabilityEvent).where(is_open_question(), SuitabilityEvent.due_on < calendar.day_of(now))
    questions = session.scalars(overdue.order_by(SuitabilityEvent.id).limit(GROUP)).all()
    accounts = _accounts(session, questions)
    laws = laws_of(session, {account.issuer_id for account in accounts.values()})
    for question in questions:
        account = accounts[question.account_id]
        _close(session, question, account, laws[account.issuer_id], now, calendar)
    return len(questions)


def _accounts(session: Session, questions: Sequence[SuitabilityEvent]) -> dict[int, CustomerAccount]:
    mine = CustomerAccount.id.in_([question.account_id for question in questions])
    return {account.id: account for account in session.scalars(select(CustomerAccount).where(mine))}


def _close(
    session: Session, question: SuitabilityEvent, account: CustomerAccount, law: SectorLaw, now: datetime,
    calendar: Calendar,
) -> None:  # fmt: skip
    is_seen = _was_seen(session, account.id, question.due_on, calendar)
    act: SuitabilityAct = "seen" if is_seen else "unseen"
    append_suitability(
        session, account.id, question.due_on, act, now, wording=SUITABILITY.version, way="road",
        article=law.unanswered_check.article,
    )  # fmt: skip
    record(session, "account", account.id, f"suitability {act}", now, why=UNANSWERED)
    ending = law.unanswered_check.value
    if account.paperless and (ending == "paper" or (ending == "paper_unless_seen" and not is_seen)):
        _send_paper(session, account, now)


def _send_paper(session: Session, account: CustomerAccount, now: datetime) -> None:
    """Go back to paper, by nobody's act: nobody has shown that the bills can be read."""
    given = give(session, account, None, "paper", now, SUITABILITY.version, basis="no_reader", way="road", by="road")
    if given:
        post_waiting_letters(session, [account.id], UNANSWERED, now)


def _was_seen(session: Session, account_id: int, due_on: date, calendar: Calendar) -> bool:
    since = calendar.at(a_year_before(due_on), time.min)
    seen = exists().where(BillRow.account_id == account_id, BillRow.viewed_at >= since)
    return session.scalar(select(seen)) or False
