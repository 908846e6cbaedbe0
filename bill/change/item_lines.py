"""The lines of a bill as amounts to compare: quantity, price, net amount without the line's own allowances, VAT rate.

Each amount is counted once: groups, information lines and sub-lines are left out (`bill.line.outline`). Amounts and
quantities of a credit note are negative.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from bill.bill import Bill
from bill.change.vat_rates import VatRates
from bill.line import AllowanceCharge, LinePart, Period, outline
from bill.money import CENT, ZERO

_ONE: Final = Decimal(1)


class ItemLine(NamedTuple):
    """A line, or an allowance or charge (`kind`). *price* is net, for one unit; None where the bill's quantity and
    price do not give its amount. *start* and *end* are the days that it is for."""

    kind: str  # item, allowance, charge
    name: str
    amount: Decimal
    rate: Decimal
    object_id: str = ""
    seller_id: str = ""
    standard_id: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    start: date | None = None
    end: date | None = None

    @property
    def exact(self) -> Decimal:
        """The net amount before it was rounded to the cent, where the price tells it."""
        return self.amount if self.quantity is None or self.price is None else self.quantity * self.price


def item_lines(bill: Bill, rates: VatRates) -> list[ItemLine]:
    """All counted amounts of a bill without VAT, in its order: lines with their allowances and charges, then those of
    the whole bill."""
    sign = -_ONE if bill.is_credit_note else _ONE
    found: list[ItemLine] = []
    for placed in outline(bill.lines):
        if placed.counts:
            found += _of_line(placed.line, bill.period, rates, sign)
    return [*found, *_allowances(bill.allowances_charges, rates, sign)]


def _of_line(line: LinePart, billed: Period | None, rates: VatRates, sign: Decimal) -> Iterator[ItemLine]:
    rate = rates.of(line.vat_category, line.vat_rate)
    priced = _priced(line)
    amount = line.net_amount if line.net_amount is not None else priced or ZERO
    extra = line.allowances_charges
    added = sum((each.amount if each.is_charge else -each.amount for each in extra), ZERO)
    if priced is not None and abs(priced - amount) <= CENT:
        extra = ()  # they are in the price, or told for information
    else:
        amount -= added
    is_told = priced is not None and abs(priced - amount) <= CENT
    start, end = _days(line.period, billed)
    yield ItemLine(
        "item", line.name or line.description or line.note, sign * amount, rate,
        line.object_id.value.strip() if line.object_id else "", line.seller_item_id.strip(),
        line.standard_item_id.value.strip() if line.standard_item_id else "", line.unit.strip().upper(),
        None if line.quantity is None else sign * line.quantity, _price(line) if is_told else None, start, end,
    )  # fmt: skip
    for each in _allowances(extra, rates, sign):
        yield each if each.rate else each._replace(rate=rate)


def _allowances(given: Sequence[AllowanceCharge], rates: VatRates, sign: Decimal) -> Iterator[ItemLine]:
    for each in given:
        signed = sign * (each.amount if each.is_charge else -each.amount)
        rate = rates.of(each.vat_category, each.vat_rate)
        yield ItemLine("charge" if each.is_charge else "allowance", each.reason, signed, rate)


def _price(line: LinePart) -> Decimal | None:
    """The net price of one unit: BT-146 is for BT-149 of them."""
    return None if line.net_price is None else line.net_price / (line.price_base or _ONE)


def _priced(line: LinePart) -> Decimal | None:
    """Quantity times price; None where one of them is not said."""
    price = _price(line)
    return None if price is None or line.quantity is None else line.quantity * price


def _days(own: Period | None, billed: Period | None) -> tuple[date | None, date | None]:
    """The first and last day of a line: its own period, else the bill's."""
    for period in (own, billed):
        if period is not None and period.start is not None and period.end is not None and period.start <= period.end:
            return period.start, period.end
    return None, None
