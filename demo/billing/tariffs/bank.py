"""Bank fees of three months: mostly exempt from VAT (CGI 261 C), none for young customers."""

from datetime import date
from decimal import Decimal
from typing import Final

from bill import Line
from demo.billing.bill_totals import line
from demo.people.contract import Contract

PACKAGES: Final = (
    ("Convention Essentiel", Decimal("3.20")),
    ("Convention Horizon", Decimal("7.90")),
    ("Convention Grand Large", Decimal("14.50")),
)
FREE: Final = "Convention Premiers Pas, offerte"
INSURANCE: Final = Decimal("2.10")
SAFE: Final = Decimal("6.25")
WITHDRAWAL: Final = Decimal("2.80")
INTERVENTION: Final = Decimal("8.00")


def lines(contract: Contract, month: date) -> list[Line]:
    """Return the fees of the three months from *month* on."""
    steady, rng = contract.steady_random, contract.monthly_random(month)
    if steady.random() < 0.06:
        return [line(FREE, 3, "MON", Decimal("0.00"), "0", "E")]
    package, price = steady.choice(PACKAGES)
    found = [line(package, 3, "MON", price, "0", "E")]
    if steady.random() < 0.4:
        found.append(line("Assurance des moyens de paiement", 3, "MON", INSURANCE, "0", "E"))
    if steady.random() < 0.12:
        found.append(line("Location d’un coffre", 3, "MON", SAFE, "20"))
    if rng.random() < 0.2:
        found.append(line("Retraits hors de la zone euro", rng.randint(1, 4), "C62", WITHDRAWAL, "0", "E"))
    if rng.random() < 0.08:
        found.append(line("Commissions d’intervention", rng.randint(1, 2), "C62", INTERVENTION, "0", "E"))
    return found
