"""Accounts as they stood when a month ended, counted by issuer (`adoption.facts` says what each figure means)."""

from datetime import date, datetime, time, tzinfo
from typing import Final

from sqlalchemy import ColumnElement, Integer, case, exists, func, select
from sqlalchemy.orm import Session

from adoption.bill_figures import COUNTED, RELEASED
from adoption.months import earlier, later
from store.account import CustomerAccount
from store.bill import BillRow
from store.consent import Consent
from store.consumer import Enrolment
from store.feed import Feed

ACTIVE_MONTHS: Final = 13


def accounts_at_end(session: Session, month: date, zone: tzinfo) -> dict[int, dict[str, int]]:
    """Accounts, enrolled and paperless by issuer, at the midnight in *zone* with which the month ends."""
    end = datetime.combine(later(month), time.min, zone)
    query = (
        select(
            CustomerAccount.issuer_id,
            func.count().label("accounts"),
            func.sum(case((_is_held_at(end), 1), else_=0), type_=Integer).label("enrolled"),
            func.sum(case((_last_act_before(end) == "paperless", 1), else_=0), type_=Integer).label("paperless"),
        )
        .where(_is_active(month))
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
        .where(Feed.id == BillRow.feed_id, Feed.state.in_(RELEASED))
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
