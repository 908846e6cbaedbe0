"""Keeps the reminders to one household few, whoever its issuers are: of several, those of the bills due soonest win.

Decided when reminders are sent, since only then it is known which are still needed. Only reminders are dropped, never a
notice or a letter: a bill whose reminder was dropped is posted if nobody sees it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from bill import Reason
from delivery.reminders.bill_reminders import is_reminder
from store.base import db_now
from store.bills.bill import BillRow
from store.customers.household import HouseholdMember
from store.db.advisory_locks import HOUSEHOLD, lock_numbers
from store.delivery import Delivery

#: So many reminders go to one household within DAYS days. One that reminds several holders of one bill is one.
MOST: Final = 3
DAYS: Final = 7


class _Reminder(NamedTuple):
    """A reminder of a bill, to whomever it goes; they are sorted by what is due soonest."""

    due: date
    bill_id: int
    purpose: str


def reminders_too_many(session: Session, reminders: Sequence[tuple[Delivery, BillRow]], now: datetime) -> set[int]:
    """Return the ids of those of these reminders, all about to be sent, that their households have no place for.

    Locks the households until the transaction ends: lease the others in it. Four queries, however many there are.
    """
    if not reminders:
        return set()
    household = _households(session, {bill.account_id for _, bill in reminders})
    lock_numbers(session, HOUSEHOLD, household.values())
    mates = _mates(session, household)
    sent, waiting = _by_household(session, mates, _is_spent(now)), _by_household(session, mates, _is_needed(now))
    asked = {delivery.id: (household[bill.account_id], _reminder(delivery, bill)) for delivery, bill in reminders}
    for where, reminder in asked.values():
        waiting[where].add(reminder)
    places = {where: _places(sent[where], waiting[where]) for where in waiting}
    return {delivery_id for delivery_id, (where, reminder) in asked.items() if reminder not in places[where]}


def _places(sent: set[_Reminder], waiting: set[_Reminder]) -> set[_Reminder]:
    """Those that were sent lately, and those that wait and for which there is still place, the ones due soonest."""
    return sent | set(sorted(waiting - sent)[: max(MOST - len(sent), 0)])


def why_too_many() -> Reason:
    """Return the reason for which a reminder is dropped."""
    return Reason.of("reminders_enough", reminders=MOST, days=DAYS)


def _reminder(delivery: Delivery, bill: BillRow) -> _Reminder:
    return _Reminder(bill.due_date or date.max, bill.id, delivery.purpose)


def _is_spent(now: datetime) -> ColumnElement[bool]:
    """SQL condition: it was sent within DAYS days, or is about to be, perhaps again."""
    begun = or_(Delivery.attempts > 0, Delivery.lease_until > db_now())
    return or_(
        Delivery.sent_at > now - timedelta(days=DAYS),
        Delivery.state.in_(["attempting", "in_doubt"]),
        and_(Delivery.state.in_(["waiting", "ready"]), begun),
    )


def _is_needed(now: datetime) -> ColumnElement[bool]:
    """SQL condition: it is due, and its bill, as far as the row tells, still asks to be paid."""
    is_due = and_(Delivery.state.in_(["waiting", "ready"]), Delivery.due_at <= now)
    return and_(is_due, BillRow.to_pay > 0, BillRow.said_paid_at.is_(None))


def _households(session: Session, account_ids: Collection[int]) -> dict[int, int]:
    """The household of each account, by account id; an account whose household is still to be found is one."""
    query = select(HouseholdMember.account_id, HouseholdMember.household_id)
    found = dict(session.execute(query.where(HouseholdMember.account_id.in_(account_ids))).tuples().all())
    return {account_id: found.get(account_id) or account_id for account_id in account_ids}


def _mates(session: Session, household: Mapping[int, int]) -> dict[int, int]:
    """The households of all accounts in them, by account id."""
    query = select(HouseholdMember.account_id, HouseholdMember.household_id)
    mates = session.execute(query.where(HouseholdMember.household_id.in_(set(household.values())))).tuples().all()
    return {**{account_id: each for account_id, each in mates if each is not None}, **household}


def _by_household(
    session: Session, mates: Mapping[int, int], condition: ColumnElement[bool]
) -> defaultdict[int, set[_Reminder]]:
    query = (
        select(BillRow.account_id, BillRow.id, BillRow.due_date, Delivery.purpose)
        .join(Delivery, Delivery.bill_id == BillRow.id)
        .where(BillRow.account_id.in_(mates), is_reminder(), condition)
    )
    found: defaultdict[int, set[_Reminder]] = defaultdict(set)
    for account_id, bill_id, due, purpose in session.execute(query):
        found[mates[account_id]].add(_Reminder(due or date.max, bill_id, purpose))
    return found
