"""A payment that somebody began on the issuer's payment page, until the provider says what became of it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill.payment.payment_reference_key import reference_key
from store.base import Base
from store.payments.payment import PaymentRow
from store.payments.payment_key import payments_under

ORDER_STATES: Final = ("open", "paid", "failed", "returned")


class PaymentOrder(Base):
    """*amount* of a bill, to be paid on a hosted page. *consumer_id* is None for a guest. *provider_payment* is the
    provider's id of the payment; *returned*: it was paid, and all of it went back. *refunded* is what went back."""

    __tablename__ = "payment_order"
    __table_args__ = (
        CheckConstraint(f"state IN {ORDER_STATES}", name="state"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("refunded >= 0", name="refunded"),
        Index("ix_payment_order_bill_id", "bill_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(10), default="open")
    made_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    provider_payment: Mapped[str] = mapped_column(String(100), default="")
    refunded: Mapped[Decimal] = mapped_column(default=Decimal(0))


def order_of_issuer(session: Session, issuer_id: int, order_id: int) -> PaymentOrder | None:
    """The order of this id, if it is this issuer's; else None."""
    return session.scalar(select(PaymentOrder).where(PaymentOrder.id == order_id, PaymentOrder.issuer_id == issuer_id))


def order_of_consumer(session: Session, consumer_id: int, order_id: int) -> PaymentOrder | None:
    """The order of this id, if this consumer began it; else None."""
    return session.scalar(
        select(PaymentOrder).where(PaymentOrder.id == order_id, PaymentOrder.consumer_id == consumer_id)
    )


def order_of_guest(session: Session, bill_id: int, order_id: int) -> PaymentOrder | None:
    """The order of this id, if a guest began it for this bill; else None."""
    mine = (PaymentOrder.id == order_id, PaymentOrder.bill_id == bill_id, PaymentOrder.consumer_id.is_(None))
    return session.scalar(select(PaymentOrder).where(*mine))


def open_order(
    session: Session, bill_id: int, consumer_id: int | None, amount: Decimal, since: datetime
) -> PaymentOrder | None:
    """The latest open order of this person for this amount of the bill that was begun since then, or None."""
    same = (
        PaymentOrder.bill_id == bill_id, PaymentOrder.consumer_id.is_not_distinct_from(consumer_id),
        PaymentOrder.amount == amount, PaymentOrder.state == "open", PaymentOrder.made_at >= since,
    )  # fmt: skip
    return session.scalar(select(PaymentOrder).where(*same).order_by(PaymentOrder.id.desc()).limit(1))


def movements_by_provider(session: Session, issuer_id: int, bill_id: int) -> set[tuple[str, date]]:
    """What the payment provider told of this bill's payments: the kind of each movement and its day."""
    paid = select(PaymentOrder.provider_payment).where(
        PaymentOrder.bill_id == bill_id, PaymentOrder.provider_payment != ""
    )
    keys = {reference_key(each) for each in session.scalars(paid)}
    told = payments_under(session, issuer_id, "id", keys, PaymentRow.told_by == "issuer")
    theirs = PaymentRow.id.in_(told) | (PaymentRow.undoes_id.in_(told) & (PaymentRow.told_by == "issuer"))
    query = select(PaymentRow.kind, PaymentRow.booked_on).where(theirs)
    return {(kind, day) for kind, day in session.execute(query)} if told else set()
