"""The levers by which people are invited: what each is called, what one invitation costs, and whose word it needs."""

from decimal import Decimal
from typing import Final

from msgspec import Struct

from adoption.costs.cost_parameters import COST_PARAMETERS, CostParameter
from store.campaigns.campaign import Lever, Occasion
from words.catalogue import N_


class LeverTerms(Struct, frozen=True, kw_only=True):
    """*name* in French; *price* of one invitation, None where it costs nothing of its own; *is_by_issuers_word*: it
    goes to an address or a phone that an issuer knows, and only with its word that it may."""

    name: str
    price: CostParameter | None = None
    is_by_issuers_word: bool = False

    @property
    def unit_cost(self) -> Decimal:
        """What one invitation costs in EUR, to begin with."""
        return self.price.amount if self.price is not None else Decimal(0)

    @property
    def source(self) -> str:
        """Where that is from (French)."""
        return self.price.source if self.price is not None else _WITH_A_BILL


_WITH_A_BILL: Final = N_("elle part avec une facture")

LEVER_TERMS: Final[dict[Lever, LeverTerms]] = {
    "email": LeverTerms(name=N_("courriel"), price=COST_PARAMETERS["email"], is_by_issuers_word=True),
    "sms": LeverTerms(name=N_("SMS"), price=COST_PARAMETERS["sms"], is_by_issuers_word=True),
    "letter": LeverTerms(name=N_("ligne à côté du code, sur la prochaine lettre")),
    "envelope": LeverTerms(name=N_("message sur l’enveloppe"), price=COST_PARAMETERS["envelope_message"]),
    "insert": LeverTerms(name=N_("encart dans l’enveloppe"), price=COST_PARAMETERS["insert"]),
    "default_on": LeverTerms(name=N_("sans papier d’office, après préavis"), price=COST_PARAMETERS["email"]),
}

OCCASION_NAMES: Final[dict[Occasion, str]] = {
    "any_day": N_("dès le premier jour"),
    "contract": N_("à l’ouverture du contrat"),
    "first_paper": N_("après la première facture sur papier"),
    "payment": N_("après un paiement"),
    "yearly": N_("chaque année, autour de l’anniversaire du contrat"),
}
