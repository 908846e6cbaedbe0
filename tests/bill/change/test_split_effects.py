"""The split of a product and the rounding of its parts: no order is preferred, nothing is lost."""

from decimal import Decimal

import pytest

from bill.change.cent_allocation import allocate
from bill.change.split_effects import split_effects

CENT = Decimal("0.01")


def decimals(*values: str) -> list[Decimal]:
    return [Decimal(value) for value in values]


def test_of_two_factors_each_is_taken_at_the_others_mean() -> None:
    assert split_effects(decimals("2", "10"), decimals("4", "30")) == [Decimal(40), Decimal(60)]


def test_a_factor_that_did_not_change_has_no_effect() -> None:
    assert split_effects(decimals("2", "10", "3"), decimals("2", "10", "5")) == [0, 0, Decimal(40)]


def test_the_order_of_the_factors_does_not_matter() -> None:
    before, now = decimals("2", "3", "5", "1.2"), decimals("4", "9", "6", "1.05")
    forward = split_effects(before, now)
    assert split_effects(before[::-1], now[::-1])[::-1] == forward
    assert split_effects(now, before) == [-effect for effect in forward]
    assert abs(sum(forward) - (Decimal("226.8") - 36)) < Decimal("1e-20")


def test_what_is_left_over_goes_to_those_that_lost_most() -> None:
    assert allocate(decimals("1.004", "1.009", "1.007"), Decimal("3.02"), CENT) == decimals("1.00", "1.01", "1.01")
    assert allocate(decimals("-1.004", "-1.009", "-1.007"), Decimal("-3.02"), CENT) == decimals(
        "-1.00", "-1.01", "-1.01"
    )


def test_nothing_stays_nothing_and_a_fraction_goes_to_the_largest() -> None:
    assert allocate(decimals("0", "2.50", "1"), Decimal("3.505"), CENT) == decimals("0", "2.505", "1")
    assert allocate(decimals("0"), Decimal(0), CENT) == [0]
    with pytest.raises(ValueError, match="no amount"):
        allocate(decimals("0"), CENT, CENT)
