"""A bill as a payment may mean it: what it asks, and what payers may call it."""

from datetime import date
from decimal import Decimal

import msgspec

from bill import ZERO


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """*asks* is what is asked without any payment, credits set off; *favour* what a credit note owes the customer.
    *keys* are what payers may call it, *mandates* those of its direct debit (`bill.payment.payment_reference_key`).
    *names* are of the buyer and of the account's holder.

    *face* is what it asked when it was issued, before credits and correctives; None: what it asks. A bill that was
    corrected asks nothing: what is paid of it is of the bill *replaced_by*; several where it was corrected twice and a
    person decides. A bill that *is_withdrawn* was recalled by its issuer and is of nobody."""

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
    face: Decimal | None = None
    replaced_by: tuple[int, ...] = ()
    is_withdrawn: bool = False

    @property
    def amount_seen(self) -> Decimal:
        """What its reader saw that it asks."""
        return self.asks if self.face is None else self.face
