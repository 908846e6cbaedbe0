"""What questions about bills, and their states, are called on pages, for who asks and for who answers."""

from typing import Final

from portal.translation import say
from store.bills.bill_enquiry import Enquiry
from words.catalogue import N_

#: What a question is about.
SUBJECTS: Final = {
    "amount": N_("Le montant"),
    "address": N_("Le nom ou l’adresse"),
    "meter": N_("Le compteur ou le relevé"),
    "other": N_("Autre chose"),
}
DISPUTED: Final = N_("Le montant, contesté")

_FOR_ASKER: Final = {
    "open": (N_("attend la réponse"), "plain"),
    "answered": (N_("répondue"), "good"),
    "closed": (N_("réglée"), "plain"),
}
_NEWS: Final = (N_("nouvelle réponse"), "ask")
_FOR_STAFF: Final = {
    "open": (N_("à répondre"), "ask"),
    "answered": (N_("répondue"), "good"),
    "closed": (N_("fermée"), "plain"),
}

#: What is wrong with a question, a further word or an answer; `again` is no fault.
FAULTS: Final = {
    "empty": N_("Écrivez votre question."),
    "long": N_("C’est trop long : 4 000 caractères au plus."),
    "many": N_("Cette facture a déjà plusieurs questions en cours : écrivez dans l’une d’elles."),
    "full": N_("Cette question est très longue : posez-en une nouvelle."),
    "subject": N_("Choisissez de quoi il s’agit."),
}


def subject_text(enquiry: Enquiry) -> str:
    """Returns what a question is about, and whether the amount is disputed."""
    return say(DISPUTED if enquiry.disputed_at is not None else SUBJECTS[enquiry.subject])


def state_for_asker(enquiry: Enquiry) -> tuple[str, str]:
    """Returns the state as who asks reads it, and its tone."""
    words, tone = _NEWS if enquiry.is_news else _FOR_ASKER[enquiry.state]
    return say(words), tone


def state_for_staff(enquiry: Enquiry) -> tuple[str, str]:
    """Returns the state as the issuer's members read it, and its tone."""
    words, tone = _FOR_STAFF[enquiry.state]
    return say(words), tone
