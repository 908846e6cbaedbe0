"""Take in what a provider tells: the order changes its state, and a payment is stored and matched with the bill."""

import hashlib
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from bill import ZERO
from bill.payment.payment_entry import PaymentEntry
from payments.online.provider_event import EventType, ProviderEvent
from payments.payment_identity import payment_identity
from payments.take_payments import take_payments
from store.bills.bill import BillRow
from store.db.event import record
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.payments.payment_key import payments_told_under
from store.payments.payment_order import PaymentOrder

_BACK: Final[frozenset[EventType]] = frozenset({"payment.refunded", "payment.charged_back"})


def take_provider_event(
    session: Session, order: PaymentOrder, event: ProviderEvent, message_id: str, now: datetime
) -> None:  # fmt: skip
    """Take an event of this order, told by the message of this id. The same event again changes nothing; one that comes
    before another that it follows from is kept all the same, since payments are matched in any order.

    What goes back may go back in parts, each told by itself: one refund is told apart from another by its own id, else
    by its message's. Once all has gone back, more of it is the same told again.
    """
    lock_rows(session, PaymentOrder, PaymentOrder.id == order.id)
    session.refresh(order)
    if event.type == "payment.failed":
        _change(session, order, event, ["open"], "failed", now)
    elif event.type not in _BACK:
        _take(session, order, _received(session, order, event), now)
        _change(session, order, event, ["open", "failed"], "paid", now)
        _end_returned(session, order, event, now)
    elif order.state != "returned" and _take(session, order, _gone_back(session, order, event, message_id), now):
        refunded = order.refunded + event.amount
        session.execute(update(PaymentOrder).where(PaymentOrder.id == order.id).values(refunded=refunded))
        record(session, "payment_order", order.id, "refunded", now, by="payment provider", why=f"{event.amount}")
        _end_returned(session, order, event, now)


def _take(session: Session, order: PaymentOrder, entry: PaymentEntry, now: datetime) -> bool:
    """Store and match the movement; returns whether it is new."""
    return bool(take_payments(session, order.issuer_id, {payment_identity(entry): entry}, "issuer", now))


def _change(
    session: Session, order: PaymentOrder, event: ProviderEvent, came_from: list[str], to: str, now: datetime
) -> None:  # fmt: skip
    change_state(
        session, PaymentOrder, order.id, came_from, to, now, by="payment provider", settled_at=now,
        provider_payment=event.payment,
    )  # fmt: skip


def _end_returned(session: Session, order: PaymentOrder, event: ProviderEvent, now: datetime) -> None:
    """The order is returned once all that was paid of it has gone back."""
    session.refresh(order)
    if order.refunded and order.refunded >= (_paid(session, order, event) or order.amount):
        _change(session, order, event, ["open", "failed", "paid"], "returned", now)


def _paid(session: Session, order: PaymentOrder, event: ProviderEvent) -> Decimal:
    told = payments_told_under(session, order.issuer_id, "issuer", [event.payment]).get(event.payment, ())
    return sum((each.amount for each in told if each.kind == "received"), ZERO)


def _received(session: Session, order: PaymentOrder, event: ProviderEvent) -> PaymentEntry:
    """The payment as an issuer would tell it."""
    return PaymentEntry(
        kind="received", amount=event.amount, currency=event.currency, booked_on=event.on, entry_id=event.payment,
        references=(session.get_one(BillRow, order.bill_id).number,),
    )  # fmt: skip


def _gone_back(session: Session, order: PaymentOrder, event: ProviderEvent, message_id: str) -> PaymentEntry:
    """What went back, with an id of its own; it names the payment. Ids of any length are one of sixteen digits."""
    own = hashlib.sha256((event.refund or message_id).encode()).hexdigest()[:16]
    return PaymentEntry(
        kind="returned", amount=event.amount, currency=event.currency, booked_on=event.on,
        entry_id=f"{event.payment} {event.type} {own}",
        references=(session.get_one(BillRow, order.bill_id).number,), original_id=event.payment,
    )  # fmt: skip
