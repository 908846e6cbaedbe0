"""Select the newest bills of a consumer that a filter leaves, by index, however many bills there are.

Each account is read from its newest bill on along an index, for as many bills as the page has; the newest of all
accounts are the page. So a page costs accounts x page, and the last page of fifty thousand bills what the first does.
SQLite does so by itself where accounts are joined to bills with an order and a limit; PostgreSQL is told by LATERAL.
Rare bills have partial indexes: those to be paid by hand, and those that are no plain invoices. Tagged bills are read
from their tags, which people write one by one.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    false,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session

from bill import CREDIT_NOTE_TYPES
from bill.payment.document_amount import CORRECTIVE_TYPES
from store.accounts.consumer import Enrolment, is_in_force
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import PRESENTABLE, BillRow
from store.bills.bill_filter import BillFilter, BillKind
from store.bills.bill_tag import BillTag
from store.db.constant_in_sql import is_one_of
from store.issuer import Issuer
from store.search.found_bills import PlaceRange, SearchedAccount, is_found, newest_found, place_range
from store.search.typed_search import typed_search

#: A bill's place in the list: its issue date and its id.
ListKey = tuple[date, int]

#: Columns to select: always the same objects, by which a statement is known.
Columns = tuple[Any, ...]

#: Parts of a filter that the search itself keeps to.
_KNOWN_TO_SEARCH: Final = {"issuer_id", "account_id", "year", "asked"}
_NEWEST_FIRST: Final = (BillRow.issue_date.desc(), BillRow.id.desc())
#: Literals: a partial index is used only where its condition stands in the query as it is.
_INVOICE: Final[ColumnElement[str]] = literal_column("'380'")
_ZERO: Final[ColumnElement[Decimal]] = literal_column("0")
_CONSUMER: Final[ColumnElement[int]] = bindparam("consumer_id", type_=BigInteger)
_LIMIT: Final[ColumnElement[int]] = bindparam("limit", type_=Integer)


class BillQuery(NamedTuple):
    """A statement, which is built once for filters that limit the same things, and the values of this one
    (docs/fast-paths.md)."""

    statement: Select[Any]
    values: dict[str, Any]

    def rows(self, session: Session) -> Sequence[Any]:
        """The rows, as columns."""
        return session.connection().execute(self.statement, self.values).all()


def newest_filtered(
    session: Session, consumer_id: int, only: BillFilter, columns: Columns, limit: int, before: ListKey | None = None,
    days: tuple[date, date] | None = None,
) -> BillQuery:  # fmt: skip
    """Query these *columns* of the newest bills that the filter leaves, newest first: after *before* in the list, and
    issued on these *days* (first and last, both included)."""
    says = _says(session, consumer_id, only, place_range(before, days, only.days), limit)
    shape = _Shape(_limited(only), before is not None, days is not None)
    values = {**_values(consumer_id, only, before, days), "limit": limit}
    is_lateral = not only.tag and session.get_bind().dialect.name != "sqlite"
    build = _build_newest if says else _newest
    return BillQuery(build(shape, columns, is_lateral, tuple(says)), values)


def every_filtered(
    session: Session, consumer_id: int, only: BillFilter, columns: Columns, days: tuple[date, date],
    group_by: Columns = (),
) -> BillQuery:  # fmt: skip
    """Query these *columns* of all bills that the filter leaves and that were issued on these *days* (first and last,
    both included), in no order: for sums."""
    says = _says(session, consumer_id, only, place_range(None, days, only.days))
    build = _build_every if says else _every
    shape = _Shape(_limited(only), has_before=False, has_days=True)
    return BillQuery(build(shape, columns, group_by, tuple(says)), _values(consumer_id, only, None, days))


class _Shape(NamedTuple):
    """What is limited, whatever to: *only* has the values of nobody."""

    only: BillFilter
    has_before: bool
    has_days: bool


def _limited(only: BillFilter) -> BillFilter:
    """The filter without its values, which are parameters of the statement."""
    return replace(
        only, issuer_id=only.issuer_id and 1, account_id=only.account_id and 1, year=only.year and 1,
        tag=only.tag and "-", asked="",
    )  # fmt: skip


def _values(
    consumer_id: int, only: BillFilter, before: ListKey | None, days: tuple[date, date] | None
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "consumer_id": consumer_id, "issuer_id": only.issuer_id, "account_id": only.account_id, "tag": only.tag,
    }  # fmt: skip
    if only.days is not None:
        values["year_begins"], values["year_ends"] = only.days
    if before is not None:
        values["before_day"], values["before_id"] = before
    if days is not None:
        values["first_day"], values["last_day"] = days
    return values


def _build_newest(
    shape: _Shape, columns: Columns, is_lateral: bool, says: tuple[ColumnElement[bool], ...]
) -> Select[Any]:  # fmt: skip
    conditions = [*_conditions(shape.only), *_place(shape), *says]
    held = _held(shape.only)
    if not is_lateral:
        bills = held.join(BillRow, BillRow.account_id == Enrolment.account_id).where(*conditions)
        return bills.with_only_columns(*columns).order_by(*_NEWEST_FIRST).limit(_LIMIT)
    of_account = (
        select(BillRow.id, BillRow.issue_date)
        .where(BillRow.account_id == Enrolment.account_id, *conditions)
        .order_by(*_NEWEST_FIRST)
        .limit(_LIMIT)
        .correlate(Enrolment)
        .lateral("of_account")
    )
    of_all = (
        held.join(of_account, true())
        .with_only_columns(of_account.c.id)
        .order_by(of_account.c.issue_date.desc(), of_account.c.id.desc())
        .limit(_LIMIT)
        .subquery("of_all")
    )
    return select(*columns).join(of_all, of_all.c.id == BillRow.id).order_by(*_NEWEST_FIRST)


def _build_every(
    shape: _Shape, columns: Columns, group_by: Columns, says: tuple[ColumnElement[bool], ...]
) -> Select[Any]:  # fmt: skip
    conditions = [*_conditions(shape.only), *_place(shape), *says]
    held = _held(shape.only).join(BillRow, BillRow.account_id == Enrolment.account_id)
    return held.where(*conditions).with_only_columns(*columns).group_by(*group_by)


#: What a search finds is part of the statement; all others are known by their shape.
_newest: Final = lru_cache(maxsize=512)(_build_newest)
_every: Final = lru_cache(maxsize=512)(_build_every)


def uncommon() -> ColumnElement[bool]:
    """SQL condition: the bill is no plain invoice, or is paid in several parts; repeats the partial index."""
    return or_(BillRow.type_code != _INVOICE, BillRow.instalments.is_not(None))


def has_later_correctives() -> ColumnElement[bool]:
    """SQL expression for a query of bills that were issued on some days: whether the consumer has a corrective that was
    issued on the first of these or later."""
    later = (
        select(BillRow.id)
        .join(Enrolment, Enrolment.account_id == BillRow.account_id)
        .where(Enrolment.consumer_id == _CONSUMER, is_in_force(), is_one_of(BillRow.state, PRESENTABLE))
        .where(*_of_kind("corrective"), BillRow.issue_date >= bindparam("first_day", type_=Date))
        .limit(1)
        .correlate(None)
    )
    return later.exists()


def to_pay_by_hand() -> ColumnElement[bool]:
    """SQL condition: something is to be paid by hand, and the consumer did not say that all of it is paid; with the
    term of the partial index."""
    is_open = BillRow.said_paid_at.is_(None) | (BillRow.said_paid < BillRow.to_pay)
    is_open |= BillRow.payment_told_at > BillRow.said_paid_at
    return (BillRow.to_pay > _ZERO) & is_open


def _held(only: BillFilter) -> Select[int]:
    """Select the accounts of the consumer to which the filter limits."""
    held = select(Enrolment.account_id).where(Enrolment.consumer_id == _CONSUMER, is_in_force())
    if only.account_id is not None:
        held = held.where(Enrolment.account_id == bindparam("account_id", type_=BigInteger))
    if only.issuer_id is not None:
        account = CustomerAccount.__table__.c
        held = held.join(CustomerAccount, account.id == Enrolment.account_id)
        held = held.where(account.issuer_id == bindparam("issuer_id", type_=BigInteger))
    if only.tag:
        is_tag = BillTag.folded == bindparam("tag", type_=String)
        held = held.join(BillTag, and_(BillTag.consumer_id == _CONSUMER, is_tag))
    return held


def _place(shape: _Shape) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if shape.has_before:
        before = tuple_(bindparam("before_day", type_=Date), bindparam("before_id", type_=BigInteger))
        found.append(tuple_(BillRow.issue_date, BillRow.id) < before)
    if shape.has_days:
        found.append(BillRow.issue_date.between(bindparam("first_day", type_=Date), bindparam("last_day", type_=Date)))
    return found


def _conditions(only: BillFilter) -> list[ColumnElement[bool]]:
    """What a bill of these accounts must fulfil."""
    found: list[ColumnElement[bool]] = [is_one_of(BillRow.state, PRESENTABLE)]
    if only.year is not None:
        first, last = bindparam("year_begins", type_=Date), bindparam("year_ends", type_=Date)
        found.append(BillRow.issue_date.between(first, last))
    if only.tag:
        found.append(BillRow.id == BillTag.bill_id)
    if only.kind is not None:
        found += _of_kind(only.kind)
    if only.is_unpaid:
        found.append(to_pay_by_hand())
    return found


def _of_kind(kind: BillKind) -> list[ColumnElement[bool]]:
    match kind:
        case "invoice":
            return [~is_one_of(BillRow.type_code, CREDIT_NOTE_TYPES | CORRECTIVE_TYPES)]
        case "credit_note":
            return [uncommon(), is_one_of(BillRow.type_code, CREDIT_NOTE_TYPES)]
        case "corrective":
            return [uncommon(), is_one_of(BillRow.type_code, CORRECTIVE_TYPES)]
        case "instalments":
            return [uncommon(), BillRow.instalments.is_not(None)]


def _says(
    session: Session, consumer_id: int, only: BillFilter, places: PlaceRange, limit: int | None = None
) -> list[ColumnElement[bool]]:
    """The bill is one of those that the search finds at these places. Where nothing else is asked of a bill, and only
    so many are wanted: one of the newest of these."""
    search = typed_search(only.asked)
    if search is None:
        return [false()] if only.asked.strip() else []
    held = _held(only.without("issuer_id", "tag"))
    held = held.join(CustomerAccount, CustomerAccount.id == Enrolment.account_id)
    held = held.join(Issuer, Issuer.id == CustomerAccount.issuer_id)
    if only.issuer_id is not None:
        held = held.where(Issuer.id == only.issuer_id)
    values = {"consumer_id": consumer_id, "account_id": only.account_id}
    rows = session.execute(held.with_only_columns(Enrolment.account_id, Issuer.name), values)
    accounts = [SearchedAccount(*row) for row in rows]
    if limit is not None and set(only.parts) <= _KNOWN_TO_SEARCH:
        return [BillRow.id.in_(newest_found(session, accounts, search, places, limit))]
    return [is_found(session, accounts, search, places)]
