"""The levers by which people are invited: what each is called, what one invitation costs, and whose word it needs."""

from decimal import Decimal
from typing import Final

from msgspec import Struct

from adoption.costs.cost_parameters import COST_PARAMETERS
from store.campaigns.campaign import Lever, Occasion
from words.catalogue import N_


class LeverTerms(Struct, frozen=True, kw_only=True):
    """*name* in French; *unit_cost* of one invitation in EUR, to begin with, and *source*, where that is from (French);
    *is_by_issuers_word*: it goes to an address or a phone that an issuer knows, and only with its word that it may."""

    name: str
    unit_cost: Decimal
    source: str
    is_by_issuers_word: bool = False


LEVER_TERMS: Final[dict[Lever, LeverTerms]] = {
    "email": LeverTerms(
        name=N_("courriel"),
        unit_cost=COST_PARAMETERS["email"].amount,
        source=COST_PARAMETERS["email"].source,
        is_by_issuers_word=True,
    ),
    "sms": LeverTerms(
        name=N_("SMS"),
        unit_cost=COST_PARAMETERS["sms"].amount,
        source=COST_PARAMETERS["sms"].source,
        is_by_issuers_word=True,
    ),
    "letter": LeverTerms(
        name=N_("ligne à côté du code, sur la prochaine lettre"),
        unit_cost=Decimal(0),
        source=N_("elle part avec une facture"),
    ),
    "envelope": LeverTerms(
        name=N_("message sur l’enveloppe"),
        unit_cost=Decimal("0.01"),
        source=N_("ordre de grandeur, à remplacer par le prix de votre imprimeur"),
    ),
    "insert": LeverTerms(
        name=N_("encart dans l’enveloppe"),
        unit_cost=Decimal("0.03"),
        source=N_("ordre de grandeur, à remplacer par le prix de votre imprimeur"),
    ),
    "default_on": LeverTerms(
        name=N_("sans papier d’office, après préavis"),
        unit_cost=Decimal("0.002"),
        source=N_("le préavis part par courriel"),
    ),
}

OCCASION_NAMES: Final[dict[Occasion, str]] = {
    "any_day": N_("dès le premier jour"),
    "contract": N_("à l’ouverture du contrat"),
    "first_paper": N_("après la première facture sur papier"),
    "payment": N_("après un paiement"),
    "yearly": N_("chaque année, autour de l’anniversaire du contrat"),
}
