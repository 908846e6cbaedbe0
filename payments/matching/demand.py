"""A bill as a payment may mean it: what it asks, and what payers may call it."""

from datetime import date
from decimal import Decimal

import msgspec

from bill import ZERO


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """*asks* is what is asked without any payment, credits set off; *favour* what a credit note owes the customer.
    *keys* are what payers may call it, *mandates* those of its direct debit (`bill.payment.payment_reference_key`).
    *names* are of the buyer and of the account's holder."""

    bill_id: int
    account_id: int
    number: str
    currency: str
    asks: Decimal
    issued: date
    due: date | None = None
    favour: Decimal = ZERO
    is_collected: bool = False
    keys: frozenset[str] = frozenset()
    mandates: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
