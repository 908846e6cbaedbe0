"""Take in what a provider tells: the order changes its state, and a payment is stored and matched with the bill."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from bill.payment.payment_entry import MovementKind, PaymentEntry
from payments.online.provider_event import EventType, ProviderEvent
from payments.payment_identity import payment_identity
from payments.take_payments import take_payments
from store.bills.bill import BillRow
from store.db.state_change import change_state
from store.payments.payment_order import PaymentOrder

_STATES: Final[dict[EventType, str]] = {
    "payment.succeeded": "paid", "payment.failed": "failed", "payment.refunded": "returned",
    "payment.charged_back": "returned",
}  # fmt: skip
#: The states from which an event changes an order: a payment may succeed after another try failed.
_FROM: Final[dict[EventType, list[str]]] = {
    "payment.succeeded": ["open", "failed"], "payment.failed": ["open"],
    "payment.refunded": ["open", "failed", "paid"], "payment.charged_back": ["open", "failed", "paid"],
}  # fmt: skip
_MOVEMENTS: Final[dict[EventType, MovementKind]] = {
    "payment.succeeded": "received", "payment.refunded": "returned", "payment.charged_back": "returned",
}  # fmt: skip


def take_provider_event(session: Session, order: PaymentOrder, event: ProviderEvent, now: datetime) -> None:
    """Take an event of this order. The same event again changes nothing; one that comes before another that it follows
    from is kept all the same, since payments are matched in any order."""
    movement = _MOVEMENTS.get(event.type)
    if movement is not None:
        number = session.get_one(BillRow, order.bill_id).number
        entry = _entry(event, movement, number)
        take_payments(session, order.issuer_id, {payment_identity(entry): entry}, "issuer", now)
    change_state(
        session, PaymentOrder, order.id, _FROM[event.type], _STATES[event.type], now, by="payment provider",
        settled_at=now, provider_payment=event.payment,
    )  # fmt: skip


def _entry(event: ProviderEvent, kind: MovementKind, number: str) -> PaymentEntry:
    """The movement as an issuer would tell it. What went back has an id of its own, and names the payment."""
    is_back = kind == "returned"
    return PaymentEntry(
        kind=kind, amount=event.amount, currency=event.currency, booked_on=event.on,
        entry_id=f"{event.payment} {event.type}" if is_back else event.payment, references=(number,),
        original_id=event.payment if is_back else "",
    )  # fmt: skip
