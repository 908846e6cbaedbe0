"""Which bills a grant opens to its reader: the one condition of all their pages."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, or_, select, tuple_
from sqlalchemy.orm import Session, undefer

from bill import CORRECTIVE_TYPES, CREDIT_NOTE_TYPES
from store.access_grants.access_grant import AccessGrant, GrantedAccount, is_in_time
from store.accounts.consumer import Enrolment, is_in_force
from store.accounts.customer_account import IMPORTED, CustomerAccount
from store.bills.bill import PRESENTABLE, BillRow
from store.db.constant_in_sql import is_one_of
from store.issuer import Issuer

#: Standings of an account (`store.accounts.customer_account`) that is no longer the owner's contract.
_PASSED_ON: Final = ("former", "joined")


class GrantedBill(NamedTuple):
    """A bill that a grant opens, with its issuer."""

    grant: AccessGrant
    bill: BillRow
    issuer: Issuer


def is_readable_by_grant(reader_id: int, today: date) -> ColumnElement[bool]:
    """SQL condition, over `_granted`'s joins: this person may read that bill through that grant today.

    The reader has accepted and the grant has not ended; its owner holds the bill's account, neither suspended nor
    passed on to somebody else; the account and the bill's kind are within its scope; and the bill is shown to holders.
    """
    return and_(
        AccessGrant.reader_id == reader_id, AccessGrant.state == "accepted", is_in_time(today), is_account_granted(),
        _is_kind_granted(), is_one_of(BillRow.state, PRESENTABLE),
    )  # fmt: skip


def is_account_granted() -> ColumnElement[bool]:
    """SQL condition, over joins of a grant, its owner's enrolment, the account and (outer) what the grant keeps of it:
    the contract is within the grant. What the owner brought in themselves is no contract, and theirs alone."""
    is_named = and_(GrantedAccount.account_id.is_not(None), GrantedAccount.ended_at.is_(None))
    is_of_all = or_(GrantedAccount.ended_at.is_(None), GrantedAccount.ended_at < Enrolment.enrolled_at)
    return and_(
        is_in_force(),
        CustomerAccount.standing.not_in(_PASSED_ON),
        CustomerAccount.term != IMPORTED,
        or_(and_(AccessGrant.covers_all, is_of_all), and_(~AccessGrant.covers_all, is_named)),
    )


def _is_kind_granted() -> ColumnElement[bool]:
    return case(
        (is_one_of(BillRow.type_code, CREDIT_NOTE_TYPES), AccessGrant.sees_credit_notes),
        (is_one_of(BillRow.type_code, CORRECTIVE_TYPES), AccessGrant.sees_correctives),
        else_=AccessGrant.sees_invoices,
    )


def granted_bill(session: Session, reader_id: int, grant_id: int, uid: str, today: date) -> GrantedBill | None:
    """One whole bill, if this person may read it through this grant; otherwise None, whatever the cause."""
    query = _granted(select(AccessGrant, BillRow, Issuer), reader_id, today).options(undefer(BillRow.content))
    found = session.execute(query.where(AccessGrant.id == grant_id, BillRow.uid == uid)).first()
    return None if found is None else GrantedBill(*found)


def granted_bills(
    session: Session, reader_id: int, grant_id: int, today: date, before: tuple[date, int] | None, limit: int
) -> list[GrantedBill]:
    """The bills that this person may read through this grant, newest first, by keyset (*before* is the last row's issue
    date and id)."""
    query = _granted(select(AccessGrant, BillRow, Issuer), reader_id, today).where(AccessGrant.id == grant_id)
    if before is not None:
        query = query.where(tuple_(BillRow.issue_date, BillRow.id) < before)
    query = query.order_by(BillRow.issue_date.desc(), BillRow.id.desc()).limit(limit)
    return [GrantedBill(*row) for row in session.execute(query)]


def granted_accounts(session: Session, grant_ids: Collection[int]) -> dict[int, list[CustomerAccount]]:
    """The contracts that these grants open now, or would open once accepted, by grant; one without any is left out."""
    query = (
        _of_grant(select(AccessGrant.id, CustomerAccount))
        .where(AccessGrant.id.in_(grant_ids), is_account_granted())
        .order_by(AccessGrant.id, CustomerAccount.id)
    )
    found: dict[int, list[CustomerAccount]] = {}
    for grant_id, account in session.execute(query):
        found.setdefault(grant_id, []).append(account)
    return found


def _granted(query: Select[*tuple[Any, ...]], reader_id: int, today: date) -> Select[Any]:
    return (
        _of_grant(query)
        .join(BillRow, BillRow.account_id == CustomerAccount.id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .where(is_readable_by_grant(reader_id, today))
    )


def _of_grant(query: Select[*tuple[Any, ...]]) -> Select[Any]:
    kept = and_(GrantedAccount.grant_id == AccessGrant.id, GrantedAccount.account_id == CustomerAccount.id)
    return (
        query.select_from(AccessGrant)
        .join(Enrolment, Enrolment.consumer_id == AccessGrant.owner_id)
        .join(CustomerAccount, CustomerAccount.id == Enrolment.account_id)
        .outerjoin(GrantedAccount, kept)
    )
