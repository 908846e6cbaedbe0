"""The bills that one consumer may see: the list with its search, one bill, and those still to be paid."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    func,
    select,
)  # fmt: skip
from sqlalchemy.orm import Session, undefer

from bill import CREDIT_NOTE_TYPES
from store.accounts.consumer import Enrolment, is_in_force
from store.bills.bill import PRESENTABLE, BillRow
from store.bills.bill_filter import EVERYTHING, BillFilter
from store.bills.filtered_bills import ListKey, newest_filtered, to_pay_by_hand
from store.issuer import Issuer, issuers_by_id

#: A consumer with more contracts of one kind than these has none of them doubled by mistake.
_MOST_OF_SAME_DAYS: Final = 4


def bills_of_consumer(
    session: Session, consumer_id: int, only: BillFilter = EVERYTHING, before: ListKey | None = None, limit: int = 20
) -> list[tuple[BillRow, Issuer]]:
    """A consumer's bills that the filter leaves, with their issuers, newest first, by keyset (*before* is the last
    row's issue date and id). Of unpaid bills some may turn out to be paid by others (`payments.amounts_due`)."""
    bills = session.scalars(newest_filtered(session, consumer_id, only, [BillRow], limit, before)).all()
    issuers = issuers_by_id(session, {bill.issuer_id for bill in bills})
    return [(bill, issuers[bill.issuer_id]) for bill in bills]


def issue_dates(session: Session, consumer_id: int, only: BillFilter, limit: int) -> list[date]:
    """The issue dates of the consumer's newest bills that the filter leaves, newest first, without reading more."""
    return list(session.scalars(newest_filtered(session, consumer_id, only, [BillRow.issue_date], limit)))


class RecentBill(NamedTuple):
    """A bill that came lately, as far as a list of issuers needs it."""

    id: int
    issuer_id: int
    received_at: datetime


def recent_bills(session: Session, consumer_id: int, since: date, limit: int) -> list[RecentBill]:
    """The consumer's bills issued on or after this day, newest first, *limit* at most."""
    columns = [BillRow.id, BillRow.issuer_id, BillRow.received_at]
    query = newest_filtered(session, consumer_id, EVERYTHING, columns, limit, days=(since, date.max))
    return [RecentBill(*row) for row in session.execute(query)]


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
        .where(BillRow.type_code.not_in(CREDIT_NOTE_TYPES))
        .order_by(BillRow.issue_date.desc(), BillRow.id.desc())
        .limit(_MOST_OF_SAME_DAYS)
        .options(undefer(BillRow.content))
    )
    return [(bill, issuer) for bill, issuer in session.execute(query)]


def owed_by_consumer(session: Session, consumer_id: int, since: date) -> list[tuple[BillRow, Issuer]]:
    """Bills to be paid by hand, last due date on or after *since*, and not reported as paid in full; soonest due first,
    with their issuer. `amounts_due` computes what is left of them."""
    query = _asked_by_hand(consumer_id).where(_last_day() >= since).order_by(BillRow.due_date, BillRow.id)
    return [(bill, issuer) for bill, issuer in session.execute(query)]


def long_past_due(session: Session, consumer_id: int, before: date, limit: int) -> list[BillRow]:
    """Bills to be paid by hand, last due date before this day, and not reported as paid; latest first, *limit* at
    most."""
    query = _asked_by_hand(consumer_id).where(_last_day() < before).order_by(_last_day().desc(), BillRow.id)
    return [bill for bill, _ in session.execute(query.limit(limit))]


def _last_day() -> ColumnElement[date]:
    """SQL expression: the last due date of a bill, or its issue date if it has none."""
    return func.coalesce(BillRow.last_due_date, BillRow.due_date, BillRow.issue_date)


def _asked_by_hand(consumer_id: int) -> Select[BillRow, Issuer]:
    return _held_by(consumer_id).where(to_pay_by_hand())


def _held_by(consumer_id: int) -> Select[BillRow, Issuer]:
    return (
        select(BillRow, Issuer)
        .join(Enrolment, Enrolment.account_id == BillRow.account_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .where(Enrolment.consumer_id == consumer_id, is_in_force(), BillRow.state.in_(PRESENTABLE))
    )
