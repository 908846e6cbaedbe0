"""The sums that the checks compute once per bill: by VAT category and rate, and over the whole bill; and rounding."""

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
    """The sums, filled by the checks of lines and allowances, read by the checks of totals and VAT breakdown."""

    lines: Decimal = ZERO
    allowances: Decimal = ZERO
    charges: Decimal = ZERO
    taxed: dict[Key, Decimal] = field(default_factory=dict)
    of_lines: set[str] = field(default_factory=set)  # VAT categories
    of_allowances: set[str] = field(default_factory=set)
    of_charges: set[str] = field(default_factory=set)
    _by_category: dict[str, Decimal] | None = None

    def of_category(self, category: str) -> Decimal:
        """Return the taxable amount of a category, over all its rates."""
        if self._by_category is None:
            self._by_category = {}
            for (one, _), amount in self.taxed.items():
                self._by_category[one] = self._by_category.get(one, ZERO) + amount
        return self._by_category.get(category, ZERO)


def cents(amount: Decimal) -> Decimal:
    """Return the amount rounded to two decimals, half up, as the official validation does."""
    return (amount * _HUNDRED + _HALF).to_integral_value(ROUND_FLOOR) / _HUNDRED


def adds_up(said: Decimal, due: Decimal) -> bool:
    """Return whether a total (*said*) equals the computed sum (*due*), exactly or rounded. Rounding is costly, so
    equality is tried first."""
    return said == due or said == cents(due)


def places(amount: Decimal) -> int:
    """Return the number of decimals that an amount is written with."""
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
