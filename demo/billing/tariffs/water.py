"""The water tariff for two months: water, drainage, the water agency's levy, at two VAT rates."""

from datetime import date
from decimal import Decimal
from typing import Final

from bill import Attribute, Line
from demo.billing.bill_totals import line, under
from demo.month_arithmetic import later
from demo.people.contract import Contract

WATER_VAT: Final = "5.5"  # CGI 278-0 bis
DRAIN_VAT: Final = "10"  # CGI 279 b
SUBSCRIPTION: Final = Decimal("4.90")  # euros a month without tax
WATER: Final = Decimal("1.8740")  # a cubic metre, as all below
LEVY: Final = Decimal("0.3300")
DRAIN: Final = Decimal("2.1150")
_SUMMER: Final = (5, 6, 7, 8)
_ESTIMATED_BILLS: Final = 3


def lines(contract: Contract, month: date) -> list[Line]:
    """Return the lines of the two months from *month* on. One bill in three is estimated; the next corrects it."""
    used, read = _billed(contract, month), "estimée" if is_estimated(contract, month) else "relevée"
    meter = (Attribute(name="Compteur", value=contract.meter), Attribute(name="Consommation", value=read))
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
    return max(1, round(_usual(contract, month) * contract.monthly_random(month).uniform(0.85, 1.15)))


def is_estimated(contract: Contract, month: date) -> bool:
    """Whether the meter is not read at the end of the two months from *month* on; it is at the first and the last."""
    turn = (month.year * 12 + month.month) // 2 + int(contract.number)
    is_last = contract.until is not None and later(month, 2) >= contract.until
    return turn % _ESTIMATED_BILLS == 0 and month > contract.since and not is_last


def _usual(contract: Contract, month: date) -> float:
    return contract.person.rooms * 5.2 * (1.25 if month.month in _SUMMER else 1.0)


def _supposed(contract: Contract, month: date) -> int:
    return max(1, round(_usual(contract, month)))


def _billed(contract: Contract, month: date) -> int:
    """Return the cubic metres that are billed: supposed ones, or those up to the reading less what was supposed too
    much before."""
    if is_estimated(contract, month):
        return _supposed(contract, month)
    used, past = consumption(contract, month), later(month, -2)
    if is_estimated(contract, past):
        used += consumption(contract, past) - _supposed(contract, past)
    return used
