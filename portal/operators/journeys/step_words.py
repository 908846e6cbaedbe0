"""The steps of the funnel, and the looks of cohorts, in words."""

from typing import Final, NamedTuple

from adoption.journeys.cohort import CohortLook
from words.catalogue import N_


class StepWords(NamedTuple):
    """A step: its name, what it means, and what is known of those who came no further."""

    name: str
    about: str
    stopped: str


STEP_WORDS: Final[dict[str, StepWords]] = {
    "invited": StepWords(
        N_("Invités"), N_("une lettre avec un code est partie, ou un message"),
        N_("n’ont rien ouvert, ni tapé de code"),
    ),
    "opened": StepWords(
        N_("Lien ouvert"), N_("le lien d’une lettre a été ouvert, ou son code tapé"),
        N_("ont regardé leur facture, sans rien commencer"),
    ),
    "started": StepWords(
        N_("Ajout commencé"), N_("quelqu’un s’est inscrit avec le code, ou l’a tapé"), N_("ont commencé, sans finir"),
    ),
    "claimed": StepWords(
        N_("Contrat ajouté"), N_("quelqu’un suit le contrat en ligne"),
        N_("attendent leur première facture en ligne"),
    ),
    "digital_bill": StepWords(
        N_("Première facture en ligne"), N_("une facture a été présentée dans l’espace"),
        N_("reçoivent encore du papier : c’est à eux de dire oui"),
    ),
    "paperless": StepWords(
        N_("Sans papier"), N_("le papier s’est arrêté"), N_("sont revenus au papier, ou n’y sont que depuis peu"),
    ),
    "stayed": StepWords(N_("Toujours sans papier"), N_("quatre-vingt-dix jours plus tard"), ""),
}  # fmt: skip

#: Why a claim that was begun is not finished.
SNAG_WORDS: Final = {
    "wrong_code": N_("code faux ou périmé"),
    "sign_up": N_("inscription inachevée"),
}

LOOK_WORDS: Final[dict[CohortLook, tuple[str, str]]] = {
    "enrolled": (N_("Toujours inscrits"), N_("quelqu’un suit encore le contrat")),
    "paperless": (N_("Sans papier"), N_("le dernier accord donné est de se passer de papier")),
    "reading": (
        N_("Lisent leurs factures"),
        N_("la dernière facture présentée a été lue en trente jours, parmi les contrats qui en ont eu une"),
    ),
}  # fmt: skip
