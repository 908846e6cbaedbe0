"""A stored payment entry as it is matched: who told it, and what a person decided."""

from datetime import date
from decimal import Decimal
from typing import Final, Literal

import msgspec

from bill.payment.payment_entry import PaymentEntry
from store.payments.payment import Teller

#: Kinds that bring money for bills.
INCOMING: Final = frozenset({"received", "collected"})
#: The kinds that each kind undoes.
UNDOES: Final = {
    "returned": INCOMING,
    "refused": frozenset({"announced"}),
    "refund_returned": frozenset({"refunded"}),
}  # fmt: skip

Share = tuple[int, Decimal]  # bill id, amount


class PaymentDecision(msgspec.Struct, frozen=True):
    """A person's word on a payment: the bills it is of with their amounts, or (*is_ignored*) that it is of none."""

    shares: tuple[Share, ...] = ()
    is_ignored: bool = False


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """*identity* orders payments of one day, the same on every machine. *feed_id* is the file that told of it; None of
    the API."""

    payment_id: int
    identity: str
    entry: PaymentEntry
    told_by: Teller = "bank"
    decision: PaymentDecision | None = None
    feed_id: int | None = None

    @property
    def order(self) -> tuple[date, str, str]:
        """Movements are matched in this order, in whichever they came."""
        return self.entry.booked_on, self.entry.kind, self.identity


Outcome = Literal["matched", "part", "waiting", "ignored", "duplicate"]


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a movement. *why* is a code: by what it was matched, or why it waits (`WHY`). *shares* are the
    bills it is of; *rest* is the money that is of none: the account's, in favour, less what of it went back. It was
    paid too much of the bill *rest_of*; so was all of a payment that waits since its bill asks nothing any more.
    *undoes* is the payment that a return undoes, *same_as* the one that tells the same."""

    payment_id: int
    outcome: Outcome
    why: str
    shares: tuple[Share, ...] = ()
    rest: Decimal = Decimal(0)
    rest_of: int | None = None
    undoes: int | None = None
    same_as: int | None = None
    account_id: int | None = None

    def with_rest(self, rest: Decimal) -> "Match":
        """The same match with so much of it that is of no bill."""
        outcome: Outcome = "part" if rest else "matched"
        return msgspec.structs.replace(self, outcome=outcome, rest=rest, rest_of=self.rest_of if rest else None)


#: Why a payment waits whose bill is settled: all of it was paid too much.
PAID_TOO_MUCH: Final = frozenset({"paid_twice", "already_paid", "asks_nothing"})
#: By what a payment was matched by itself, surest first. The first four name the bill; they also tell whose IBAN it is.
NAMED_BY: Final = ("reference", "end_to_end", "text", "mandate")
GUESSED_BY: Final = ("typing_error", "account_and_amount")
