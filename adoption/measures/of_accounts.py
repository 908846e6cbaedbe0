"""Measures of accounts, as they stand at the end of a day."""

from typing import Final

from adoption.measures.measure import ENGINE, Measure, counted, share
from words.catalogue import N_

OF_ACCOUNTS: Final[tuple[Measure, ...]] = (
    counted(
        "accounts", N_("Contrats actifs"),
        N_("Contrats dont une facture est datée d’un des treize mois qui finissent avec celui du jour. Une facture"
           " annuelle qui vient quelques semaines plus tard ne ferme pas un contrat."),
        "contracts", "level",
    ),
    counted(
        "eligible", N_("Contrats éligibles"),
        N_("Contrats actifs à qui l’on peut proposer de se passer de papier : sans droit au papier, sans décès, et que"
           " l’émetteur ne dit pas fermés."),
        "contracts", "level",
    ),
    counted(
        "invited", N_("Contrats invités"),
        N_("Contrats actifs dont le client a été invité au moins une fois : une lettre avec un code lui est partie, ou"
           " une campagne l’a invité."),
        "contracts", "level",
    ),
    counted(
        "enrolled", N_("Contrats inscrits"),
        N_("Contrats actifs qu’au moins une personne suit ici à minuit. Inscrit n’est pas sans papier."),
        "contracts", "level",
    ),
    counted(
        "both", N_("Contrats suivis ici et sur papier"),
        N_("Contrats inscrits dont le dernier consentement n’est pas de se passer de papier."), "contracts", "level",
    ),
    counted(
        "paperless", N_("Contrats sans papier"),
        N_("Contrats actifs dont le dernier consentement, à minuit, est de se passer de papier."), "contracts", "level",
    ),
    counted(
        "wide", N_("Contrats de personnes à quatre émetteurs ou plus"),
        N_("Contrats inscrits dont une personne suit ici les factures d’au moins quatre émetteurs."),
        "contracts", "level", "Cubby 2023",
    ),
    share(
        "enrolment", N_("Taux d’inscription"), N_("Contrats éligibles inscrits, sur les contrats éligibles."), "level",
        "eligible_enrolled", "eligible", ENGINE,
    ),
    share(
        "adoption", N_("Adoption"), N_("Contrats éligibles sans papier, sur les contrats éligibles."), "level",
        "eligible_paperless", "eligible", ENGINE,
    ),
    share(
        "critical_mass", N_("Masse critique"),
        N_("Contrats de personnes à quatre émetteurs ou plus, sur les contrats inscrits."), "level", "wide", "enrolled",
        ENGINE,
    ),
)  # fmt: skip
