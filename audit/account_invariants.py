"""Invariants of customer accounts: account questions, provisional accounts, joined accounts, and what is kept of their
consents."""

from sqlalchemy import exists, func, or_, select

from audit.invariant_violations import Question
from store.accounts.account_question import AccountQuestion
from store.accounts.consent import Consent
from store.accounts.consumer import Enrolment
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.delivery import Delivery


def questions_of_nothing() -> Question:
    """Open account questions whose other account does not wait for a decision."""
    waits = exists().where(
        CustomerAccount.id == AccountQuestion.other_id, CustomerAccount.standing.in_(["provisional", "split"])
    )
    return select(AccountQuestion.id).where(AccountQuestion.state == "open", ~waits)


def provisional_unasked() -> Question:
    """Provisional accounts without an open question."""
    asked = exists().where(AccountQuestion.other_id == CustomerAccount.id, AccountQuestion.state == "open")
    waiting = CustomerAccount.standing.in_(["provisional", "split"])
    return select(CustomerAccount.id, CustomerAccount.value).where(waiting, ~asked)


def provisional_off_paper() -> Question:
    """Provisional accounts that are paperless or have a chosen bill without a letter."""
    letter = exists().where(Delivery.bill_id == BillRow.id, Delivery.channel == "paper")
    return (
        select(CustomerAccount.id, BillRow.number).outerjoin(BillRow, BillRow.account_id == CustomerAccount.id)
        .where(CustomerAccount.standing == "provisional")
        .where(CustomerAccount.paperless | ((BillRow.state == "chosen") & ~letter))
    )  # fmt: skip


def bills_left_behind() -> Question:
    """Joined accounts that still have bills or holders."""
    bills = exists().where(BillRow.account_id == CustomerAccount.id)
    holders = exists().where(Enrolment.account_id == CustomerAccount.id, Enrolment.ended_at.is_(None))
    return select(CustomerAccount.id).where(CustomerAccount.standing == "joined", bills | holders)


def paperless_against_consents() -> Question:
    """Accounts whose `paperless` and `paperless_since` are not what their last consent says; an account without any
    gets paper."""
    last = select(Consent).where(Consent.account_id == CustomerAccount.id)
    last = last.order_by(Consent.at.desc(), Consent.id.desc()).limit(1).correlate(CustomerAccount)
    act = func.coalesce(last.with_only_columns(Consent.act).scalar_subquery(), "paper")
    at = last.with_only_columns(Consent.at).scalar_subquery()
    is_paperless = CustomerAccount.paperless
    wrong = or_(
        is_paperless & ((act != "paperless") | CustomerAccount.paperless_since.is_distinct_from(at)),
        ~is_paperless & ((act == "paperless") | CustomerAccount.paperless_since.is_not(None)),
    )
    given = exists().where(Consent.account_id == CustomerAccount.id)
    return select(CustomerAccount.id, CustomerAccount.value).where(is_paperless | given, wrong)
