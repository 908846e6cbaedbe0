"""The electricity tariff: subscription, seasonal consumption in kWh, taxes."""

from datetime import date
from decimal import Decimal
from typing import Final

from bill import Attribute, Line
from demo.billing.bill_totals import line, under
from demo.month_arithmetic import later
from demo.people.contract import Contract

VAT: Final = "20"
#: Heating weight of each month in the west of France, January first; the sum is 12.
COLD: Final = (2.5, 2.2, 1.7, 1.0, 0.4, 0.1, 0.0, 0.0, 0.2, 0.7, 1.4, 1.8)
#: Contribution tarifaire d'acheminement, euros a month.
TRANSPORT: Final = Decimal("1.84")
#: The day of the price change: before it the first price counts, from it on the second (euros without tax).
NEW_PRICES: Final = date(2026, 2, 1)
SUBSCRIPTION: Final = (Decimal("12.17"), Decimal("12.45"))  # a month
BASE: Final = (Decimal("0.1358"), Decimal("0.1441"))  # a kWh, as all below
PEAK: Final = (Decimal("0.1498"), Decimal("0.1586"))
OFF_PEAK: Final = (Decimal("0.1106"), Decimal("0.1164"))
EXCISE: Final = (Decimal("0.02998"), Decimal("0.03085"))
_OFF_PEAK_SHARE: Final = 0.38
#: The day of the first meter readings; newer meters start later.
METERS_READ: Final = date(2025, 1, 1)


def lines(contract: Contract, month: date) -> list[Line]:
    """Return the lines of one month."""
    used, now = consumption(contract, month), int(month >= NEW_PRICES)
    return [
        *under("Abonnement", line("Puissance souscrite 6 kVA", 1, "MON", SUBSCRIPTION[now], VAT)),
        *under("Consommation", *_energy(contract, month, used)),
        *under(
            "Taxes et contributions",
            line("Accise sur l’électricité", used, "KWH", EXCISE[now], VAT),
            line("Contribution tarifaire d’acheminement", 1, "MON", TRANSPORT, VAT),
        ),
    ]


def notes(month: date) -> tuple[str, ...]:
    """Return the notes of a month's bills."""
    if month == NEW_PRICES:
        return ("Les prix de l’électricité ont changé le 1er février 2026 : le détail est ligne par ligne ci-dessous.",)
    return ()


def consumption(contract: Contract, month: date) -> int:
    """Return the kilowatt-hours of a month: light and cooking all year, heating in the cold months."""
    rooms, cold = contract.person.rooms, COLD[month.month - 1]
    warmth = 55 * rooms * cold if contract.person.heats_by_electricity else 12 * cold
    return round((55 + 48 * rooms + warmth) * contract.monthly_random(month).uniform(0.92, 1.08))


def reading(contract: Contract, month: date) -> int:
    """Return the meter reading at the beginning of *month*, in kWh."""
    shown = contract.steady_random.randint(4_000, 38_000)
    past = max(contract.since, METERS_READ)
    while past < month:
        shown += consumption(contract, past)
        past = later(past, 1)
    return shown


def _energy(contract: Contract, month: date, used: int) -> list[Line]:
    """Return the consumption lines: one tariff, or two with electric heating."""
    shown, now = reading(contract, month), int(month >= NEW_PRICES)
    if not contract.person.heats_by_electricity:
        return [_measured("Toutes heures", used, BASE[now], shown)]
    cheap_shown = round(shown * _OFF_PEAK_SHARE)
    cheap = round((shown + used) * _OFF_PEAK_SHARE) - cheap_shown
    return [
        _measured("Heures pleines", used - cheap, PEAK[now], shown - cheap_shown),
        _measured("Heures creuses", cheap, OFF_PEAK[now], cheap_shown),
    ]


def _measured(name: str, used: int, price: Decimal, shown: int) -> Line:
    index = Attribute(name="Index", value=f"{shown} à {shown + used} kWh")
    return line(name, used, "KWH", price, VAT, attributes=(index,))
