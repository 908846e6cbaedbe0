"""Finds letters that have left, for whoever holds one that came back: by the bill's number, by the addressee; and the
latest that came back."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from bill import person_key
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.delivery import Delivery, Receipt
from store.issuer import of_issuer


class PostedLetter(NamedTuple):
    """A letter that has left, and its bill; *returned_at* is when it came back, None where it has not."""

    delivery: Delivery
    bill: BillRow
    returned_at: datetime | None = None


def letters_of_number(session: Session, issuer_ids: Collection[int], number: str, most: int) -> list[PostedLetter]:
    """The letters of these issuers' bills of this number that have not come back, the latest first."""
    mine = (BillRow.issuer_id.in_(issuer_ids), BillRow.number == number)
    return _letters(session, _posted().where(*mine), most)


def letters_of_addressee(
    session: Session, issuer_ids: Collection[int], name: str, postcode: str, most: int
) -> list[PostedLetter]:
    """The letters to somebody of this name and postcode that have not come back, the latest first."""
    accounts = select(CustomerAccount.id).where(
        CustomerAccount.issuer_id.in_(issuer_ids), CustomerAccount.person_key == person_key(name, postcode)
    )
    return _letters(session, _posted().where(BillRow.account_id.in_(accounts)), most)


def latest_returns(session: Session, issuer_id: int | None, most: int) -> list[PostedLetter]:
    """The letters that came back last, of one issuer or (None) of all, the latest first."""
    query = (
        select(Delivery, BillRow, Receipt.at)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .join(Receipt, Receipt.delivery_id == Delivery.id)
        .where(Receipt.kind == "returned")
    )
    query = query.where(of_issuer(Delivery.issuer_id, issuer_id))
    return [PostedLetter(*row) for row in session.execute(query.order_by(Receipt.id.desc()).limit(most))]


def _posted() -> Select[Delivery, BillRow]:
    came_back = exists().where(Receipt.delivery_id == Delivery.id, Receipt.kind == "returned")
    return (
        select(Delivery, BillRow)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .where(Delivery.channel == "paper", Delivery.sent_at.is_not(None), ~came_back)
    )


def _letters(session: Session, query: Select[Delivery, BillRow], most: int) -> list[PostedLetter]:
    return [PostedLetter(*row) for row in session.execute(query.order_by(Delivery.id.desc()).limit(most))]
