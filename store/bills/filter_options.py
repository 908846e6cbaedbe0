"""Which years and kinds of bills a consumer has: what their list can be limited to."""

from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Select, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from bill import CREDIT_NOTE_TYPES
from bill.payment.document_amount import CORRECTIVE_TYPES
from store.accounts.consumer import Enrolment, is_in_force
from store.bills.bill import PRESENTABLE, BillRow
from store.bills.bill_filter import BillKind
from store.bills.filtered_bills import uncommon

#: The most years that are offered, latest first.
_MOST_YEARS: Final = 30


class FilterOptions(NamedTuple):
    """The years of issue, latest first, and the kinds of a consumer's bills."""

    years: list[int]
    kinds: list[BillKind]


def filter_options(session: Session, consumer_id: int) -> FilterOptions:
    """What the consumer's list can be limited to; empty for somebody without bills. Read along the accounts' indexes,
    without reading the bills."""
    return FilterOptions(_years(session, consumer_id), _kinds(session, consumer_id))


def _years(session: Session, consumer_id: int) -> list[int]:
    of_account = (
        select(BillRow.issue_date)
        .where(BillRow.account_id == Enrolment.account_id, BillRow.state.in_(PRESENTABLE))
        .limit(1)
        .correlate(Enrolment)
    )
    first = of_account.order_by(BillRow.issue_date, BillRow.id).scalar_subquery()
    last = of_account.order_by(BillRow.issue_date.desc(), BillRow.id.desc()).scalar_subquery()
    each = select(first.label("first"), last.label("last")).where(Enrolment.consumer_id == consumer_id, is_in_force())
    ends = each.subquery("ends")
    earliest, latest = session.execute(select(func.min(ends.c.first), func.max(ends.c.last))).one()
    if earliest is None:
        return []
    between = range(latest.year - 1, max(earliest.year, latest.year - _MOST_YEARS), -1)
    return sorted({latest.year, earliest.year, *_with_bills(session, consumer_id, between)}, reverse=True)


def _with_bills(session: Session, consumer_id: int, years: range) -> list[int]:
    """Those of these years in which bills were issued."""
    if not years:
        return []
    bills = _bills(consumer_id)
    asked = [
        select(literal(year)).where(
            exists(bills.where(BillRow.issue_date.between(date(year, 1, 1), date(year, 12, 31))))
        )
        for year in years
    ]
    return list(session.scalars(union_all(*asked)))


def _kinds(session: Session, consumer_id: int) -> list[BillKind]:
    bills = _bills(consumer_id)
    query = bills.where(uncommon()).with_only_columns(BillRow.type_code, BillRow.instalments.is_not(None)).distinct()
    found = session.execute(query).all()
    is_usual = bills.where(BillRow.type_code.not_in(CREDIT_NOTE_TYPES | CORRECTIVE_TYPES)).limit(1)
    has: dict[BillKind, bool] = {
        "invoice": session.scalar(is_usual) is not None,
        "credit_note": any(code in CREDIT_NOTE_TYPES for code, _ in found),
        "corrective": any(code in CORRECTIVE_TYPES for code, _ in found),
        "instalments": any(in_parts for _, in_parts in found),
    }
    return [kind for kind, is_there in has.items() if is_there]


def _bills(consumer_id: int) -> Select[int]:
    return (
        select(BillRow.id)
        .join(Enrolment, Enrolment.account_id == BillRow.account_id)
        .where(Enrolment.consumer_id == consumer_id, is_in_force(), BillRow.state.in_(PRESENTABLE))
    )
