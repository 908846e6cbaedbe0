"""Which bills a payment is of, with how much of each: since when, until when, and by whose word."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import ForeignKey, Index, String, bindparam, case, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import Paid
from store.base import Base
from store.bills.bill import BillRow
from store.payments.payment import PaymentRow, unpack_entry


class PaymentAllocation(Base):
    """A part of a payment is of a bill. *amount* is positive, negative for a credit note that the payer deducted. *by*
    is `bank` or `issuer`, who told the payment, or the person who decided. One that ended (*until*) counts no more: it
    stays, so that what was due at a moment can be told later."""

    __tablename__ = "payment_allocation"
    __table_args__ = (
        Index("ix_payment_allocation_bill_id", "bill_id"),
        Index("ix_payment_allocation_payment_id", "payment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    amount: Mapped[Decimal]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(String(200))


class PaymentOfBill(NamedTuple):
    """A part of a payment, and the bill's number."""

    allocation: PaymentAllocation
    number: str


def allocations_of(session: Session, payment_ids: Collection[int]) -> dict[int, list[PaymentAllocation]]:
    """The parts of these payments that count, by payment id."""
    found: dict[int, list[PaymentAllocation]] = defaultdict(list)
    query = (
        select(PaymentAllocation)
        .where(PaymentAllocation.payment_id.in_(payment_ids), PaymentAllocation.until.is_(None))
        .order_by(PaymentAllocation.id)
    )
    for each in session.scalars(query) if payment_ids else ():
        found[each.payment_id].append(each)
    return found


def payments_allocated_to(session: Session, bill_ids: Collection[int]) -> set[int]:
    """The ids of the payments that are now of any of these bills."""
    query = select(PaymentAllocation.payment_id).where(
        PaymentAllocation.bill_id.in_(bill_ids), PaymentAllocation.until.is_(None)
    )
    return set(session.scalars(query)) if bill_ids else set()


def paid_by_bill(
    session: Session, bill_ids: Collection[int], known_by: datetime | None = None
) -> dict[int, list[Paid]]:
    """What bank and issuer told of the payments of these bills, by bill id, oldest first; with *known_by*, as it was
    known then. One query."""
    query = _PAID_NOW if known_by is None else _PAID_THEN
    values = {"bill_ids": bill_ids} | ({} if known_by is None else {"known_by": known_by})
    found: dict[int, list[Paid]] = defaultdict(list)
    for bill_id, amount, since, kind, booked_on, told_by, setback in (
        session.connection().execute(query, values) if bill_ids else ()
    ):
        reason = "" if setback is None else unpack_entry(setback).reason
        found[bill_id].append(Paid(booked_on, amount, told_by, kind, reason, since))
    return found


_PAID: Final = (
    select(
        PaymentAllocation.bill_id, PaymentAllocation.amount, PaymentAllocation.since, PaymentRow.kind,
        PaymentRow.booked_on, PaymentRow.told_by,
        case((PaymentRow.kind.in_(["returned", "refused"]), PaymentRow.content)),
    )
    .join(PaymentRow, PaymentRow.id == PaymentAllocation.payment_id)
    .where(PaymentAllocation.bill_id.in_(bindparam("bill_ids", expanding=True)))
    .order_by(PaymentRow.booked_on, PaymentRow.id)
)  # fmt: skip
_KNOWN_BY: Final = bindparam("known_by", type_=PaymentAllocation.since.type)
_PAID_NOW: Final = _PAID.where(PaymentAllocation.until.is_(None))
_PAID_THEN: Final = _PAID.where(
    PaymentAllocation.since <= _KNOWN_BY, PaymentAllocation.until.is_(None) | (PaymentAllocation.until > _KNOWN_BY)
)


def parts_of_payments(session: Session, payment_ids: Collection[int]) -> dict[int, list[PaymentOfBill]]:
    """The parts of these payments that count, by payment id, each by bill number."""
    query = (
        select(PaymentAllocation, BillRow.number)
        .join(BillRow, BillRow.id == PaymentAllocation.bill_id)
        .where(PaymentAllocation.payment_id.in_(payment_ids), PaymentAllocation.until.is_(None))
        .order_by(BillRow.number)
    )
    found: dict[int, list[PaymentOfBill]] = defaultdict(list)
    for allocation, number in session.execute(query) if payment_ids else ():
        found[allocation.payment_id].append(PaymentOfBill(allocation, number))
    return found
