"""How much CO2 a letter and a message stand for: ranges with their sources, since studies differ fivefold."""

from decimal import Decimal
from typing import Final, Literal, NamedTuple

from words.catalogue import N_

CarbonCode = Literal["letter", "message"]


class CarbonRange(NamedTuple):
    """Grams of CO2 of one *unit*, from *low* to *high*; *name*, *unit* and *source* are sentences of the catalogue."""

    code: CarbonCode
    low: Decimal
    high: Decimal
    name: str
    unit: str
    source: str


CARBON_RANGES: Final[dict[CarbonCode, CarbonRange]] = {each.code: each for each in (
    CarbonRange(
        "letter", Decimal("7.6"), Decimal(36), N_("CO2 d’une lettre"), N_("par lettre"),
        N_("Pitney Bowes, « The Environmental Impact of Mail », 2008 : de 7,6 à 36 g selon quatorze études ; La Poste"
           " en dit 19,7 g d’une Lettre verte de Paris à Nantes (2014)"),
    ),
    CarbonRange(
        "message", Decimal("0.014"), Decimal(4), N_("CO2 d’un message"), N_("par message"),
        N_("d’après Mike Berners-Lee, cité par la BBC : de 0,014 g pour un SMS à 4 g pour un courriel ; une estimation"
           " grossière"),
    ),
)}  # fmt: skip
