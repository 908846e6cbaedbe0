"""Measures of what people do: claims and consents, by the day on which they did it."""

from typing import Final

from adoption.account_day_changes import BACK_WITHIN, CLAIM_DAYS, CLAIM_FAILURES
from adoption.measures.measure import ENGINE, Measure, counted, family, quantile, share
from words.catalogue import N_

_BACK_NAMES: Final = {
    30: (N_("Revenus au papier en 30 jours"), N_("Part revenue au papier en 30 jours")),
    90: (N_("Revenus au papier en 90 jours"), N_("Part revenue au papier en 90 jours")),
    365: (N_("Revenus au papier en un an"), N_("Part revenue au papier en un an")),
}
_BACK: Final = N_("Contrats passés sans papier ce jour-là, et revenus au papier dans ce délai, par qui que ce soit.")
_BACK_RATE: Final = N_("Revenus au papier dans ce délai, sur les passages au sans papier de ces jours.")

OF_ACTS: Final[tuple[Measure, ...]] = (
    counted(
        "claims", N_("Contrats ajoutés"), N_("Contrats qu’une personne a ajoutés à son espace pour la première fois."),
        "acts", "act",
    ),
    quantile(
        "claim_days_p50", N_("Délai médian avant l’ajout"),
        N_("Jours de la première invitation à l’ajout du contrat : la moitié des contrats invités et ajoutés ont été"
           " ajoutés en autant de jours ou moins."),
        CLAIM_DAYS, 50, ENGINE,
    ),
    quantile(
        "claim_days_p90", N_("Délai avant l’ajout, pour neuf sur dix"),
        N_("Jours de la première invitation à l’ajout du contrat : neuf sur dix des contrats invités et ajoutés ont été"
           " ajoutés en autant de jours ou moins."),
        CLAIM_DAYS, 90, ENGINE,
    ),
    family(
        "claim_failures", N_("Ajouts manqués"),
        N_("Ajouts de contrat commencés et manqués, par raison, un par jour et par personne : un code faux, un code"
           " périmé, une inscription avec un code que personne n’a menée jusqu’au contrat, ce jour-là ou plus tard."),
        "acts", "act", CLAIM_FAILURES,
    ),
    counted(
        "invitations", N_("Invitations"),
        N_("Invitations que des campagnes ont envoyées, par quelque levier que ce soit."), "messages", "act",
    ),
    counted(
        "consents", N_("Passages au sans papier"),
        N_("Consentements à se passer de papier, de contrats qui étaient sur papier."), "acts", "act",
    ),
    *(counted(f"back{days}", _BACK_NAMES[days][0], _BACK, "acts", "act") for days in BACK_WITHIN),
    *(
        share(f"churn{days}", _BACK_NAMES[days][1], _BACK_RATE, "act", f"back{days}", "consents", ENGINE)
        for days in BACK_WITHIN
    ),
)  # fmt: skip
