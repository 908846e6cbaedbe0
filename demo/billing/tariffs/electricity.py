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
#: One month in so many is estimated, at a mild month's share of the usual consumption.
_ESTIMATED_MONTHS: Final = 4
_MILD: Final = 0.94


def lines(contract: Contract, month: date) -> list[Line]:
    """Return the lines of one month. Consumption is what the meter says, or what is supposed in a month in which it is
    not read; the next month bills from the supposed reading to the one that was read, and so corrects it."""
    begins, ends = billed_readings(contract, month)
    now = int(month >= NEW_PRICES)
    return [
        *under("Abonnement", line("Puissance souscrite 6 kVA", 1, "MON", SUBSCRIPTION[now], VAT)),
        *under("Consommation", *_energy(contract, month, begins, ends)),
        *under(
            "Taxes et contributions",
            line("Accise sur l’électricité", ends - begins, "KWH", EXCISE[now], VAT),
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
    return round(_usual(contract, month) * contract.monthly_random(month).uniform(0.92, 1.08))


def _usual(contract: Contract, month: date) -> float:
    rooms, cold = contract.person.rooms, COLD[month.month - 1]
    warmth = 55 * rooms * cold if contract.person.heats_by_electricity else 12 * cold
    return 55 + 48 * rooms + warmth


def reading(contract: Contract, month: date) -> int:
    """Return the meter reading at the beginning of *month*, in kWh."""
    shown = contract.steady_random.randint(4_000, 38_000)
    past = max(contract.since, METERS_READ)
    while past < month:
        shown += consumption(contract, past)
        past = later(past, 1)
    return shown


def billed_readings(contract: Contract, month: date) -> tuple[int, int]:
    """Return the readings at the beginning and the end of *month* that its bill goes by: the meter's, or a supposed one
    after a month in which it was not read."""
    begins, past = reading(contract, month), later(month, -1)
    ends = begins + (_supposed(contract, month) if is_estimated(contract, month) else consumption(contract, month))
    if is_estimated(contract, past):
        begins += _supposed(contract, past) - consumption(contract, past)
    return begins, ends


def is_estimated(contract: Contract, month: date) -> bool:
    """Whether the meter is not read at the end of *month*: one month in four, neither the first nor the last."""
    turn = month.year * 12 + month.month + int(contract.number)
    is_last = contract.until is not None and later(month, 1) >= contract.until
    return turn % _ESTIMATED_MONTHS == 0 and month > max(contract.since, METERS_READ) and not is_last


def _supposed(contract: Contract, month: date) -> int:
    """Return the kilowatt-hours that are supposed for a month: a mild one's."""
    return round(_usual(contract, month) * _MILD)


def _energy(contract: Contract, month: date, begins: int, ends: int) -> list[Line]:
    """Return the consumption lines: one tariff, or two with electric heating."""
    now, read = int(month >= NEW_PRICES), "estimé" if is_estimated(contract, month) else "relevé"
    if not contract.person.heats_by_electricity:
        return [_measured("Toutes heures", begins, ends, BASE[now], read)]
    cheap_begins, cheap_ends = round(begins * _OFF_PEAK_SHARE), round(ends * _OFF_PEAK_SHARE)
    return [
        _measured("Heures pleines", begins - cheap_begins, ends - cheap_ends, PEAK[now], read),
        _measured("Heures creuses", cheap_begins, cheap_ends, OFF_PEAK[now], read),
    ]


def _measured(name: str, begins: int, ends: int, price: Decimal, read: str) -> Line:
    index = Attribute(name="Index", value=f"{begins} à {ends} kWh, {read}")
    return line(name, ends - begins, "KWH", price, VAT, attributes=(index,))
