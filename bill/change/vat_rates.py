"""The VAT rate that a line of a bill is taxed at, and the VAT that its lines do not tell."""

from decimal import Decimal
from typing import Final

from bill.bill import Bill
from bill.money import CENT, ZERO

_HUNDRED: Final = Decimal(100)
_TENTH: Final = Decimal("0.1")


class VatRates:
    """The VAT rates of one bill, as fractions: a line's own, else that of its category where the bill has one rate for
    it, else the only rate that gives the bill's VAT. A bill without VAT has none, whatever its lines say; one whose
    VAT comes to nothing, since what it takes back is as much as what it charges, has that of its lines."""

    def __init__(self, bill: Bill) -> None:
        self.total = _vat_of(bill)
        listed = [each.category for each in bill.vat]
        self._by_category = {each.category: each.rate or ZERO for each in bill.vat if listed.count(each.category) == 1}
        rates = {each.rate or ZERO for each in bill.vat}
        self._only = rates.pop() if len(rates) == 1 else None
        self._implied = _implied_rate(bill, self.total)
        self._is_untaxed = not self.total and bool(bill.totals.net) and not any(each.vat for each in bill.vat)

    def of(self, category: str, rate: Decimal | None) -> Decimal:
        """The rate of a line, allowance or charge with this category and rate."""
        if self._is_untaxed:
            return ZERO
        if rate is not None:
            return rate / _HUNDRED
        if category in self._by_category:
            return self._by_category[category] / _HUNDRED
        if self._only is not None:
            return self._only / _HUNDRED
        return self._implied / _HUNDRED


def _vat_of(bill: Bill) -> Decimal:
    """The VAT in the bill's total, however it is said."""
    totals = bill.totals
    if totals.vat is not None:
        return totals.vat
    if bill.vat:
        return sum((each.vat or ZERO for each in bill.vat), ZERO)
    return totals.gross - totals.net if totals.gross is not None and totals.net is not None else ZERO


def _implied_rate(bill: Bill, vat: Decimal) -> Decimal:
    """The rate in per cent, with one decimal place, that gives the bill's VAT to the cent; 0 if none does."""
    net = bill.totals.net if bill.totals.net is not None else bill.totals.lines
    if not net or bill.vat:
        return ZERO
    rate = (vat * _HUNDRED / net).quantize(_TENTH)
    return rate if abs(net * rate / _HUNDRED - vat) <= CENT else ZERO
