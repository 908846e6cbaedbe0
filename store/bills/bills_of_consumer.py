"""The bills that one consumer may see: the list with its search, one bill, and those still to be paid."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, Date, Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session, undefer

from bill import CREDIT_NOTE_TYPES
from store.accounts.consumer import Enrolment, is_in_force
from store.bills.bill import PRESENTABLE, BillRow
from store.bills.bill_filter import EVERYTHING, BillFilter
from store.bills.filtered_bills import ListKey, newest_filtered, to_pay_by_hand
from store.bills.listed_bill import LISTED, ListedBill
from store.db.constant_in_sql import is_one_of
from store.issuer import Issuer, issuers_by_id

#: A consumer with more contracts of one kind than these has none of them doubled by mistake.
_MOST_OF_SAME_DAYS: Final = 4


def bills_of_consumer(
    session: Session, consumer_id: int, only: BillFilter = EVERYTHING, before: ListKey | None = None, limit: int = 20
) -> list[tuple[BillRow, Issuer]]:
    """A consumer's bills that the filter leaves, with their issuers, newest first, by keyset (*before* is the last
    row's issue date and id). Of unpaid bills some may turn out to be paid by others (`payments.amounts_due`)."""
    bills = session.scalars(*newest_filtered(session, consumer_id, only, (BillRow,), limit, before)).all()
    issuers = issuers_by_id(session, {bill.issuer_id for bill in bills})
    return [(bill, issuers[bill.issuer_id]) for bill in bills]


def listed_bills(
    session: Session, consumer_id: int, only: BillFilter = EVERYTHING, before: ListKey | None = None, limit: int = 20
) -> list[ListedBill]:
    """The same bills as a list shows them."""
    rows = newest_filtered(session, consumer_id, only, LISTED, limit, before).rows(session)
    return [ListedBill(*row) for row in rows]


def issue_dates(session: Session, consumer_id: int, only: BillFilter, limit: int) -> list[date]:
    """The issue dates of the consumer's newest bills that the filter leaves, newest first, without reading more."""
    rows = newest_filtered(session, consumer_id, only, _ISSUE_DATE, limit).rows(session)
    return [day for (day,) in rows]


_ISSUE_DATE: Final = (BillRow.issue_date,)


class RecentBill(NamedTuple):
    """A bill that came lately, as far as a list of issuers needs it."""

    id: int
    issuer_id: int
    received_at: datetime
    channel: str | None


def recent_bills(session: Session, consumer_id: int, since: date, limit: int) -> list[RecentBill]:
    """The consumer's bills issued on or after this day, newest first, *limit* at most."""
    query = newest_filtered(session, consumer_id, EVERYTHING, _RECENT, limit, days=(since, date.max))
    return [RecentBill(*row) for row in query.rows(session)]


_RECENT: Final = (BillRow.id, BillRow.issuer_id, BillRow.received_at, BillRow.channel)


def bill_of_consumer(session: Session, consumer_id: int, uid: str) -> tuple[BillRow, Issuer] | None:
    """One whole bill with its issuer, if this consumer holds its account; otherwise None ("not yours" looks like "not
    there")."""
    query = _held_by(consumer_id).where(BillRow.uid == uid).options(undefer(BillRow.content))
    row = session.execute(query).first()
    return None if row is None else (row[0], row[1])


def shown_to(session: Session, consumer_id: int, issuer_id: int, numbers: Collection[str]) -> dict[str, BillRow]:
    """The issuer's bills with these numbers that this consumer may see, by number."""
    if not numbers:
        return {}
    query = _held_by(consumer_id).where(BillRow.issuer_id == issuer_id, BillRow.number.in_(numbers))
    return {row.number: row for row, _ in session.execute(query)}


def bills_of_same_days(session: Session, consumer_id: int, row: BillRow) -> list[tuple[BillRow, Issuer]]:
    """Whole bills, newest first, of the other accounts that this consumer holds, that bill consumption in the unit of
    *row* for some of its days. Empty where *row* bills no consumption or its days are not known."""
    if not row.used_unit or row.used_from is None or row.used_to is None:
        return []
    query = (
        _held_by(consumer_id)
        .where(BillRow.account_id != row.account_id, BillRow.used_unit == row.used_unit)
        .where(BillRow.used_from <= row.used_to, BillRow.used_to >= row.used_from)
        .where(~is_one_of(BillRow.type_code, CREDIT_NOTE_TYPES))
        .order_by(BillRow.issue_date.desc(), BillRow.id.desc())
        .limit(_MOST_OF_SAME_DAYS)
        .options(undefer(BillRow.content))
    )
    return [(bill, issuer) for bill, issuer in session.execute(query)]


def owed_by_consumer(session: Session, consumer_id: int, since: date) -> list[ListedBill]:
    """Bills to be paid by hand, last due date on or after *since*, and not reported as paid in full; soonest due first.
    `amounts_due` computes what is left of them."""
    found = session.connection().execute(_OWED, {"consumer_id": consumer_id, "since": since})
    return [ListedBill(*row) for row in found]


def long_past_due(session: Session, consumer_id: int, before: date, limit: int) -> list[ListedBill]:
    """Bills to be paid by hand, last due date before this day, and not reported as paid; latest first, *limit* at
    most."""
    found = session.connection().execute(_PAST, {"consumer_id": consumer_id, "before": before, "limit": limit})
    return [ListedBill(*row) for row in found]


#: The last due date of a bill, or its issue date if it has none.
_LAST_DAY: Final = func.coalesce(BillRow.last_due_date, BillRow.due_date, BillRow.issue_date)
_ASKED_BY_HAND: Final = (
    select(*LISTED)
    .join(Enrolment, Enrolment.account_id == BillRow.account_id)
    .where(Enrolment.consumer_id == bindparam("consumer_id", type_=BigInteger), is_in_force())
    .where(is_one_of(BillRow.state, PRESENTABLE), to_pay_by_hand())
)
_OWED: Final = _ASKED_BY_HAND.where(bindparam("since", type_=Date) <= _LAST_DAY).order_by(BillRow.due_date, BillRow.id)
_PAST: Final = (
    _ASKED_BY_HAND.where(bindparam("before", type_=Date) > _LAST_DAY)
    .order_by(_LAST_DAY.desc(), BillRow.id)
    .limit(bindparam("limit", type_=Integer))
)


def _held_by(consumer_id: int) -> Select[BillRow, Issuer]:
    return (
        select(BillRow, Issuer)
        .join(Enrolment, Enrolment.account_id == BillRow.account_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .where(Enrolment.consumer_id == consumer_id, is_in_force(), is_one_of(BillRow.state, PRESENTABLE))
    )
