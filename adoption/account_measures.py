"""Counts accounts: active, enrolled and paperless, for each account and for all at the end of a month.

`adoption.monthly_facts` defines each figure.
"""

from collections.abc import Collection
from datetime import date, datetime, time, tzinfo

from sqlalchemy import ColumnElement, Integer, case, exists, func, select
from sqlalchemy.orm import Session

from adoption.account_month_changes import ACTIVE_MONTHS, ConsentAct, Hold, pack_steps, steps_of
from adoption.calendar_months import earlier, later
from store.accounts.consent import Consent
from store.accounts.consumer import Enrolment
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.facts.counted_contribution import OfAccount, months_of_accounts
from store.facts.fact_trigger import COUNTED
from store.feeds.feed import OUT, Feed
from store.issuer import of_issuer


def account_figures(session: Session, account_ids: Collection[int], zone: tzinfo) -> dict[int, OfAccount]:
    """Return what each of these accounts adds to its issuer's figures, from its counted bills, enrolments and consents.
    Accounts without counted bills are left out."""
    billed = months_of_accounts(session, account_ids)
    issuers = select(CustomerAccount.id, CustomerAccount.issuer_id).where(CustomerAccount.id.in_(list(billed)))
    holds, acts = _holds_of(session, billed), _acts_of(session, billed)
    steps = {
        each: steps_of(months, holds.get(each, []), acts.get(each, []), zone) for each, months in billed.items()
    }  # fmt: skip
    return {each: OfAccount(issuer_id, pack_steps(steps[each])) for each, issuer_id in session.execute(issuers)}


def _holds_of(session: Session, account_ids: Collection[int]) -> dict[int, list[Hold]]:
    query = select(Enrolment.account_id, Enrolment.enrolled_at, Enrolment.ended_at)
    holds: dict[int, list[Hold]] = {}
    for account_id, since, until in session.execute(query.where(Enrolment.account_id.in_(account_ids))):
        holds.setdefault(account_id, []).append(Hold(since, until))
    return holds


def _acts_of(session: Session, account_ids: Collection[int]) -> dict[int, list[ConsentAct]]:
    query = select(Consent.account_id, Consent.at, Consent.id, Consent.act)
    acts: dict[int, list[ConsentAct]] = {}
    for account_id, at, n, act in session.execute(query.where(Consent.account_id.in_(account_ids))):
        acts.setdefault(account_id, []).append(ConsentAct(at, n, act))
    return acts


def accounts_at_end(session: Session, month: date, zone: tzinfo) -> dict[int, dict[str, int]]:
    """Return the accounts, enrolled and paperless of each issuer at the end of *month*, midnight in *zone*."""
    end = datetime.combine(later(month), time.min, zone)
    query = (
        select(
            CustomerAccount.issuer_id,
            func.count().label("accounts"),
            func.sum(case((_is_held_at(end), 1), else_=0), type_=Integer).label("enrolled"),
            func.sum(case((_last_act_before(end) == "paperless", 1), else_=0), type_=Integer).label("paperless"),
        )
        .where(_is_active(month), of_issuer(CustomerAccount.issuer_id, None))
        .group_by(CustomerAccount.issuer_id)
    )
    return {
        row.issuer_id: {"accounts": row.accounts, "enrolled": row.enrolled, "paperless": row.paperless}
        for row in session.execute(query)
    }


def _is_active(month: date) -> ColumnElement[bool]:
    return (
        exists()
        .where(BillRow.account_id == CustomerAccount.id, BillRow.state.in_(COUNTED))
        .where(BillRow.issue_date >= earlier(month, ACTIVE_MONTHS - 1), BillRow.issue_date < later(month))
        .where(Feed.id == BillRow.feed_id, Feed.state.in_(OUT))
        .correlate(CustomerAccount)
    )


def _is_held_at(end: datetime) -> ColumnElement[bool]:
    return (
        exists()
        .where(Enrolment.account_id == CustomerAccount.id, Enrolment.enrolled_at < end)
        .where(Enrolment.ended_at.is_(None) | (Enrolment.ended_at >= end))
        .correlate(CustomerAccount)
    )


def _last_act_before(end: datetime) -> ColumnElement[str | None]:
    return (
        select(Consent.act)
        .where(Consent.account_id == CustomerAccount.id, Consent.at < end)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
        .correlate(CustomerAccount)
        .scalar_subquery()
    )
