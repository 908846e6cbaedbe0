"""Checks that the parts of a payment are no more than the whole."""

from collections.abc import Iterator

import msgspec

from bill import ZERO, Finding, warning
from bill.payment.payment_entry import PaymentEntry


def checked_shares(payment: PaymentEntry) -> Iterator[PaymentEntry | Finding]:
    """Yield the payment; where its parts are more than the whole, without them, and say so."""
    parts = sum((each.amount for each in payment.shares), ZERO)
    if parts > payment.amount:
        sentence = "the amounts of the documents add up to {sum}, and {amount} was paid"
        yield warning("PAYMENT-SHARES", sentence, payment.place, sum=parts, amount=payment.amount)
        payment = msgspec.structs.replace(payment, shares=())
    yield payment
