"""Calculates line amounts, VAT breakdown and totals of a demo bill (EN 16931 BR-CO-10 to BR-CO-17)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec.structs import replace

from bill import CENT, GROUP, ZERO, Attribute, Line, Totals, VatBreakdown, round_money

#: VAT exemption reason text (BT-120) by VAT category.
EXEMPTIONS: Final = {"E": "Exonération de TVA, article 261 C du code général des impôts"}


def line(
    name: str, quantity: Decimal | int, unit: str, price: Decimal, rate: str, category: str = "S", **more: Any
) -> Line:
    """Return a line with its net amount (BT-131): quantity times price, rounded half up to the cent. *more* are further
    fields of `Line`."""
    quantity = Decimal(quantity)
    return Line(
        name=name, quantity=quantity, unit=unit, net_price=price, net_amount=round_money(quantity * price),
        vat_category=category, vat_rate=Decimal(rate), **more,
    )  # fmt: skip


def under(group: str, *lines: Line) -> list[Line]:
    """Return the lines with *group* as their group heading (an item attribute, BG-32)."""
    heading = Attribute(name=GROUP, value=group)
    return [replace(each, attributes=(heading, *each.attributes)) for each in lines]


def numbered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines numbered from 1 (BT-126)."""
    return tuple(replace(each, id=str(place)) for place, each in enumerate(lines, 1))


def totals_and_vat(lines: Sequence[Line]) -> tuple[Totals, tuple[VatBreakdown, ...]]:
    """Return totals and VAT breakdown of *lines*. VAT is rounded once for each category and rate (BR-CO-17)."""
    taxable: dict[tuple[str, Decimal], Decimal] = {}
    for each in lines:
        key = each.vat_category, each.vat_rate or ZERO
        taxable[key] = taxable.get(key, ZERO) + (each.net_amount or ZERO)
    vat = tuple(_breakdown(category, rate, amount) for (category, rate), amount in taxable.items())
    net = sum(taxable.values(), ZERO * CENT)
    tax = sum((each.vat or ZERO for each in vat), ZERO * CENT)
    totals = Totals(lines=net, net=net, vat=tax, gross=net + tax, payable=net + tax)
    return totals, vat


def _breakdown(category: str, rate: Decimal, taxable: Decimal) -> VatBreakdown:
    reason = EXEMPTIONS.get(category, "")
    tax = round_money(taxable * rate / 100)
    return VatBreakdown(category=category, rate=rate, taxable=taxable, vat=tax, exemption_reason=reason)
