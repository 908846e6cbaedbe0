"""What the checks add up, once a bill: by category and rate of VAT, and over the whole bill."""

from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from bill import ZERO

#: A VAT category (BT-151, BT-95, BT-102) and its rate.
Key = tuple[str, Decimal | None]

_HALF: Final = Decimal("0.5")
_HUNDRED: Final = Decimal(100)


@dataclass(slots=True)
class Sums:
    """Filled while lines and allowances are checked; read by the checks of the totals and of the VAT breakdown."""

    lines: Decimal = ZERO
    allowances: Decimal = ZERO
    charges: Decimal = ZERO
    taxed: dict[Key, Decimal] = field(default_factory=dict)
    of_lines: set[str] = field(default_factory=set)  # VAT categories
    of_allowances: set[str] = field(default_factory=set)
    of_charges: set[str] = field(default_factory=set)
    _by_category: dict[str, Decimal] | None = None

    def of_category(self, category: str) -> Decimal:
        """What is taxed in a category, at whatever rates."""
        if self._by_category is None:
            self._by_category = {}
            for (one, _), amount in self.taxed.items():
                self._by_category[one] = self._by_category.get(one, ZERO) + amount
        return self._by_category.get(category, ZERO)


def cents(amount: Decimal) -> Decimal:
    """Rounded to two decimals, a half upwards, as the official validation rounds."""
    return (amount * _HUNDRED + _HALF).to_integral_value(ROUND_FLOOR) / _HUNDRED


def adds_up(said: Decimal, due: Decimal) -> bool:
    """Whether a total is what its parts come to; rounding is rarely needed, and is not for free."""
    return said == due or said == cents(due)


def places(amount: Decimal) -> int:
    """How many decimals an amount is written with."""
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
