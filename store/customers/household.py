"""Households: accounts at one dwelling, with a common holder, or that their issuer puts together. For budgets and
measures only: nobody is ever shown anything by them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    cast,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.consumer import Enrolment, is_in_force
from store.accounts.customer_account import IMPORTED, CustomerAccount
from store.base import Base, insert_new
from store.customers.customer_reference import CustomerReference
from store.db.bulk_insert import insert_rows
from store.db.due_work import DueWork
from store.issuer import of_issuer


class HouseholdMember(Base):
    """An account and its household, named by the least account id in it; None: to be found anew. *address* and *as_of*
    are those that its keys were made of."""

    __tablename__ = "household_member"
    __table_args__ = (Index("ix_household_member_household_id", "household_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    household_id: Mapped[int | None]
    address: Mapped[bytes] = mapped_column(LargeBinary)
    as_of: Mapped[datetime | None]


class HouseholdKey(Base):
    """Something that an account shares with the others of its household: a dwelling, a holder, its issuer's id."""

    __tablename__ = "household_key"
    __table_args__ = (Index("ix_household_key_key", "key"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(140), primary_key=True)


_ADDRESS = func.coalesce(CustomerAccount.mended_address, CustomerAccount.address)


def changed_accounts(session: Session, limit: int) -> list[tuple[int, int, bytes, CustomerReference | None]]:
    """Accounts whose address or customer reference is not the one that their keys were made of: id, issuer, packed
    address, reference."""
    query = _changed().order_by(CustomerAccount.id).limit(limit)
    return [row._tuple() for row in session.execute(query)]


def _changed() -> Select[int, int, bytes, CustomerReference]:
    return (
        select(CustomerAccount.id, CustomerAccount.issuer_id, _ADDRESS, CustomerReference)
        .outerjoin(HouseholdMember, HouseholdMember.account_id == CustomerAccount.id)
        .outerjoin(CustomerReference, CustomerReference.account_id == CustomerAccount.id)
        .where(CustomerAccount.term != IMPORTED, of_issuer(CustomerAccount.issuer_id, None))
        .where(
            HouseholdMember.account_id.is_(None)
            | (HouseholdMember.address != _ADDRESS)
            | HouseholdMember.as_of.is_distinct_from(CustomerReference.as_of)
        )
    )


_HOLDER = literal("holder:") + cast(Enrolment.consumer_id, String)  # the key of all accounts that a consumer holds


def new_holdings(session: Session, limit: int) -> list[tuple[int, str]]:
    """Accounts with the key of a holder that they have not yet."""
    return [row._tuple() for row in session.execute(_new().order_by(Enrolment.account_id).limit(limit))]


def _new() -> Select[int, str]:
    there = exists().where(HouseholdKey.account_id == Enrolment.account_id, HouseholdKey.key == _HOLDER)
    query = select(Enrolment.account_id, _HOLDER).where(is_in_force(), ~there)
    query = query.join(CustomerAccount, CustomerAccount.id == Enrolment.account_id)
    return query.where(CustomerAccount.term != IMPORTED, of_issuer(CustomerAccount.issuer_id, None))


def ended_holdings(session: Session, limit: int) -> list[tuple[int, str]]:
    """Accounts with the key of somebody who holds them no longer."""
    return [row._tuple() for row in session.execute(_ended().order_by(HouseholdKey.account_id).limit(limit))]


def _ended() -> Select[int, str]:
    held = exists().where(Enrolment.account_id == HouseholdKey.account_id, HouseholdKey.key == _HOLDER, is_in_force())
    return select(HouseholdKey.account_id, HouseholdKey.key).where(HouseholdKey.key.startswith("holder:"), ~held)


_TO_FOLLOW: Final = DueWork({
    "accounts": _changed().exists(), "new": _new().exists(), "ended": _ended().exists(),
    "loose": exists().where(HouseholdMember.household_id.is_(None)),
})  # fmt: skip


def is_any_to_follow(session: Session) -> bool:
    """Whether an account, a holder or a member is new or has changed since households were found."""
    return bool(_TO_FOLLOW.look(session))


def loosen(session: Session, account_ids: Collection[int]) -> None:
    """Mark these accounts, and all of their households, to be found anew."""
    of = select(HouseholdMember.household_id).where(HouseholdMember.account_id.in_(account_ids))
    known = list(session.scalars(of.where(HouseholdMember.household_id.is_not(None)).distinct()))
    mates = HouseholdMember.household_id.in_(known) | HouseholdMember.account_id.in_(account_ids)
    session.execute(
        update(HouseholdMember).where(mates).values(household_id=None),
        execution_options={"synchronize_session": False},
    )


def write_keys(session: Session, rows: Iterable[tuple[int, bytes, datetime | None, Collection[str]]]) -> None:
    """Write the keys of accounts (but their holders'), and what they were made of."""
    rows = list(rows)
    ids = [account_id for account_id, *_ in rows]
    session.execute(
        delete(HouseholdKey).where(HouseholdKey.account_id.in_(ids), ~HouseholdKey.key.startswith("holder:"))
    )
    insert_rows(session, HouseholdKey, [
        {"account_id": account_id, "key": key} for account_id, _, _, keys in rows for key in keys
    ])  # fmt: skip
    values: list[dict[str, Any]] = [
        {"account_id": account_id, "household_id": None, "address": address, "as_of": as_of}
        for account_id, address, as_of, _ in rows
    ]
    insert_new(session, HouseholdMember, values)
    session.execute(
        update(HouseholdMember), [{n: v for n, v in each.items() if n != "household_id"} for each in values]
    )


def household_of(session: Session, account_id: int) -> int | None:
    """The household of an account; None while it is to be found."""
    return session.scalar(select(HouseholdMember.household_id).where(HouseholdMember.account_id == account_id))
