"""A sample bill of an invented customer, for previewing a brand before its first feed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from bill import Bill, Brand, Identifier, Line, Party, Period, PostalAddress, Totals, VatBreakdown, round_money
from words.printed_label import L_, printed_label

NUMBER: Final = "SPECIMEN-0001"
_RATE: Final = Decimal(20)
#: Quantity, unit (UN/ECE Recommendation 20) and price of each line; and the names of the lines.
_ITEMS: Final = (("1", "MON", "14.90"), ("12", "C62", "3.25"), ("1", "MON", "5.00"))
_NAMES: Final = (L_("Abonnement"), L_("Prestation au détail"), L_("Option, du premier au dernier jour"))
_BUYER: Final = Party(
    name="Camille Modèle",
    identifiers=(Identifier(value="C-0000"),),
    address=PostalAddress(line1="1 rue de l’Exemple", postcode="44000", city="Nantes", country="FR"),
)


def sample_bill(brand: Brand, day: date) -> Bill:
    """Return a small sample bill of *brand*, issued on *day*. It cannot be paid."""
    period = Period(start=day - timedelta(days=30), end=day - timedelta(days=1))
    lines = tuple(
        Line(
            id=str(place), name=printed_label(name, brand.language), quantity=Decimal(quantity), unit=unit,
            net_price=Decimal(price), net_amount=Decimal(quantity) * Decimal(price), vat_category="S", vat_rate=_RATE,
            period=period,
        )
        for place, (name, (quantity, unit, price)) in enumerate(zip(_NAMES, _ITEMS, strict=True), 1)
    )  # fmt: skip
    net = sum((line.net_amount or Decimal(0) for line in lines), Decimal(0))
    vat = round_money(net * _RATE / 100)
    return Bill(
        number=NUMBER, issue_date=day, due_date=day + timedelta(days=20), currency="EUR", seller=brand.sender,
        buyer=_BUYER, period=period, lines=lines,
        totals=Totals(payable=net + vat, gross=net + vat, net=net, vat=vat, lines=net),
        vat=(VatBreakdown(category="S", rate=_RATE, taxable=net, vat=vat),),
    )  # fmt: skip
