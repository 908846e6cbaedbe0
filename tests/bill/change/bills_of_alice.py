"""Bills of Alice for one month of electricity, built term by term, with totals that are consistent to the cent."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bill import AllowanceCharge, Bill, Line, Period, Totals, VatBreakdown, round_money

JANUARY = Period(start=date(2026, 1, 1), end=date(2026, 1, 31))
FEBRUARY = Period(start=date(2026, 2, 1), end=date(2026, 2, 28))
MARCH = Period(start=date(2026, 3, 1), end=date(2026, 3, 31))


def a_line(
    name: str = "Toutes heures", quantity: str | int = 200, price: str = "0.1500", unit: str = "KWH", rate: str = "20",
    **more: Any,
) -> Line:  # fmt: skip
    amount = round_money(Decimal(quantity) * Decimal(price))
    return Line(
        name=name, quantity=Decimal(quantity), net_price=Decimal(price), unit=unit, net_amount=amount, vat_category="S",
        vat_rate=Decimal(rate), **more,
    )  # fmt: skip


def a_bill(
    *lines: Line,
    period: Period | None = JANUARY,
    extras: Sequence[AllowanceCharge] = (),
    number: str = "F",
    **more: Any,
) -> Bill:
    """VAT is rounded once for each rate, on lines, allowances and charges."""
    taxable: dict[Decimal, Decimal] = {}
    for line in lines:
        if line.counts:
            rate = line.vat_rate or Decimal(0)
            taxable[rate] = taxable.get(rate, Decimal(0)) + (line.net_amount or Decimal(0))
    for each in extras:
        rate = each.vat_rate or Decimal(0)
        taxable[rate] = taxable.get(rate, Decimal(0)) + (each.amount if each.is_charge else -each.amount)
    vat = tuple(
        VatBreakdown(category="S", rate=rate, taxable=amount, vat=round_money(amount * rate / 100))
        for rate, amount in taxable.items()
    )
    net = sum(taxable.values(), Decimal(0))
    tax = sum((each.vat or Decimal(0) for each in vat), Decimal(0))
    fields: dict[str, Any] = {
        "currency": "EUR", "issue_date": date(2026, 3, 1), "vat": vat, "allowances_charges": tuple(extras),
        "totals": Totals(payable=net + tax, gross=net + tax, net=net, vat=tax),
    }  # fmt: skip
    return Bill(number=number, lines=lines, period=period, **(fields | more))
