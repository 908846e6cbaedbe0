"""Splits the change of a product of factors (days x quantity a day x price x tax) into one effect a factor."""

from collections.abc import Sequence
from decimal import Decimal
from math import factorial, prod
from typing import Final

from bill.money import ZERO

_ONE: Final = Decimal(1)


def split_effects(before: Sequence[Decimal], now: Sequence[Decimal]) -> list[Decimal]:
    """The Shapley value of each factor: its effect, averaged over every order in which the factors may have changed.

    The effects add up to `prod(now) - prod(before)`, as far as the context's precision goes; a factor that did not
    change has none; no order of the factors is preferred; and the two bills swapped give the same effects negated.
    For two factors this is the midpoint rule: change of one times the mean of the other.
    """
    pairs = list(zip(before, now, strict=True))
    changed = [n for n, (old, new) in enumerate(pairs) if old != new]
    steady = prod((old for old, new in pairs if old == new), start=_ONE)
    effects = [ZERO] * len(pairs)
    count = len(changed)
    products = [_product([pairs[n] for n in changed], chosen) for chosen in range(1 << count)]
    for bit, place in enumerate(changed):
        total = ZERO
        for chosen in range(1 << count):
            if not chosen >> bit & 1:
                weight = factorial(chosen.bit_count()) * factorial(count - 1 - chosen.bit_count())
                total += weight * (products[chosen | 1 << bit] - products[chosen])
        effects[place] = steady * total / factorial(count)
    return effects


def _product(pairs: Sequence[tuple[Decimal, Decimal]], chosen: int) -> Decimal:
    """The product of the factors, new where *chosen* has their bit."""
    return prod((new if chosen >> bit & 1 else old for bit, (old, new) in enumerate(pairs)), start=_ONE)
