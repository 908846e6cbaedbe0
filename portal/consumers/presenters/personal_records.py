"""A person's own data as their page shows it: each value with its name in words; days as days, yes and no as words.

Fields without a name here (what is the same for everybody, or says nothing without the others) are in the file alone.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from consumers.personal_data.collect_personal_data import CollectedCategory
from consumers.personal_data.personal_category import PersonalCategory
from consumers.personal_data.personal_rows import is_actor
from portal.presenters.amounts_and_dates import exact_day, moment
from portal.translation import say
from words.catalogue import N_

#: So many records of a category are shown, the newest; the file has all.
MOST_SHOWN: Final = 20

_NAMES: Final = {
    "email": N_("Adresse de courriel"),
    "name": N_("Nom"),
    "language": N_("Langue"),
    "signed_up_at": N_("Inscription"),
    "confirmed_at": N_("Confirmé"),
    "large_print": N_("Gros caractères"),
    "mail_failed_at": N_("Courriels revenus"),
    "old_email": N_("Ancienne adresse"),
    "new_email": N_("Nouvelle adresse"),
    "number": N_("Numéro"),
    "address": N_("Adresse"),
    "from_day": N_("À partir du"),
    "issuer": N_("Émetteur"),
    "contract": N_("Contrat"),
    "bill": N_("Facture"),
    "bill_issued": N_("Facture du"),
    "enrolled_at": N_("Ajouté"),
    "ended_at": N_("Fini"),
    "suspended_at": N_("Suspendu"),
    "last_seen_on": N_("Vu la dernière fois"),
    "opened_at": N_("Ouvert"),
    "asked_at": N_("Demandé"),
    "settled_at": N_("Réglé"),
    "at": N_("Quand"),
    "by": N_("Par"),
    "decided_by": N_("Décidé par"),
    "act": N_("Acte"),
    "kind": N_("Genre"),
    "what": N_("Quoi"),
    "state": N_("État"),
    "wording": N_("Texte lu"),
    "text": N_("Texte"),
    "words": N_("Vos mots"),
    "channel": N_("Voie"),
    "purpose": N_("But"),
    "due_at": N_("Prévu"),
    "sent_at": N_("Envoyé"),
    "delivered_at": N_("Arrivé"),
    "chosen_at": N_("Choisi"),
    "device": N_("Appareil"),
    "subscribed_at": N_("Inscrit"),
    "began_at": N_("Commencé"),
    "added_at": N_("Ajouté"),
    "made_at": N_("Créé"),
    "used_at": N_("Utilisé"),
    "last_used_at": N_("Utilisé la dernière fois"),
    "amount": N_("Montant"),
    "currency": N_("Devise"),
    "parts": N_("Parts"),
    "first_on": N_("Première échéance"),
    "umr": N_("Référence du mandat"),
    "creditor": N_("Créancier"),
    "signed_name": N_("Signé"),
    "signed_at": N_("Signé"),
    "revoked_at": N_("Révoqué"),
    "subject": N_("Sujet"),
    "answered_at": N_("Répondu"),
    "tagged_at": N_("Étiqueté"),
    "written_at": N_("Écrit"),
    "relation": N_("Lien"),
    "until_on": N_("Jusqu’au"),
    "invited_at": N_("Invité"),
    "accepted_at": N_("Accepté"),
    "received_at": N_("Reçu"),
    "size": N_("Octets"),
    "sender": N_("Expéditeur"),
    "expires_at": N_("Effacé"),
    "ready_at": N_("Prêt"),
}
_ACTORS: Final = {
    "you": N_("vous"), "us": N_("Facteur ou l’émetteur"), "another person": N_("une autre personne"),
}  # fmt: skip


class ShownCategory(NamedTuple):
    """A category on the page: how many records it has, and the newest, each as names and values."""

    category: PersonalCategory
    number: int
    records: Sequence[Sequence[tuple[str, Any]]]


def shown_category(found: CollectedCategory) -> ShownCategory:
    """Returns a category for the page."""
    newest = found.records[-1 : -MOST_SHOWN - 1 : -1]
    return ShownCategory(found.category, len(found.records), [_shown(each) for each in newest])


def _shown(record: dict[str, Any]) -> list[tuple[str, Any]]:
    told = {name: value for name, value in record.items() if name in _NAMES and value is not None and value != ""}
    return [(say(_NAMES[name]), _value(name, value)) for name, value in told.items()]


def _value(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return say("oui") if value else say("non")
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values() if each)
    if is_actor(name):
        return say(_ACTORS[value])
    if (isinstance(value, str) and name.endswith(("_at", "_on", "_day", "issued"))) or name == "at":
        return moment(datetime.fromisoformat(value)) if "T" in value else exact_day(date.fromisoformat(value))
    return value
