"""The telephone tariff: plan, options, use beyond the plan, and a discount for some."""

from datetime import date
from decimal import Decimal
from typing import Final

from bill import Line
from demo.billing.bill_totals import line, under
from demo.people.contract import Contract

VAT: Final = "20"
PLANS: Final = (
    ("Forfait mobile 40 Go", Decimal("10.83")),
    ("Forfait mobile 100 Go", Decimal("16.66")),
    ("Forfait mobile 200 Go 5G", Decimal("20.83")),
    ("Fibre et téléphone", Decimal("29.16")),
    ("Fibre, téléphone et télévision", Decimal("37.49")),
)
OPTIONS: Final = (
    ("Option télévision, sport", Decimal("8.33")),
    ("Assurance écran", Decimal("4.17")),
    ("Deuxième écran", Decimal("2.50")),
)
ABROAD: Final = Decimal("0.1917")  # a minute
PREMIUM: Final = Decimal("0.4167")  # a text message
LOYALTY: Final = Decimal("2.50")


def lines(contract: Contract, month: date) -> list[Line]:
    """Return the lines of one month."""
    steady, rng = contract.steady_random, contract.monthly_random(month)
    plan, price = steady.choice(PLANS)
    found = under("Abonnement", line(plan, 1, "MON", price, VAT, description=f"Ligne {contract.meter}"))
    if steady.random() < 0.35:
        option, price = steady.choice(OPTIONS)
        found += under("Options", line(option, 1, "MON", price, VAT))
    if rng.random() < 0.3:
        found += under("Hors forfait", line("Appels vers l’étranger", rng.randint(1, 64), "MIN", ABROAD, VAT))
    if rng.random() < 0.15:
        found += under("Hors forfait", line("SMS surtaxés", rng.randint(1, 9), "C62", PREMIUM, VAT))
    if steady.random() < 0.2:
        found += under("Remises", line("Remise fidélité", -1, "MON", LOYALTY, VAT))
    return found
