"""What faults in its data cost an issuer: letters in place of notices, and a person's minutes. Pure.

Prices are public ones for an issuer whose profile names none of its own (`[quality]`). What a fault asks of a person is
our own estimate, in whole minutes, and is shown beside every sum.
"""

from decimal import Decimal
from typing import Final, NamedTuple

from bill import ZERO
from issuers.data_quality_rules import QualityRule

#: EUR a letter: La Poste, Lettre verte up to 20 g, public price since 1 January 2026. Printing comes on top of it, a
#: contract for bulk mail takes from it.
LETTER: Final = Decimal("1.52")
#: EUR a minute: Eurostat, hourly labour costs 2024, euro area, whole economy: 37.30 EUR an hour.
MINUTE: Final = Decimal("0.62")


class FaultCost(NamedTuple):
    """What one finding costs: letters, and minutes of a person; *on_paper*: only where the bill goes on paper."""

    letters: int = 0
    minutes: int = 0
    on_paper: bool = False


class Prices(NamedTuple):
    """EUR for a letter, and for a person's minute."""

    letter: Decimal = LETTER
    minute: Decimal = MINUTE


class Cost(NamedTuple):
    """What findings have cost: letters, minutes and their sum in EUR."""

    letters: int
    minutes: int
    amount: Decimal


#: A rule that is not here costs nothing that could be counted.
COSTS: Final[dict[QualityRule, FaultCost]] = {
    "DQ-MAIL": FaultCost(letters=1, on_paper=True),
    "DQ-MAIL-PHONE": FaultCost(letters=1, on_paper=True),
    "DQ-ADDRESS-STREET": FaultCost(minutes=5, on_paper=True),
    "DQ-ADDRESS-TOWN": FaultCost(minutes=5, on_paper=True),
    "DQ-ADDRESS-POSTCODE": FaultCost(minutes=5, on_paper=True),
    "DQ-ADDRESS-CUT": FaultCost(minutes=3, on_paper=True),
    "DQ-IBAN": FaultCost(minutes=10),
    "DQ-CREDIT-NEGATIVE": FaultCost(minutes=10),
    "DQ-LINES-DIFFER": FaultCost(minutes=10),
    "DQ-VAT": FaultCost(minutes=3),
    "DQ-SIREN": FaultCost(minutes=3),
}


def cost_of(rule: QualityRule, findings: int, paper_share: float, prices: Prices) -> Cost:
    """Returns what so many findings of a rule have cost, of whose bills *paper_share* (0 to 1) went on paper."""
    each = COSTS.get(rule, FaultCost())
    counted = round(findings * paper_share) if each.on_paper else findings
    letters, minutes = counted * each.letters, counted * each.minutes
    return Cost(letters, minutes, letters * prices.letter + minutes * prices.minute)


def total_cost(costs: list[Cost]) -> Cost:
    """Returns the sum of these."""
    return Cost(
        sum(cost.letters for cost in costs),
        sum(cost.minutes for cost in costs),
        sum((cost.amount for cost in costs), ZERO),
    )
