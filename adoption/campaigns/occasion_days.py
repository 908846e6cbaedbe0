"""When the occasion of a campaign came for each account: a first bill, a first letter, a payment, a yearly day."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from delivery.relationship.months_after import months_after
from store.bills.bill import BillRow
from store.campaigns.campaign import Occasion
from store.delivery import Delivery
from store.payments.payment_allocation import PaymentAllocation

#: A contract is new for so long after its first bill.
CONTRACT_DAYS: Final = 45
#: So long after a first letter people have it before them.
FIRST_PAPER_DAYS: Final = 30
#: So long after a payment, and after the yearly day.
MOMENT_DAYS: Final = 14
_POSTED: Final = ("sent", "delivered")
_MONTHS: Final = 12


class AccountDays(NamedTuple):
    """The days of an account that occasions are told by; None where there is none."""

    first_bill: date | None = None
    first_letter: date | None = None
    last_payment: date | None = None


def days_of_accounts(
    session: Session, occasion: Occasion, account_ids: Collection[int], day_of: Callable[[datetime], date]
) -> dict[int, AccountDays]:
    """The days of these accounts, by id; of letters and payments only where the occasion asks for them."""
    bills = select(BillRow.account_id, func.min(BillRow.issue_date)).where(BillRow.account_id.in_(account_ids))
    first_bills = dict(session.execute(bills.group_by(BillRow.account_id)).tuples().all())
    letters = _first_letters(session, account_ids) if occasion == "first_paper" else {}
    payments = _last_payments(session, account_ids) if occasion == "payment" else {}
    return {
        each: AccountDays(
            first_bills.get(each),
            day_of(letters[each]) if each in letters else None,
            day_of(payments[each]) if each in payments else None,
        )
        for each in account_ids
    }


def _first_letters(session: Session, account_ids: Collection[int]) -> dict[int, datetime]:
    query = (
        select(BillRow.account_id, func.min(Delivery.sent_at))
        .join(Delivery, Delivery.bill_id == BillRow.id)
        .where(BillRow.account_id.in_(account_ids), Delivery.channel == "paper", Delivery.state.in_(_POSTED))
        .group_by(BillRow.account_id)
    )
    return {account_id: at for account_id, at in session.execute(query) if at is not None}


def _last_payments(session: Session, account_ids: Collection[int]) -> dict[int, datetime]:
    query = (
        select(BillRow.account_id, func.max(PaymentAllocation.since))
        .join(PaymentAllocation, PaymentAllocation.bill_id == BillRow.id)
        .where(BillRow.account_id.in_(account_ids), PaymentAllocation.until.is_(None), PaymentAllocation.amount > 0)
        .group_by(BillRow.account_id)
    )
    return dict(session.execute(query).tuples().all())


def occasion_day(occasion: Occasion, days: AccountDays, today: date) -> date | None:
    """The day of the occasion that an account has today; None if it has none."""
    match occasion:
        case "any_day":
            return today
        case "contract":
            return _lately(days.first_bill, today, CONTRACT_DAYS)
        case "first_paper":
            return _lately(days.first_letter, today, FIRST_PAPER_DAYS)
        case "payment":
            return _lately(days.last_payment, today, MOMENT_DAYS)
    return _anniversary(days.first_bill, today)


def _lately(day: date | None, today: date, within: int) -> date | None:
    return day if day is not None and day <= today < day + timedelta(days=within) else None


def _anniversary(first: date | None, today: date) -> date | None:
    if first is None or first >= today:
        return None
    years = today.year - first.year
    for year in (years, years - 1):
        day = months_after(first, _MONTHS * year)
        if year > 0 and _lately(day, today, MOMENT_DAYS):
            return day
    return None
