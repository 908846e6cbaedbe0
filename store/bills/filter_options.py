"""Which years and kinds of bills a consumer has: what their list can be limited to."""

from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, Date, bindparam, exists, func, select
from sqlalchemy.orm import Session

from bill import CREDIT_NOTE_TYPES
from bill.payment.document_amount import CORRECTIVE_TYPES
from store.accounts.consumer import Enrolment, is_in_force
from store.accounts.contract_notices import KINDS, ContractNotices
from store.bills.bill import PRESENTABLE, BillRow
from store.bills.bill_filter import BillKind
from store.bills.bill_tag import BillTag
from store.bills.filtered_bills import uncommon
from store.db.constant_in_sql import is_one_of

#: The most years that are offered, latest first.
_MOST_YEARS: Final = 30


class FilterOptions(NamedTuple):
    """The years of issue, latest first, and the kinds of a consumer's bills; whether they have tags. The kinds of their
    *notices* are asked in the same statement."""

    years: list[int]
    kinds: list[BillKind]
    has_tags: bool
    notices: ContractNotices


def filter_options(session: Session, consumer_id: int) -> FilterOptions:
    """What the consumer's list can be limited to; empty for somebody without bills. Read along the accounts' indexes,
    without reading the bills, and as a rule in one statement."""
    found = session.connection().execute(_ALL, {"consumer_id": consumer_id}).one()
    earliest, latest, has_usual, has_uncommon, has_tags, *notices = found
    years = _years(session, consumer_id, earliest, latest) if earliest else []
    kinds: list[BillKind] = ["invoice"] if has_usual else []
    if has_uncommon:
        kinds += _uncommon_kinds(session, consumer_id)
    return FilterOptions(years, kinds, bool(has_tags), ContractNotices(*notices))


def _years(session: Session, consumer_id: int, earliest: date, latest: date) -> list[int]:
    between = range(latest.year - 1, max(earliest.year, latest.year - _MOST_YEARS), -1)
    return sorted({latest.year, earliest.year, *_with_bills(session, consumer_id, between)}, reverse=True)


def _with_bills(session: Session, consumer_id: int, years: range) -> list[int]:
    """Those of these years in which bills were issued."""
    return [
        year
        for year in years
        if session.connection().execute(_OF_DAYS, {
            "consumer_id": consumer_id, "first": date(year, 1, 1), "last": date(year, 12, 31),
        }).first()
    ]  # fmt: skip


def _uncommon_kinds(session: Session, consumer_id: int) -> list[BillKind]:
    found = session.connection().execute(_UNCOMMON, {"consumer_id": consumer_id}).all()
    has: dict[BillKind, bool] = {
        "credit_note": any(code in CREDIT_NOTE_TYPES for code, _ in found),
        "corrective": any(code in CORRECTIVE_TYPES for code, _ in found),
        "instalments": any(in_parts for _, in_parts in found),
    }
    return [kind for kind, is_there in has.items() if is_there]


_CONSUMER: Final = bindparam("consumer_id", type_=BigInteger)
_OF_ACCOUNT: Final = (
    select(BillRow.issue_date)
    .where(BillRow.account_id == Enrolment.account_id, is_one_of(BillRow.state, PRESENTABLE))
    .limit(1)
    .correlate(Enrolment)
)
_FIRST: Final = _OF_ACCOUNT.order_by(BillRow.issue_date, BillRow.id).scalar_subquery()
_LAST: Final = _OF_ACCOUNT.order_by(BillRow.issue_date.desc(), BillRow.id.desc()).scalar_subquery()
_OF_EACH: Final = (
    select(_FIRST.label("first"), _LAST.label("last"))
    .where(Enrolment.consumer_id == _CONSUMER, is_in_force())
    .subquery("ends")
)
_BILLS: Final = (
    select(BillRow.id)
    .join(Enrolment, Enrolment.account_id == BillRow.account_id)
    .where(Enrolment.consumer_id == _CONSUMER, is_in_force(), is_one_of(BillRow.state, PRESENTABLE))
)
_OF_DAYS: Final = _BILLS.where(
    BillRow.issue_date.between(bindparam("first", type_=Date), bindparam("last", type_=Date))
).limit(1)
_UNCOMMON: Final = (
    _BILLS.where(uncommon()).with_only_columns(BillRow.type_code, BillRow.instalments.is_not(None)).distinct()
)
_USUAL: Final = _BILLS.where(~is_one_of(BillRow.type_code, CREDIT_NOTE_TYPES | CORRECTIVE_TYPES)).limit(1)
#: The first and last issue dates of all; whether there are usual bills, others, and tags; the kinds of notices.
_ALL: Final = select(
    func.min(_OF_EACH.c.first), func.max(_OF_EACH.c.last), _USUAL.exists(), _BILLS.where(uncommon()).exists(),
    exists().where(BillTag.consumer_id == _CONSUMER), *KINDS,
)  # fmt: skip
