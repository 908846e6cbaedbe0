"""Which part of a payment a return of less than the whole takes back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from bill import ZERO
from payments.matching.movement import Share


class PartGoneBack(NamedTuple):
    """The *shares* that went back, and what of the payment's *rest*."""

    shares: tuple[Share, ...]
    rest: Decimal = ZERO

    def from_shares(self, shares: Sequence[Share]) -> tuple[Share, ...]:
        """What is left of these shares; a share of which nothing is left is out."""
        gone = dict(self.shares)
        left = ((bill_id, amount - gone.get(bill_id, ZERO)) for bill_id, amount in shares)
        return tuple((bill_id, amount) for bill_id, amount in left if amount)


def part_gone_back(shares: Sequence[Share], rest: Decimal, amount: Decimal) -> PartGoneBack | None:
    """Of a payment with these shares and this rest *amount* goes back: of the rest first, then of its one bill, or of
    the one bill with just this share. None if nobody can tell."""
    of_rest = min(rest, amount)
    left = amount - of_rest
    paying = [each for each in shares if each[1] > 0]
    if not left or not paying:
        return PartGoneBack((), of_rest)
    meant = paying if len(paying) == 1 else [each for each in paying if each[1] == left]
    if len(meant) != 1:
        return None
    [(bill_id, share)] = meant
    return PartGoneBack(((bill_id, min(left, share)),), of_rest)
