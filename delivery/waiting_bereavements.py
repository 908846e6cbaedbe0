"""The accounts whose customer has died, as their issuer says, and whose held letters wait for a named person."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from delivery.channels.paper.letter_address import HOLDER_DIED
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.row_counting import count_some
from store.delivery import Delivery
from store.issuer import of_issuer


def waiting_bereavements(
    session: Session, issuer_id: int | None = None, after: int = 0, limit: int = 50
) -> Sequence[CustomerAccount]:  # fmt: skip
    """The accounts of one issuer or (None) of all, the oldest first."""
    mine = CustomerAccount.id.in_(_accounts(issuer_id))
    query = select(CustomerAccount).where(mine, CustomerAccount.id > after)
    return session.scalars(query.order_by(CustomerAccount.id).limit(limit)).all()


def count_bereavements(session: Session, issuer_id: int | None = None) -> int:
    """How many such accounts there are, counted up to `MOST_COUNTED`."""
    return count_some(session, select(CustomerAccount.id).where(CustomerAccount.id.in_(_accounts(issuer_id))))


def _accounts(issuer_id: int | None) -> Select[Any]:
    held = (
        select(BillRow.account_id)
        .join(Delivery, Delivery.bill_id == BillRow.id)
        .where(Delivery.reason_code == HOLDER_DIED, Delivery.state == "failed", Delivery.channel == "paper")
    )
    return held.where(of_issuer(Delivery.issuer_id, issuer_id))
