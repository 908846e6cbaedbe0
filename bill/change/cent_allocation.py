"""Rounds amounts to the cent so that they add up to a given total: the method of largest remainders."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Final

from bill.money import ZERO

#: Digits beyond these are noise of divisions, and would decide between equal remainders.
FINEST: Final = Decimal("1e-15")


def allocate(amounts: Sequence[Decimal], total: Decimal, step: Decimal) -> list[Decimal]:
    """*amounts* in multiples of *step* that add up to *total* exactly; amounts of 0 stay 0. Each is cut off towards
    zero, and what is left over goes, step by step, to those that lost most; of equal ones to the first. A fraction of
    a step that *total* itself has goes to the largest amount. Negated amounts and total give negated shares.

    Raises ValueError if all amounts are 0 and the total is not.
    """
    cleaned = [amount.quantize(FINEST) for amount in amounts]
    steps = [int((amount / step).to_integral_value(ROUND_DOWN)) for amount in cleaned]
    wanted = int((total / step).to_integral_value(ROUND_DOWN))
    left = wanted - sum(steps)
    sign = 1 if left > 0 else -1
    lost = [sign * (amount - count * step) for amount, count in zip(cleaned, steps, strict=True)]
    order = sorted((n for n, amount in enumerate(cleaned) if amount), key=lambda n: -lost[n])
    fraction = total - wanted * step
    if not order:
        if total:
            raise ValueError("no amount to give the total to")
        return [ZERO] * len(steps)
    for turn in range(abs(left)):
        steps[order[turn % len(order)]] += sign
    shares = [count * step for count in steps]
    if fraction:
        shares[max(order, key=lambda n: abs(cleaned[n]))] += fraction
    return shares
