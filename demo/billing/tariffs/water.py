"""The water tariff for two months: water, drainage, the water agency's levy, at two VAT rates."""

from datetime import date
from decimal import Decimal
from typing import Final

from bill import Attribute, Line
from demo.billing.bill_totals import line, under
from demo.people.contract import Contract

WATER_VAT: Final = "5.5"  # CGI 278-0 bis
DRAIN_VAT: Final = "10"  # CGI 279 b
SUBSCRIPTION: Final = Decimal("4.90")  # euros a month without tax
WATER: Final = Decimal("1.8740")  # a cubic metre, as all below
LEVY: Final = Decimal("0.3300")
DRAIN: Final = Decimal("2.1150")
_SUMMER: Final = (5, 6, 7, 8)


def lines(contract: Contract, month: date) -> list[Line]:
    """Return the lines of the two months from *month* on."""
    used = consumption(contract, month)
    meter = (Attribute(name="Compteur", value=contract.meter),)
    return [
        *under(
            "Distribution de l’eau",
            line("Abonnement au service de l’eau", 2, "MON", SUBSCRIPTION, WATER_VAT),
            line("Eau potable", used, "MTQ", WATER, WATER_VAT, attributes=meter),
        ),
        *under("Eaux usées", line("Collecte et traitement", used, "MTQ", DRAIN, DRAIN_VAT)),
        *under("Organismes publics", line("Redevance sur la consommation d’eau", used, "MTQ", LEVY, WATER_VAT)),
    ]


def consumption(contract: Contract, month: date) -> int:
    """Return the cubic metres of the two months from *month* on; more in summer."""
    garden = 1.25 if month.month in _SUMMER else 1.0
    return max(1, round(contract.person.rooms * 5.2 * garden * contract.monthly_random(month).uniform(0.85, 1.15)))
