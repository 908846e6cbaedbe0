"""Address suppressions: postal addresses of an account that letters may not use, since one came back from there."""

from collections.abc import Collection, Iterable
from datetime import datetime
from hashlib import sha256

import msgspec
from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import MatchResult, PostalAddress, compare_addresses
from store.accounts.customer_account import CustomerAccount
from store.base import Base


class AddressSuppression(Base):
    """One address that an account's letters may not use, in force until it is lifted. The same address in another
    spelling is suppressed too; any other address of the account is not. *reason* is a code of
    `store.accounts.return_reason`."""

    __tablename__ = "address_suppression"
    __table_args__ = (UniqueConstraint("account_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(64))  # of the address as it is packed
    address: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str] = mapped_column(String(200), default="")

    @property
    def postal_address(self) -> PostalAddress:
        return msgspec.msgpack.decode(self.address, type=PostalAddress)


def suppress_address(
    session: Session, account_id: int, address: PostalAddress, reason: str, at: datetime, by: str
) -> bool:  # fmt: skip
    """Suppress an address of an account. Returns False if it is suppressed already. The caller has locked the
    account."""
    if suppression_of(session, account_id, address) is not None:
        return False
    packed = msgspec.msgpack.encode(address)
    digest = sha256(packed).hexdigest()
    of_account = select(AddressSuppression).where(AddressSuppression.account_id == account_id)
    row = session.scalar(of_account.where(AddressSuppression.digest == digest))
    if row is None:
        row = AddressSuppression(account_id=account_id, digest=digest, address=packed)
        session.add(row)
    row.reason, row.at, row.by, row.lifted_at, row.lifted_by = reason, at, by[:200], None, ""
    session.flush()
    return True


def lift_suppression(session: Session, account_id: int, address: PostalAddress, at: datetime, by: str) -> bool:
    """Let letters use this address again. Returns False if it was not suppressed."""
    found = [each for each in suppressions_of(session, [account_id]).get(account_id, []) if _is_same(each, address)]
    for each in found:
        each.lifted_at, each.lifted_by = at, by[:200]
    session.flush()
    return bool(found)


def suppressions_of(session: Session, account_ids: Collection[int]) -> dict[int, list[AddressSuppression]]:
    """The suppressions in force of each of these accounts, by account id; an account without any is left out."""
    if not account_ids:
        return {}
    query = select(AddressSuppression).where(
        AddressSuppression.account_id.in_(account_ids), AddressSuppression.lifted_at.is_(None)
    )
    found: dict[int, list[AddressSuppression]] = {}
    for each in session.scalars(query.order_by(AddressSuppression.id)):
        found.setdefault(each.account_id, []).append(each)
    return found


def suppression_of(session: Session, account_id: int, address: PostalAddress) -> AddressSuppression | None:
    """The suppression of this address of the account; None if letters may use it."""
    return suppression_among(suppressions_of(session, [account_id]).get(account_id, ()), address)


def accounts_to_ask(session: Session, accounts: Collection[CustomerAccount]) -> dict[int, AddressSuppression]:
    """The suppression of the present address of each of these accounts, by account id; accounts that letters can reach
    are left out."""
    suppressed = suppressions_of(session, [account.id for account in accounts])
    found = {each.id: suppression_among(suppressed.get(each.id, ()), each.postal_address) for each in accounts}
    return {account_id: suppression for account_id, suppression in found.items() if suppression is not None}


def suppression_among(suppressions: Iterable[AddressSuppression], address: PostalAddress) -> AddressSuppression | None:
    """The suppression of this address among these; None if letters may use it."""
    return next((each for each in suppressions if _is_same(each, address)), None)


def _is_same(suppression: AddressSuppression, address: PostalAddress) -> bool:
    return compare_addresses(suppression.postal_address, address) is MatchResult.SAME
