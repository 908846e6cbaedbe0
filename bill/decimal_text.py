"""Format an amount as a plain decimal for programs (`1234.50`)."""

from decimal import Decimal

from bill.money import minor_units


def amount_text(amount: Decimal, currency: str) -> str:
    """`1234.50`: a plain decimal with the currency's decimal places, and more only if they are not 0."""
    places = -int(amount.normalize().as_tuple().exponent)
    return f"{amount:.{max(places, minor_units(currency))}f}"
