"""What would stop the paper of each reason, and where that is done."""

from typing import Final, Literal, NamedTuple

from words.catalogue import N_

#: Where something can be done: invite people, decide whose an account is, look after addresses, set when letters leave.
Door = Literal["", "invite", "accounts", "policy", "quality", "bereavements"]


class PaperRemedy(NamedTuple):
    """The reason as the name of a group; what would stop its paper, in words, and the door to it. *is_right*: the paper
    is the customer's choice or right, and nobody tries to talk them out of it."""

    name: str
    words: str
    door: Door = ""
    is_right: bool = False


_ANOTHER_ADDRESS: Final = PaperRemedy(
    "",
    N_("Une adresse ou un téléphone qui marche : la personne le corrige dans son espace, ou l’émetteur l’envoie."),
    "quality",
)
_EARLIER: Final = PaperRemedy(
    "",
    N_("Des factures envoyées plus tôt, ou une échéance plus lointaine : il restait trop peu de jours pour attendre."),
    "policy",
)

#: By the code of the letter's reason (`words.reason_sentences`).
_REMEDIES: Final[dict[str, PaperRemedy]] = {
    "account_unclaimed": PaperRemedy(
        N_("Personne ne suit ce contrat en ligne"),
        N_("Inviter : la lettre porte déjà un code et un lien ; un mot sur l’enveloppe, un courriel ou un SMS s’y"
           " ajoutent."),
        "invite",
    ),
    "paper_kept": PaperRemedy(
        N_("Suivi en ligne, et sur papier"),
        N_("Proposer le sans papier à qui suit déjà son contrat en ligne, après une lecture ou un paiement."), "invite",
    ),
    "printed_if_unread": PaperRemedy(
        N_("Pas lue à temps"),
        N_("Un rappel par un autre canal avant la date limite : la facture était en ligne, personne ne l’a vue."),
        "policy",
    ),
    "too_late_to_wait": _EARLIER._replace(name=N_("Trop peu de jours pour attendre une lecture")),
    "too_late_for_risk": _EARLIER._replace(name=N_("Trop peu de jours, et peu de chances d’être lue")),
    "account_in_question": PaperRemedy(
        N_("Numéro de compte en question"), N_("Décider de qui est ce numéro de compte."), "accounts"),
    "no_holder_by_email": _ANOTHER_ADDRESS._replace(name=N_("Aucune adresse de courriel qui marche")),
    "no_channel_works": _ANOTHER_ADDRESS._replace(name=N_("Aucun moyen qui marche")),
    "email_bounced": _ANOTHER_ADDRESS._replace(name=N_("Courriel revenu")),
    "email_refused": _ANOTHER_ADDRESS._replace(name=N_("Courriel refusé")),
    "email_given_up": _ANOTHER_ADDRESS._replace(name=N_("Courriel resté sans réponse")),
    "address_suspended": _ANOTHER_ADDRESS._replace(name=N_("Adresse de courriel suspendue")),
    "address_unconfirmed": _ANOTHER_ADDRESS._replace(name=N_("Adresse de courriel non confirmée")),
    "sms_undelivered": _ANOTHER_ADDRESS._replace(name=N_("SMS non remis")),
    "phone_suspended": _ANOTHER_ADDRESS._replace(name=N_("Téléphone suspendu")),
    "phone_unconfirmed": _ANOTHER_ADDRESS._replace(name=N_("Téléphone non confirmé")),
    "no_device": _ANOTHER_ADDRESS._replace(name=N_("Plus d’appareil à prévenir")),
    "no_channel_chosen": PaperRemedy(
        N_("Ne veut pas être prévenu"),
        N_("Rien d’office : cette personne a choisi de n’être prévenue par aucun moyen."), is_right=True
    ),
    "email_unwanted": PaperRemedy(
        N_("Ne veut plus de nos courriels"),
        N_("Rien d’office : cette personne ne veut plus de nos courriels."), is_right=True
    ),
    "paper_after_withdrawal": PaperRemedy(
        N_("Papier redemandé"),
        N_("Rien : le papier a été demandé. Personne n’y invite pendant douze mois."), is_right=True
    ),
    "paper_by_right": PaperRemedy(
        N_("Droit au papier"),N_("Rien : ce client a droit au papier."), is_right=True),
    "suitability_unanswered": PaperRemedy(
        N_("Question annuelle sans réponse"),
        N_("Reposer la question annuelle au bon moment : elle est restée sans réponse."), "policy"
    ),
    "holder_died": PaperRemedy(
        N_("Client décédé"),N_("Une personne décide où vont ses factures."), "bereavements", is_right=True),
    "letter_to_estate": PaperRemedy(
        N_("Succession"),
        N_("Rien : une succession se règle sur papier, jusqu’à ce que le contrat change de nom."), is_right=True
    ),
}  # fmt: skip
_UNKNOWN: Final = PaperRemedy(N_("Autre motif"), N_("Voyez les factures : chacune dit son histoire."))


def remedy_of(code: str) -> PaperRemedy:
    """What would stop the paper of letters with this reason."""
    return _REMEDIES.get(code, _UNKNOWN)
