"""The arm of each account's household: one in ten is never invited, so that it can be told what inviting brings.

A row never changes: it is written once, as soon as an account has a household, and is the same for all campaigns.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.customer_account import CustomerAccount
from store.base import Base, insert_new
from store.customers.household import HouseholdMember
from store.db.bound_ids import is_among
from store.issuer import of_issuer

#: `holdout` is never invited; `open` may be.
HouseholdArm = Literal["holdout", "open"]
HOLDOUT: Final[HouseholdArm] = "holdout"


class AccountArm(Base):
    """An account and the arm of its household. *drawn_for* is the household that it was drawn for."""

    __tablename__ = "household_arm"
    __table_args__ = (CheckConstraint("arm IN ('holdout', 'open')", name="arm"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    drawn_for: Mapped[int]
    arm: Mapped[HouseholdArm] = mapped_column(String(8))
    at: Mapped[datetime]


def accounts_without_arm(session: Session, after: int, limit: int) -> list[tuple[int, int]]:
    """Accounts that have a household and no arm yet, with that household, by id above *after*; none of a test side."""
    query = (
        select(HouseholdMember.account_id, HouseholdMember.household_id)
        .join(CustomerAccount, CustomerAccount.id == HouseholdMember.account_id)
        .outerjoin(AccountArm, AccountArm.account_id == HouseholdMember.account_id)
        .where(HouseholdMember.household_id.is_not(None), AccountArm.account_id.is_(None))
        .where(HouseholdMember.account_id > after, of_issuer(CustomerAccount.issuer_id, None))
        .order_by(HouseholdMember.account_id)
        .limit(limit)
    )
    return [(account_id, household) for account_id, household in session.execute(query) if household is not None]


def drawn_arms(session: Session, households: Collection[int]) -> dict[int, HouseholdArm]:
    """The arms of these households as they were first drawn, for an account of theirs."""
    first = (
        select(func.min(AccountArm.account_id))
        .join(HouseholdMember, HouseholdMember.account_id == AccountArm.account_id)
        .where(HouseholdMember.household_id.in_(households))
        .group_by(HouseholdMember.household_id)
    )
    query = (
        select(HouseholdMember.household_id, AccountArm.arm)
        .join(AccountArm, AccountArm.account_id == HouseholdMember.account_id)
        .where(AccountArm.account_id.in_(first))
    )
    return {household: arm for household, arm in session.execute(query) if household is not None}


def keep_arms(session: Session, arms: Mapping[int, tuple[int, HouseholdArm]], at: datetime) -> int:
    """Write the household and the arm of each of these accounts; one that has an arm keeps it. Returns how many are
    new."""
    rows = [
        {"account_id": account_id, "drawn_for": household, "arm": arm, "at": at}
        for account_id, (household, arm) in arms.items()
    ]
    return insert_new(session, AccountArm, rows)


_ARMS: Final = select(AccountArm.account_id, AccountArm.arm).where(is_among(AccountArm.account_id, "accounts"))


def arms_of(session: Session, account_ids: Collection[int]) -> dict[int, HouseholdArm]:
    """The arms of these accounts; one that has none yet is left out."""
    rows = session.connection().execute(_ARMS, {"accounts": account_ids})
    return dict(rows.tuples().all())
