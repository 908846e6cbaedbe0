"""Prices by which adoption is reckoned in euros: each with its unit and its source, shown beside every sum.

An issuer that names its own price of a letter (`[quality] letter_price` of its profile) is reckoned by that.
"""

from decimal import Decimal
from typing import Final, Literal, NamedTuple

from issuers.data_quality_costs import LETTER
from issuers.profile import Profile
from words.catalogue import N_

CostCode = Literal["postage", "envelope", "sheet", "email", "sms", "envelope_message", "insert"]


class CostParameter(NamedTuple):
    """A price: EUR for one *unit*; *name* and *source* are sentences of the catalogue."""

    code: CostCode
    amount: Decimal
    name: str
    unit: str
    source: str


#: Public prices and estimates of ours. Each estimate says that it is one.
COST_PARAMETERS: Final[dict[CostCode, CostParameter]] = {each.code: each for each in (
    CostParameter(
        "postage", LETTER, N_("Affranchissement"), N_("par lettre"),
        N_("La Poste, Lettre verte jusqu’à 20 g, tarif public au 1er janvier 2026"),
    ),
    CostParameter(
        "envelope", Decimal("0.06"), N_("Enveloppe et mise sous pli"), N_("par lettre"),
        N_("estimation de Facteur pour un volume industriel, à remplacer par votre contrat"),
    ),
    CostParameter(
        "sheet", Decimal("0.04"), N_("Papier et impression"), N_("par feuille recto verso"),
        N_("estimation de Facteur pour un volume industriel, à remplacer par votre contrat"),
    ),
    CostParameter(
        "email", Decimal("0.002"), N_("Courriel"), N_("par message"),
        N_("estimation de Facteur, d’après les tarifs publics des relais d’envoi"),
    ),
    CostParameter(
        "sms", Decimal("0.06"), N_("SMS"), N_("par segment, où l’opérateur ne dit pas son prix"),
        N_("estimation de Facteur, d’après les tarifs publics des opérateurs français"),
    ),
    CostParameter(
        "envelope_message", Decimal("0.01"), N_("Message sur l’enveloppe"), N_("par lettre"),
        N_(
            "estimation de Facteur pour une couleur de plus en grande série, faute de tarif public, à remplacer par "
            "votre contrat"
        ),
    ),
    CostParameter(
        "insert", Decimal("0.035"), N_("Encart dans l’enveloppe"), N_("par lettre"),
        N_(
            "un tiers de feuille imprimé, estimation de Facteur, et la pose à la machine, 0,02 $ au tarif public d’un "
            "routeur américain (prayerletters.us, lu en 2026), à remplacer par votre contrat"
        ),
    ),
)}  # fmt: skip


def letter_cost(profile: Profile, sheets: int = 1) -> Decimal:
    """EUR that a letter of *sheets* sheets costs this issuer: its own price, which has postage and printing in it, else
    the public postage, an envelope and the sheets."""
    own = profile.quality.letter_price
    if own != LETTER:
        return own
    price = COST_PARAMETERS
    return price["postage"].amount + price["envelope"].amount + sheets * price["sheet"].amount
